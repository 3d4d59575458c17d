import "../../../original/register.ts";
import { assertEquals } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { openDataset } from "../../../lib/datasets/open_dataset.ts";
import { readDetections } from "../../../original/datasets/detections_file.ts";
import { encodeRle, runsToText } from "../../../lib/io/rle.ts";
import { datasetsOf, type DetectRequest, runDetection } from "../../../original/detect/run_detection.ts";
import { readNumbering, resultsSource } from "../../../original/detect/detect_source.ts";
import { boxMask } from "../../datasets/photo_fixtures.ts";
import { assertFacts, assertRejectsWith, type Fact } from "../../helpers/assert_facts.ts";
import { HEIGHT, WIDTH, writeAnnotations, writeImage } from "../datasets/project.ts";
import { inProject } from "../../helpers/temporary_folder.ts";

const REQUEST: DetectRequest = {
  dataset: "mine",
  images: "photos",
  category: "bird",
  threshold: null,
  filters: null,
};
const box = (x1: number, y1: number, x2: number, y2: number) => [[x1, y1, x2, y1, x2, y2, x1, y2]];

/** Results with a bird with head in a.png, a bird by run lengths in b.png, and nothing of use in c.png. */
const WHOLE = {
  images: ["a", "b", "c"].map((name, id) => ({ id, file_name: `${name}.png` })),
  categories: [{ id: 7, name: "bird" }, { id: 9, name: "head" }],
  annotations: [
    { image_id: 0, category_id: 7, segmentation: box(10, 20, 80, 70), bbox: [10, 20, 70, 50], score: 0.95 },
    { image_id: 0, category_id: 9, segmentation: box(60, 20, 80, 40), score: 0.92 },
    {
      image_id: 1,
      category_id: 7,
      segmentation: {
        size: [HEIGHT, WIDTH],
        counts: runsToText(encodeRle(boxMask(HEIGHT, WIDTH, [5, 5, 30, 50]), HEIGHT, WIDTH)),
      },
    },
    { image_id: 2, category_id: 7, segmentation: box(10, 20, 80, 70), score: 0.5 },
  ],
};

async function write(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value));
}

async function writePhotos(): Promise<void> {
  for (const name of ["a", "b", "c"]) await writeImage(`photos/${name}.png`);
}

Deno.test("detect: the results of another tool become a data set", () =>
  inProject(async () => {
    await writePhotos();
    await write("results.json", WHOLE);
    const { find } = await resultsSource("results.json", null);
    const report = await runDetection(REQUEST, find);
    assertEquals([report.images, report.objects, report.withoutObject], [3, 2, 1]);
    assertEquals(report.parts, { head: 0.5 });
    assertEquals(JSON.parse(await Deno.readTextFile("cache/mine/detections.json")), {
      ...report,
      dropped: {},
    });
    const [first, second] = await readDetections("cache/mine/detections.npy");
    assertEquals([first.imagePath, first.score, first.box], ["photos/a.png", 0.95, [10, 20, 80, 70]]);
    assertEquals(first.parts.map(({ name, detectorClass, frequency }) => [name, detectorClass, frequency]), [[
      "head",
      1349,
      0.5,
    ]]);
    assertEquals([second.box, second.score], [[5, 5, 30, 50], 1]);
    const dataset = await openDataset("mine");
    assertEquals([dataset.category, dataset.partNames, dataset.length], ["bird", ["head"], 2]);
    assertEquals((await dataset.sample(0, 16)).parts?.channels, 3);
    await assertRejectsWith(
      () => runDetection(REQUEST, find),
      UserError,
      "cache/mine/detections.npy",
      "'overwrite'",
    );
    await runDetection({ ...REQUEST, overwrite: true, threshold: 0.4 }, find);
    assertEquals((await openDataset("mine")).length, 3);
  }));

Deno.test("detect: a list of results needs the annotations that it is for", () =>
  inProject(async () => {
    await writePhotos();
    await write("results.json", WHOLE.annotations);
    await write("instances.json", { images: WHOLE.images, categories: WHOLE.categories });
    await assertRejectsWith(
      () => resultsSource("results.json", null),
      UserError,
      "results.json",
      "'annotations'",
    );
    const { find } = await resultsSource("results.json", "instances.json");
    assertEquals((await runDetection(REQUEST, find)).objects, 2);
  }));

