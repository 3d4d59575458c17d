import "../../../original/register.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { openDataset } from "../../../lib/datasets/open_dataset.ts";
import { CLASS_NAMES, DATASET_CLASSES, DEFAULT_DATASETS } from "../../../original/datasets/catalog.ts";
import {
  type Detection,
  readDetections,
  writeDetections,
} from "../../../original/datasets/detections_file.ts";
import { assertFacts, assertRejectsWith, type Fact } from "../../helpers/assert_facts.ts";
import { inProject } from "../../helpers/temporary_folder.ts";
import { detection, part, writeAnnotations, writeImage } from "./project.ts";

const IMAGES = "datasets/cub/CUB_200_2011/images/001.Crow";

async function writeCub(): Promise<void> {
  for (const name of ["a", "b", "c"]) await writeImage(`${IMAGES}/${name}.png`);
  await writeDetections("cache/cub/detections.npy", [
    detection({
      imagePath: `${IMAGES}/b.png`,
      parts: [
        part("wing", 33, [10, 20, 45, 70], 0.8),
        part("head", 14, [40, 20, 80, 70], 0.4),
        part("eye", 6, [60, 40, 70, 50], 0.9, 0.2), // too rare
      ],
    }),
    detection({ id: 1, imagePath: `${IMAGES}/a.png`, parts: [part("head", 14, [10, 20, 80, 45], 0.5)] }),
    detection({ id: 2, imagePath: `${IMAGES}/c.png` }),
  ]);
}

Deno.test("cub: order of the file, parts by frequency and id, one class, boxes of the detector, true rotations", () =>
  inProject(async () => {
    await writeCub();
    assertEquals((await openDataset("cub")).records.map(({ truePose }) => truePose), [null, null, null]);
    await writeAnnotations("datasets/cub/data/train_cub_cleaned.mat", "datasets/cub/sfm/anno_train.mat", [
      "001.Crow\\b.png",
      "002.Jay/x.png",
      "001.Crow/c.png",
    ]);
    const dataset = await openDataset("cub");
    assertEquals([dataset.name, dataset.category, dataset.classNames], ["cub", "bird", ["bird"]]);
    assertEquals(dataset.partNames, ["head", "wing"]);
    assertEquals(dataset.records.map(({ id, classIndex }) => [id, classIndex]), [["b", 0], ["a", 0], [
      "c",
      0,
    ]]);
    assertEquals(dataset.records[0].box, [10.5, 20, 80, 70]);
    const [first, second, third] = dataset.records.map(({ truePose }) => truePose?.rotation);
    assertEquals([first, second], [[1, 0, 0, 0], undefined]);
    Array.from(third!).forEach((value, i) =>
      assertAlmostEquals(value, i % 3 === 0 ? Math.SQRT1_2 : 0, 1e-12)
    );
  }));

Deno.test("parts: by rank one label each, by score shared where they overlap", () =>
  inProject(async () => {
    await writeCub();
    const dataset = await openDataset("cub");
    const at = async (kind: "labels" | "probabilities", i: number, column: number, row = 16) => {
      const { parts } = await dataset.sample(i, 32, kind);
      return [...parts!.data.subarray((row * 32 + column) * 4, (row * 32 + column) * 4 + 4)];
    };
    assertEquals(await at("labels", 0, 14), [0, 0, 1, 0]); // wing and head: the head
    assertEquals(await at("labels", 0, 8), [0, 0, 0, 1]);
    const shared = await at("probabilities", 0, 14);
    assertAlmostEquals(shared[2], 1 / 3, 1e-6);
    assertAlmostEquals(shared[3], 2 / 3, 1e-6);
    assertEquals(await at("labels", 2, 16), [0, 1, 0, 0]); // no part there
    assertEquals(await at("labels", 2, 16, 0), [1, 0, 0, 0]); // beside the image
    assertEquals(await at("probabilities", 2, 16, 0), [1, 0, 0, 0]);
    for (const kind of ["labels", "probabilities"] as const) {
      const { data } = (await dataset.sample(1, 32, kind)).parts!;
      for (let p = 0; p < data.length; p += 4) {
        assertAlmostEquals(data[p] + data[p + 1] + data[p + 2] + data[p + 3], 1, 1e-6);
      }
    }
  }));

Deno.test("every data set of the original opens under its name, and photographs of one's own with detections", () =>
  inProject(async () => {
    for (const [name, className] of [...Object.entries(DATASET_CLASSES), ["my_birds", "bird"]]) {
      const classId = (CLASS_NAMES as readonly string[]).indexOf(className);
      await writeImage(`datasets/${name}/x.png`);
      await writeDetections(`cache/${name}/detections.npy`, [
        detection({
          className,
          classId,
          imagePath: `datasets/${name}/x.png`,
          parts: [part("wheel", 30, [20, 30, 40, 60])],
        }),
      ]);
      const dataset = await openDataset(name);
      assertEquals([dataset.category, dataset.length], [className, 1]);
      assertEquals((await dataset.sample(0, 8)).parts?.channels, 3);
    }
    const car = detection({ className: "car", classId: 3, imagePath: "datasets/imagenet_car/x.png" });
    await writeDetections("cache/imagenet_car/detections.npy", [
      { ...car, parts: [part("window", 31, [20, 30, 40, 60]), part("wheel", 30, [20, 30, 40, 60])] },
    ]);
    const all = await openDataset("all");
    assertEquals([all.length, all.classNames], [13, [...CLASS_NAMES]]);
    assertEquals(all.records.map(({ classIndex }) => classIndex), [...CLASS_NAMES.keys()]);
    assertEquals(all.partNames, ["wheel", "window"]);
    assertEquals(all.classParts, [...CLASS_NAMES.keys()].map((i) => i === 3 ? [0, 1] : [0]));
    assertEquals(all.records[3].partRuns?.map(({ part }) => part), [1, 0]);
    assertEquals(new Set(all.records.map(({ id }) => id)).size, 13);
  }));

