import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { datasetFile } from "../../lib/core/paths.ts";
import { importPhotographs, inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { datasetSummary } from "../../lib/datasets/import_report.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { assertFacts, assertMissing, assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import {
  boxMask,
  datasetOfFolder,
  OPTIONS,
  pattern,
  writeBytes,
  writePair,
  writeRgbaImage,
} from "./photo_fixtures.ts";

const MASK = boxMask(80, 100, [10, 20, 80, 70]);

/** Kind and file of each problem of a folder. */
async function problemsOf(folder: string): Promise<string[][]> {
  const { report } = await inspectPhotographs(folder, OPTIONS);
  return report.problems.map(({ kind, file }) => [kind, file]);
}

/** The message of an import that must fail. */
async function failureOf(folder: string): Promise<string> {
  return (await assertRejects(() => importPhotographs(folder, OPTIONS), UserError)).message;
}

Deno.test("a missing and an empty folder are answered with the known layouts", () =>
  inFolder(async (folder) => {
    const none = join(folder, "none"), file = join(folder, "file.txt");
    await assertMissing(() => importPhotographs(none, OPTIONS), none);
    await Deno.writeTextFile(file, "x");
    const { cause } = await assertRejectsWith(() => importPhotographs(file, OPTIONS), UserError, file);
    assertEquals(cause, undefined);
    const layouts = ["RGBA", "masks/", "annotations.json", "labels/"];
    assertFacts(await failureOf(folder), folder, ...layouts);
    await writeBytes(folder, "masks/only.png", MASK, 80, 100);
    assertFacts(await failureOf(folder), folder, ...layouts);
  }));

Deno.test("an image without a mask, in each layout", () =>
  inFolder(async (folder) => {
    await writeBytes(folder, "a.png", pattern(80, 100), 80, 100);
    assertEquals(await problemsOf(folder), [["no_mask", "a.png"]]);
    await writePair(folder, "b", MASK);
    await writeBytes(folder, "images/c.png", pattern(80, 100), 80, 100);
    assertEquals(await problemsOf(folder), [["no_mask", "images/c.png"]]);
    const coco = {
      images: [{ id: 1, file_name: "b.png" }, { id: 2, file_name: "absent.png" }],
      annotations: [
        { image_id: 1 },
        { image_id: 1, segmentation: [] },
        { image_id: 2, segmentation: [[1, 1, 9, 1, 9, 9]] },
        { image_id: 9, segmentation: [[1, 1, 9, 1, 9, 9]] },
        { image_id: 1, segmentation: [[1, 1, 9, 1]] },
        { image_id: 1, segmentation: { size: [80, 100], counts: [5] } },
        { image_id: 1, segmentation: { size: [80, 100], counts: "~~" } },
        { image_id: 1, segmentation: { size: [90, 100], counts: [9000] } },
      ],
    };
    await Deno.writeTextFile(join(folder, "annotations.json"), JSON.stringify(coco));
    assertEquals(await problemsOf(folder), [
      ["bad_annotation", "annotations.json"],
      ["no_mask", "images/b.png"],
      ["no_mask", "images/b.png"],
      ["unreadable", "images/absent.png"],
      ["bad_annotation", "images/b.png"],
      ["bad_annotation", "images/b.png"],
      ["bad_annotation", "images/b.png"],
      ["size_mismatch", "images/b.png"],
    ]);
    assertFacts(await failureOf(folder), "8 of 8", folder);
  }));

Deno.test("a corrupt PNG, as image, mask or part labels", () =>
  inFolder(async (folder) => {
    for (const stem of ["a", "b", "c"]) await writePair(folder, stem, MASK);
    await writeBytes(folder, "parts/c.png", MASK, 80, 100);
    for (const name of ["images/a.png", "masks/b.png", "parts/c.png"]) {
      const bytes = await Deno.readFile(join(folder, name));
      await Deno.writeFile(join(folder, name), bytes.slice(0, bytes.length - 40));
    }
    assertEquals(await problemsOf(folder), [
      ["unreadable", "images/a.png"],
      ["unreadable", "masks/b.png"],
      ["unreadable", "parts/c.png"],
    ]);
  }));

Deno.test("masks that are empty or full, and sizes that differ", () =>
  inFolder(async (folder) => {
    await writePair(folder, "empty", new Uint8Array(8000));
    await writePair(folder, "full", new Uint8Array(8000).fill(1));
    await writePair(folder, "large", MASK);
    await writeBytes(folder, "masks/large.png", boxMask(81, 100, [9, 9, 90, 70]), 81, 100);
    await writePair(folder, "parts", MASK);
    await writeBytes(folder, "parts/parts.png", boxMask(80, 99, [9, 9, 90, 70]), 80, 99);
    await writePair(folder, "colour", MASK);
    await writeBytes(folder, "parts/colour.png", pattern(80, 100), 80, 100);
    assertEquals(await problemsOf(folder), [
      ["unreadable", "parts/colour.png"],
      ["empty_mask", "images/empty.png"],
      ["full_mask", "images/full.png"],
      ["size_mismatch", "images/large.png"],
      ["size_mismatch", "images/parts.png"],
    ]);
  }));