Deno.test("detect: wrong results are told with their file", () =>
  inProject(async () => {
    await writePhotos();
    const attempt = async (changes: Record<string, unknown>, whole: Record<string, unknown> = {}) => {
      await write("r.json", { ...WHOLE, ...whole, annotations: [{ ...WHOLE.annotations[0], ...changes }] });
      await runDetection({ ...REQUEST, overwrite: true }, (await resultsSource("r.json", null)).find);
    };
    const wrong: [Record<string, unknown>, Record<string, unknown>, ...Fact[]][] = [
      [{ score: 2 }, {}, "0.score", 2],
      [{ segmentation: [[1, 2]] }, {}, "photos/a.png", "[1,2]"],
      [{ segmentation: { size: [9, 9], counts: [81] } }, {}, "photos/a.png", "9 x 9", "100 x 80"],
      [{ segmentation: { size: [HEIGHT, WIDTH], counts: "x x" } }, {}, "photos/a.png", "character 0", '"x"'],
      [{ category_id: 5 }, {}, "category 5"],
      [{ image_id: undefined }, {}, "0.image_id"],
      [{}, { images: "none" }, "Object"],
    ];
    for (const [changes, whole, ...facts] of wrong) {
      await assertRejectsWith(() => attempt(changes, whole), UserError, "r.json", ...facts);
    }
    await assertRejectsWith(
      () => attempt({ score: 0.1 }),
      UserError,
      "bird",
      3,
      "'threshold'",
      0.9,
      "'labels'",
    );
  }));

Deno.test("detect: bad results among good ones and regions of many objects are left out and told", () =>
  inProject(async () => {
    await writePhotos();
    const [first] = WHOLE.annotations, told: string[] = [];
    const more = [
      ...[{ ...first, segmentation: [] }, { ...first, score: NaN }, { ...first, iscrowd: 1 }],
      ...[{ ...first, score: "0.95" }, { ...first, category_id: 77 }],
    ];
    const images = WHOLE.images.map((image) => ({ ...image, file_name: image.file_name.toUpperCase() }));
    const categories = [...WHOLE.categories, { id: null, name: "dog" }];
    await write("r.json", { images, categories, annotations: [first, ...more] });
    const { find } = await resultsSource("r.json", null, (sentence) => told.push(sentence));
    assertEquals((await runDetection(REQUEST, find)).objects, 1);
    assertEquals(told.length, 1);
    assertFacts(told[0], "r.json", 5, "number 1", "segmentation");
    await write("list.json", [{ ...first, image_id: "a.png", category_id: 16 }]); // COCO's own number of birds
    const named = await resultsSource("list.json", null);
    assertEquals((await runDetection({ ...REQUEST, overwrite: true }, named.find)).objects, 1);
  }));

Deno.test("detect: images that cannot be read stop it, or are left out and reported", () =>
  inProject(async () => {
    await writePhotos();
    await write("results.json", WHOLE);
    await Deno.writeTextFile("photos/d.png", "no image");
    const { find } = await resultsSource("results.json", null);
    await assertRejectsWith(() => runDetection(REQUEST, find), UserError, "photos/d.png");
    const report = await runDetection({ ...REQUEST, skipInvalid: true }, find);
    assertEquals(report.invalid.map(([file]) => file), ["photos/d.png"]);
    await assertRejectsWith(
      () => runDetection({ ...REQUEST, category: null }, find),
      UserError,
      "mine",
      "'category'",
    );
    await assertRejectsWith(
      () => runDetection({ ...REQUEST, images: "none", overwrite: true }, find),
      UserError,
      "none",
    );
  }));

Deno.test("detect: cub takes its own images, and of each the surest object without any test", () =>
  inProject(async () => {
    await writeAnnotations("datasets/cub/data/train_cub_cleaned.mat", "s.mat", ["1/a.png"]);
    await writeImage("datasets/cub/CUB_200_2011/images/1/a.png");
    const found = (score: number, x: number) => ({
      ...{ className: "bird", score, box: [x, 0, x + 9, 9] as const },
      mask: boxMask(HEIGHT, WIDTH, [x, 0, x + 9, 9]),
    });
    const seen: number[] = [];
    const request = { ...REQUEST, dataset: "cub", images: null, category: null };
    const report = await runDetection(request, (_, __, threshold) => {
      seen.push(threshold);
      return Promise.resolve([found(0.01, 0), found(0.2, 40), found(0.1, 60)]);
    });
    assertEquals([report.objects, seen], [1, [0]]);
    assertEquals((await openDataset("cub")).records[0].box, [40, 0, 49, 9]);
  }));

Deno.test("detect: groups of data sets and numberings", () =>
  inProject(async () => {
    assertEquals(datasetsOf(["p3d", "cub"]), ["p3d_car", "p3d_airplane", "cub"]);
    assertEquals([datasetsOf(["imagenet"]).length, datasetsOf(["all"]).length], [12, 15]);
    await Deno.writeTextFile("names.txt", "cat\n\nbird\n");
    assertEquals(await readNumbering("names.txt"), ["cat", "bird"]);
    assertEquals([await readNumbering("auto"), await readNumbering("coco91")], [null, "coco91"]);
    await assertRejectsWith(
      () => readNumbering("coco90"),
      UserError,
      "coco90",
      "coco80",
      "coco80_from_1",
      "coco91",
    );
  }));
