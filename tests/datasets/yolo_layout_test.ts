import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { COLLECTION_LIMITS } from "../../lib/datasets/check_collection.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { datasetOfFolder, OPTIONS, pattern, writeBytes } from "./photo_fixtures.ts";

const BOX = "0.1 0.25 0.8 0.25 0.8 0.875 0.1 0.875";

async function write(folder: string, name: string, text: string): Promise<void> {
  await Deno.mkdir(join(folder, name, ".."), { recursive: true });
  await Deno.writeTextFile(join(folder, name), text);
}

async function writeImage(folder: string, name: string): Promise<void> {
  await writeBytes(folder, name, pattern(80, 100), 80, 100);
}

Deno.test("YOLO: polygons in shares, several objects and classes, splits, images beside labels", () =>
  inFolder(async (folder) => {
    for (const name of ["images/a.png", "images/b.png", "train/images/c.png"]) {
      await writeImage(folder, name);
    }
    await write(folder, "labels/a.txt", `1 ${BOX}\n\n`);
    await write(folder, "labels/b.txt", `1 ${BOX}\n0 ${BOX}\n1 0.5 0.5 0.9 0.5 0.9 0.9\n`);
    await write(folder, "train/labels/c.txt", `1 ${BOX}`);
    await write(folder, "data.yaml", "path: .\nnames:\n  0: dog\n  1: 'Bird'\nnc: 2\n");
    const { report } = await inspectPhotographs(folder, OPTIONS);
    assertEquals([report.found, report.used, report.layout], [
      4,
      4,
      "polygons in YOLO's text files in labels/",
    ]);
    const { records } = await datasetOfFolder(folder);
    assertEquals(records.map(({ id }) => id), ["a", "b_0", "b_1", "train_c"]);
    assertEquals(records[0].box, [10, 20, 80, 70]);
    await write(folder, "data.yaml", "names: ['cat', \"dog\"]\n");
    await assertRejectsWith(() => datasetOfFolder(folder), UserError, "bird", "cat, dog", "classes.txt");
    await write(folder, "data.yaml", "names:\n- dog\n- bird\n");
    assertEquals((await datasetOfFolder(folder)).length, 4);
    await Deno.remove(join(folder, "data.yaml"));
    await assertRejectsWith(() => datasetOfFolder(folder), UserError, "bird", "0, 1", "classes.txt");
    await write(folder, "classes.txt", "dog\nbird\n");
    assertEquals((await datasetOfFolder(folder)).length, 4);
  }));

Deno.test("YOLO: images without a file, files without an image, wrong lines", () =>
  inFolder(async (folder) => {
    for (const name of ["a.png", "b.png", "c.png"]) await writeImage(folder, name);
    await write(folder, "labels/a.txt", `0 ${BOX}`);
    await write(folder, "labels/x.txt", `0 ${BOX}`);
    const lines = [
      "bird 0.1 0.2 0.3 0.4 0.5 0.6",
      "0 0.5 0.5 0.2 0.2",
      "0 0.1 0.2 0.3 0.4 0.5",
      "0 0.1 0.2 0.3 40 0.5 0.6",
      "0 0.1 0.2 0.3 x 0.5 0.6",
    ];
    await write(folder, "labels/b.txt", lines.join("\n"));
    const { report } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(report.used, 1);
    assertEquals(
      report.problems.map(({ file, kind, value }) => [file, kind, /\bline \d+\b/.exec(value)?.[0]]),
      [
        ["labels/b.txt", "bad_annotation", "line 2"],
        ["labels/b.txt", "bad_annotation", "line 3"],
        ["labels/b.txt", "bad_annotation", "line 4"],
        ["labels/b.txt", "bad_annotation", "line 5"],
        ["labels/b.txt", "bad_annotation", "line 1"], // all that b.png has
        ["c.png", "no_mask", undefined],
      ],
    );
    assertEquals(report.ignored.map(({ file }) => file), ["labels/x.txt"]);
    assertFacts(report.warnings[0], 1, COLLECTION_LIMITS.fewImages);
  }));
