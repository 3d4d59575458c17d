import { assertEquals } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { annotationFiles, readTrueRotations } from "../../../original/datasets/ground_truth.ts";
import { listImages } from "../../../original/datasets/image_lists.ts";
import { partsOfObject, readFoundParts } from "../../../original/datasets/part_detections.ts";
import { encodeNpz, packNpz } from "../../../lib/io/npz.ts";
import { writeNpy } from "../../../lib/io/npy.ts";
import { writeNpyValues } from "../../../original/files/torch_writer.ts";
import { assertMissing, assertRejectsWith, type Fact } from "../../helpers/assert_facts.ts";
import { encodeMat, matNumbers, matStructs, matText } from "../../helpers/mat_writer.ts";
import { boxMask } from "../../datasets/photo_fixtures.ts";
import { inProject } from "../../helpers/temporary_folder.ts";
import { boxRuns, HEIGHT, QUARTER, WIDTH, writeAnnotations, writeFile, writeImage } from "./project.ts";

Deno.test("annotations: which data sets have them", () => {
  assertEquals(annotationFiles("imagenet_airplane")?.images, "datasets/p3d/data/aeroplane_train.mat");
  assertEquals(annotationFiles("p3d_car")?.cameras, "datasets/p3d/sfm/car_train.mat");
  assertEquals(annotationFiles("imagenet_zebra"), null);
  assertEquals(annotationFiles("my_imagenet_car"), null);
});

Deno.test("annotations: missing and wrong fields are named", () =>
  inProject(async () => {
    const files = { images: "i.mat", cameras: "c.mat" };
    const good = { rel_path: matText("a.jpg") };
    const rot = { rot: matNumbers(QUARTER, [3, 3]) };
    const wrong: [Parameters<typeof encodeMat>[0], Parameters<typeof encodeMat>[0], ...Fact[]][] = [
      [{ x: matNumbers([1]) }, {}, "i.mat", '"images"', "missing"],
      [{ images: matNumbers([1]) }, {}, "i.mat", '"images"', "numbers"],
      [{ images: matStructs([{ path: matText("a") }]) }, {}, '"rel_path"', "images(1)", "missing"],
      [
        { images: matStructs([{ rel_path: matNumbers([1]) }]) },
        {},
        '"rel_path"',
        "images(1)",
        "numbers [1,1]",
      ],
      [{ images: matStructs([good]) }, { sfm_anno: matStructs([rot, rot]) }, "c.mat", "i.mat", 1, 2],
      [
        { images: matStructs([good]) },
        { sfm_anno: matStructs([{ r: matNumbers([1]) }]) },
        '"rot"',
        "sfm_anno(1)",
        "missing",
      ],
      [
        { images: matStructs([good]) },
        { sfm_anno: matStructs([{ rot: matNumbers([1, 2]) }]) },
        '"rot"',
        "sfm_anno(1)",
        "numbers [1,2]",
      ],
      [
        { images: matStructs([good]) },
        { sfm_anno: matStructs([{ rot: matNumbers(Array(9).fill(NaN)) }]) },
        '"rot"',
        "sfm_anno(1)",
        "numbers [1,9]",
      ],
    ];
    for (const [images, cameras, ...facts] of wrong) {
      await writeFile("i.mat", encodeMat(images));
      await writeFile("c.mat", encodeMat(cameras));
      await assertRejectsWith(() => readTrueRotations(files), UserError, ...facts);
    }
    await Deno.remove("c.mat");
    await assertMissing(() => readTrueRotations(files), "c.mat");
  }));

