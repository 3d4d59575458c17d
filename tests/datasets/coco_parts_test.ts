import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../../lib/core/errors.ts";
import { DATASET_SCHEMA } from "../../lib/datasets/dataset_file.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { datasetOf } from "../../lib/datasets/open_dataset.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { OPTIONS, pattern, writeBytes } from "./photo_fixtures.ts";

const box = (x1: number, y1: number, x2: number, y2: number) => [[x1, y1, x2, y1, x2, y2, x1, y2]];

/** Two birds in one image, each with a head; a wing and a leg lie on the first one. */
const COCO = {
  images: [{ id: 1, file_name: "p.png" }, { id: 2, file_name: "q.png" }],
  categories: [
    { id: 3, name: "bird", supercategory: "animal" },
    { id: 7, name: "head", supercategory: "bird" },
    { id: 8, name: "wing", supercategory: "part" },
    { id: 9, name: "leg", supercategory: "bird" },
  ],
  annotations: [
    { id: 1, image_id: 1, category_id: 3, segmentation: box(5, 10, 45, 70) },
    { id: 2, image_id: 1, category_id: 3, segmentation: box(55, 10, 95, 70) },
    { id: 3, image_id: 1, category_id: 7, segmentation: box(5, 10, 45, 30) },
    { id: 4, image_id: 1, category_id: 7, segmentation: box(50, 10, 95, 30) },
    { id: 5, image_id: 1, category_id: 8, segmentation: box(5, 20, 25, 60) },
    { id: 6, image_id: 2, category_id: 3, segmentation: box(20, 20, 80, 60) },
    { id: 7, image_id: 2, category_id: 9, segmentation: [[1, 2]] },
  ],
};

async function writeCoco(folder: string, name: string, coco: unknown): Promise<void> {
  for (const image of ["p.png", "q.png"]) await writeBytes(folder, image, pattern(80, 100), 80, 100);
  await Deno.mkdir(join(folder, name, ".."), { recursive: true });
  await Deno.writeTextFile(join(folder, name), JSON.stringify(coco));
}

Deno.test("COCO: categories of parts belong to the object that they lie on", () =>
  inFolder(async (folder) => {
    await writeCoco(folder, "annotations/instances_default.json", COCO);
    const { report, description } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(report.problems.map(({ kind }) => kind).filter((kind) => kind !== "small"), ["bad_part"]);
    assertEquals(report.parts.map(({ name, kept }) => [name, kept]), [["head", true], ["wing", true], [
      "leg",
      false,
    ]]);
    const dataset = datasetOf(v.parse(DATASET_SCHEMA, JSON.parse(JSON.stringify(description))));
    assertEquals(dataset.partNames, ["head", "wing"]);
    assertEquals(dataset.records.map(({ id, partRuns }) => [id, partRuns?.map(({ part }) => part)]), [
      ["p_1", [0, 1]],
      ["p_2", [0]],
      ["q", []],
    ]);
    const { parts } = await dataset.sample(0, 16);
    const at = (
      row: number,
      column: number,
    ) => [...parts!.data.subarray((row * 16 + column) * 4, (row * 16 + column) * 4 + 4)];
    assertEquals(at(4, 5), [0, 0, 0, 1]); // head and wing: the wing has the higher label
    assertEquals(at(2, 9), [0, 0, 1, 0]);
    assertEquals(at(13, 9), [0, 1, 0, 0]);
  }));

Deno.test("a description whose photographs' names lead out of a folder is refused", () =>
  inFolder(async (folder) => {
    await writeCoco(folder, "_annotations.coco.json", COCO);
    const { description } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(v.safeParse(DATASET_SCHEMA, description).success, true);
    for (const id of ["../../a", "/a", "a\\b", "..", "."]) {
      const wrong = JSON.parse(JSON.stringify(description));
      wrong.records[0].id = id;
      const { issues } = v.safeParse(DATASET_SCHEMA, wrong);
      assertEquals(issues?.map((issue) => v.getDotPath(issue)), ["records.0.id"], id);
    }
  }));

Deno.test("COCO: a part beyond the data set's parts is refused in its description", () =>
  inFolder(async (folder) => {
    await writeCoco(folder, "_annotations.coco.json", COCO);
    const { description } = await inspectPhotographs(folder, OPTIONS);
    const wrong = JSON.parse(JSON.stringify(description));
    wrong.records[0].partRuns[0].part = 2;
    assertEquals(v.safeParse(DATASET_SCHEMA, wrong).success, false);
    await Deno.writeTextFile(join(folder, "annotations.json"), "{}");
    await assertRejectsWith(() => inspectPhotographs(folder, OPTIONS), UserError, "annotations.json");
  }));