Deno.test("p3d_airplane: rotations come from the aeroplane's annotations", () =>
  inProject(async () => {
    const plane = detection({ className: "airplane", classId: 4, imagePath: "datasets/p3d/x/n1.JPEG" });
    await writeDetections("cache/p3d_airplane/detections.npy", [plane]);
    await writeAnnotations("datasets/p3d/data/aeroplane_train.mat", "datasets/p3d/sfm/aeroplane_train.mat", [
      "aeroplane_imagenet\\n1.JPEG",
    ]);
    const { records } = await openDataset("p3d_airplane");
    assertAlmostEquals(records[0].truePose!.rotation[3], Math.SQRT1_2, 1e-12);
  }));

Deno.test("missing files are told with place and origin", () =>
  inProject(async () => {
    const message = async (name: string) => (await assertRejects(() => openDataset(name), UserError)).message;
    const cub = await message("cub"), lines = cub.split("\n");
    for (
      const facts of [
        ["cache/cub/detections.npy", "deno task detect --dataset cub"],
        ["datasets/cub/CUB_200_2011/images", "Caltech-UCSD Birds 200-2011"],
        ["datasets/cub/data/train_cub_cleaned.mat", "CMR"],
        ["datasets/cub/sfm/anno_train.mat"],
        ["datasets/cub/vg3k_detections"],
      ]
    ) assertFacts(lines.find((line) => line.includes(facts[0])) ?? cub, ...facts);
    assertFacts(await message("p3d_car"), "Images/car_imagenet");
    assertFacts(await message("imagenet_zebra"), "n02391049, n02391234");
    const all = await message("all");
    assert(DEFAULT_DATASETS.every((name) => all.includes(`cache/${name}/detections.npy`)));
    assertFacts(await message("unheard_of"), "unheard_of", "deno task pipeline");
  }));

Deno.test("detections: what we write is read, and each wrong field is named", () =>
  inProject(async () => {
    const path = "cache/x/detections.npy";
    const whole = detection({ parts: [part("head", 14, [10, 20, 80, 45])] });
    await writeDetections(path, [whole]);
    assertEquals(await readDetections(path), [whole]);
    const wrong: [Partial<Detection>, ...Fact[]][] = [
      [{ id: -1 }, '"id"', -1],
      [{ className: "" }, '"class"', '""'],
      [{ height: 0 }, '"image_height"', 0],
      [{ width: 2.5 }, '"image_width"', 2.5],
      [{ imagePath: "" }, '"image_path"', '""'],
      [{ score: NaN }, '"score"', "NaN"],
      [{ box: [80, 20, 10, 70] }, '"bbox"', "[80,20,10,70]"],
      [{ box: [NaN, 20, 10, 70] }, '"bbox"', "4 numbers"],
      [{ parts: [{ ...whole.parts[0], name: "" }] }, "part 0", '"class"', '""'],
      [{ parts: [{ ...whole.parts[0], classId: 1.5 }] }, "part 0", '"class_id"', 1.5],
      [{ parts: [{ ...whole.parts[0], frequency: Infinity }] }, "part 0", '"frequency"', "Infinity"],
    ];
    for (const [changes, ...facts] of wrong) {
      await writeDetections(path, [whole, { ...whole, ...changes }]);
      await assertRejectsWith(() => readDetections(path), UserError, path, "detection 1", ...facts);
    }
    await writeDetections("cache/cub/detections.npy", [whole, detection({ id: 1, className: "car" })]);
    await assertRejectsWith(() => openDataset("cub"), UserError, "cub", "bird", "object 1", "car");
    await writeDetections("cache/cub/detections.npy", []);
    await assertRejectsWith(() => openDataset("cub"), UserError, "cache/cub/detections.npy");
    await writeImage(`${IMAGES}/a.png`);
    await writeDetections("cache/cub/detections.npy", [detection({ runs: "0000" })]);
    const cub = await openDataset("cub");
    await assertRejectsWith(() => cub.sample(0, 8), UserError, "mask of a", "80 x 100", 8000, 0);
  }));

Deno.test("detections of the original's own files", async () => {
  const folder = new URL("../../fixtures/parity/checkpoints/", import.meta.url).pathname;
  const lists = await Promise.all(
    ["np1_p2", "np1_p3", "np2"].map((kind) => readDetections(`${folder}detections_${kind}.npy`)),
  );
  assertEquals(lists[0], lists[1]);
  assertEquals(lists[0], lists[2]);
  assertEquals(lists[0][0].box, [2.5, 3.5, 52, 35]);
  assertEquals(lists[0][0].parts.map(({ name, frequency }) => [name, frequency]), [["wing", 0.25]]);
});