Deno.test("lists of images: annotations, synsets, folders of one's own", () =>
  inProject(async () => {
    await writeAnnotations("datasets/cub/data/train_cub_cleaned.mat", "s.mat", [
      "2/b.jpg",
      "1\\a.jpg",
      "2/b.jpg",
    ]);
    assertEquals(
      await listImages("cub"),
      ["1/a.jpg", "2/b.jpg"].map((path) => ({
        imagePath: `datasets/cub/CUB_200_2011/images/${path}`,
        partsPath: `datasets/cub/vg3k_detections/${path}.npz`,
      })),
    );
    await writeAnnotations("datasets/p3d/data/car_train.mat", "s.mat", [
      "car_imagenet/n1.JPEG",
      "car_pascal/2.jpg",
    ]);
    assertEquals((await listImages("p3d_car")).map(({ imagePath }) => imagePath), [
      "datasets/p3d/PASCAL3D+_release1.1/Images/car_imagenet/n1.JPEG",
    ]);
    await assertRejectsWith(
      () => listImages("p3d_airplane"),
      UserError,
      "datasets/p3d/data/aeroplane_train.mat",
    );
    for (const path of ["n02504458/a.png", "n02504458/b.c.png", "n02504013/z.png"]) {
      await writeImage(`datasets/imagenet/images/${path}`);
    }
    await writeFile("datasets/imagenet/vg3k_detections/n02504458/a.png.npz", Uint8Array.of(1));
    assertEquals(
      await listImages("imagenet_elephant"),
      [
        ["n02504013/z.png", "n02504013/z.npz"],
        ["n02504458/a.png", "n02504458/a.png.npz"],
        ["n02504458/b.c.png", "n02504458/b.c.npz"],
      ].map(([image, parts]) => ({
        imagePath: `datasets/imagenet/images/${image}`,
        partsPath: `datasets/imagenet/vg3k_detections/${parts}`,
      })),
    );
    await assertRejectsWith(
      () => listImages("imagenet_zebra"),
      UserError,
      "imagenet_zebra",
      "n02391049",
      "deno task setup_imagenet",
    );
    await writeImage("datasets/mine/images/deep/q.png");
    await writeImage("datasets/mine/images/p.png");
    assertEquals((await listImages("mine")).map(({ imagePath }) => imagePath), [
      "datasets/mine/images/deep/q.png",
      "datasets/mine/images/p.png",
    ]);
  }));

/** The part detector's file of an image; segments as NumPy's bytes or as Python objects. */
function partFile(
  classes: number[],
  scores: number[],
  boxes: number[][],
  changes: Record<string, Uint8Array> = {},
) {
  const rows = boxes.flatMap((box, i) => [...box, scores[i]]);
  return packNpz({
    boxes: writeNpy({ data: Float32Array.from(rows), shape: [boxes.length, 5] }),
    classes: writeNpy({ data: Uint16Array.from(classes), shape: [classes.length] }),
    segments: writeNpyValues(boxes.map((box) => new TextEncoder().encode(boxRuns(box))), [boxes.length]),
    resolution: writeNpy({ data: BigInt64Array.of(BigInt(HEIGHT), BigInt(WIDTH)), shape: [2] }),
    ...changes,
  });
}

Deno.test("parts of an image: known names, scores from 0.2 on, half or more on the object", () =>
  inProject(async () => {
    const box = [10, 20, 30, 40];
    await writeFile(
      "p.npz",
      partFile([282, 1587, 16, 5, 282, 2958], [0.2, 0.9, 0.9, 0.9, 0.19, 0.9], [
        box,
        [20, 20, 40, 40],
        box,
        box,
        box,
        [25, 20, 45, 40],
      ]),
    );
    const found = await readFoundParts("p.npz", HEIGHT, WIDTH);
    assertEquals(found.map(({ name, classId, detectorClass }) => [name, classId, detectorClass]), [
      ["beak", 0, 282],
      ["light", 21, 1587],
      ["wing", 33, 2958],
    ]);
    const object = boxMask(HEIGHT, WIDTH, [0, 0, 30, 80]);
    assertEquals(partsOfObject(found, object, "bird").map(({ name }) => name), ["beak", "light"]);
    assertEquals(partsOfObject(found, object, "beak").map(({ name }) => name), ["light"]);
  }));

Deno.test("parts of an image: wrong files are told", () =>
  inProject(async () => {
    const box = [10, 20, 30, 40];
    const number = (values: number[]) =>
      writeNpy({ data: Float32Array.from(values), shape: [values.length] });
    const wrong: [Uint8Array, ...Fact[]][] = [
      [partFile([282], [0.5], [box], { resolution: number([9, 9]) }), "9 x 9", "100 x 80"],
      [partFile([282, 283], [0.5], [box]), "boxes, segments and classes", "1, 1 and 2"],
      [partFile([282], [0.5], [box], { segments: number([]) }), "boxes, segments and classes", "1, 0 and 1"],
      [partFile([282], [0.5], [box], { segments: number([1]) }), '"segments"'],
      [partFile([282], [0.5], [box], { boxes: number([1, 2, 3, 4, NaN]) }), '"boxes"'],
      [encodeNpz({}), '"boxes"', "missing"],
    ];
    for (const [bytes, ...facts] of wrong) {
      await writeFile("p.npz", bytes);
      await assertRejectsWith(() => readFoundParts("p.npz", HEIGHT, WIDTH), UserError, "p.npz", ...facts);
    }
  }));