Deno.test("cut off, small and fragmented objects are reported and used", () =>
  inFolder(async (folder) => {
    await writeRgbaImage(folder, "border.png", boxMask(80, 100, [20, 0, 90, 40]));
    await writeRgbaImage(folder, "pieces.png", MASK.map((value, p) => p % 100 === 40 ? 0 : value));
    await writeRgbaImage(folder, "small.png", boxMask(80, 100, [20, 10, 50, 40]));
    await writeRgbaImage(folder, "tight.png", boxMask(80, 100, [20, 0, 21, 79]));
    const { report } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(report.used, 4);
    assertEquals(report.problems.map(({ kind, file, value }) => [kind, file, value]), [
      ["touches_border", "border.png", "70 pixels of the object lie on the image's border"],
      ["fragmented", "pieces.png", "the mask is in 2 pieces, the largest holds 57 %"],
      ["small", "small.png", "the object is 30 x 30 pixels"],
    ]);
    assertEquals(datasetSummary(report).problems.map(([name]) => name), [ // the worst first
      "fragmented: 1 (note)",
      "touches border: 1 (note)",
      "small: 1 (note)",
    ]);
  }));

Deno.test("unusable images stop an import, which names them and --skip_invalid", () =>
  inFolder(async (folder) => {
    const name = `import_test_${Deno.pid}`;
    const options = { ...OPTIONS, name };
    try {
      await writeRgbaImage(folder, "good.png", MASK);
      for (let k = 0; k < 7; k++) await writeRgbaImage(folder, `empty${k}.png`, new Uint8Array(8000));
      const { message } = await assertRejects(() => importPhotographs(folder, options), UserError);
      assertFacts(message, "7 of 8", folder, "empty0.png", "0 of 8000", "empty4.png", "'skipInvalid'", 2);
      await assertRejectsWith(
        () => openDataset(name),
        UserError,
        name,
        `${name}/dataset.json`,
        "'images: FOLDER'",
      );

      const report = await importPhotographs(folder, { ...options, skipInvalid: true });
      assertEquals([report.checked, report.used], [8, 1]);
      const dataset = await openDataset(name);
      assertEquals([dataset.length, dataset.category, dataset.records[0].id], [1, "bird", "good"]);
      assertEquals((await dataset.sample(0, 8)).mask.data.length, 64);
      await importPhotographs(folder, { ...options, skipInvalid: true }); // the same again is no clash

      await writeRgbaImage(folder, "more.png", MASK);
      await assertRejectsWith(
        () => importPhotographs(folder, { ...options, skipInvalid: true }),
        UserError,
        name,
        "'overwrite'",
      );
      await importPhotographs(folder, { ...options, skipInvalid: true, overwrite: true });
      assertEquals((await openDataset(name)).length, 2);

      await writeBytes(folder, "good.png", new Uint8Array(4 * 16).fill(9), 4, 4);
      const read = async () => await (await openDataset(name)).sample(0, 8);
      await assertRejectsWith(read, UserError, join(folder, "good.png"), "4 x 4", "100 x 80");
      const damaged = JSON.parse(await Deno.readTextFile(datasetFile(name)));
      damaged.records[0].classIndex = 5;
      await Deno.writeTextFile(datasetFile(name), JSON.stringify(damaged));
      await assertRejectsWith(() => openDataset(name), UserError, "classIndex");
      damaged.records[0].box = [1, 2, 3];
      await Deno.writeTextFile(datasetFile(name), JSON.stringify(damaged));
      await assertRejectsWith(() => openDataset(name), UserError, "records.0.box.3");
    } finally {
      await Deno.remove(`cache/${name}`, { recursive: true }).catch(() => {});
    }
  }));

Deno.test("a photograph, mask or part labels that were retouched change the description, a copy does not", () =>
  inFolder(async (folder) => {
    for (const stem of ["a", "b"]) await writePair(folder, stem, MASK);
    await writeBytes(folder, "parts/a.png", MASK, 80, 100);
    const describe = async () =>
      (await inspectPhotographs(folder, OPTIONS)).description!.records.map(({ fingerprint }) => fingerprint!);
    const before = await describe();
    assertEquals(before.map((text) => /^[0-9a-f]{16}$/.test(text)), [true, true]);
    const photograph = join(folder, "images/a.png");
    await Deno.writeFile(photograph, await Deno.readFile(photograph)); // another time, the same content
    assertEquals(await describe(), before);
    const seen = new Set(before);
    for (const [name, values] of [["images/a.png", 3], ["masks/a.png", 1], ["parts/a.png", 1]] as const) {
      const data = values === 3
        ? pattern(80, 100).map((value) => 255 - value)
        : boxMask(80, 100, [10, 20, 80, 69]);
      await writeBytes(folder, name, data, 80, 100);
      const [first, second] = await describe();
      assertEquals([seen.has(first), second], [false, before[1]]);
      seen.add(first);
    }
  }));

Deno.test("a limit takes a part chosen by the seed, in the order of the files", () =>
  inFolder(async (folder) => {
    for (let k = 0; k < 9; k++) await writeRgbaImage(folder, `${k}.png`, MASK);
    const idsOf = async (limit: number, seed: number) =>
      (await datasetOfFolder(folder, { limit, seed })).records.map(({ id }) => id);
    const four = await idsOf(4, 1);
    assertEquals(four.length, 4);
    assertEquals(four, four.toSorted());
    assertEquals(await idsOf(4, 1), four);
    assertEquals((await idsOf(5, 1)).filter((id) => four.includes(id)), four);
    assertEquals(new Set([...four, ...await idsOf(4, 2), ...await idsOf(4, 3)]).size > 4, true);
    assertEquals((await idsOf(99, 1)).length, 9);
    await assertRejectsWith(() => idsOf(-1, 1), UserError, "limit", -1);
  }));

Deno.test("names that are no folder names are refused", () =>
  inFolder(async (folder) => {
    await writeRgbaImage(folder, "a.png", MASK);
    for (const name of ["", "..", "a/b", "-x"]) {
      await assertRejectsWith(() => importPhotographs(folder, { ...OPTIONS, name }), UserError, `"${name}"`);
    }
  }));
