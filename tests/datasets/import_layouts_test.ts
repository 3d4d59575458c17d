import { assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { encodeRle, runsToText } from "../../lib/io/rle.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
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

const BOX = [10, 20, 80, 70];
const MASK = boxMask(80, 100, BOX);

Deno.test("a folder of RGBA images, directly or under images/, sub-folders included", () =>
  inFolder(async (folder) => {
    await writeRgbaImage(folder, "b.png", MASK);
    await writeRgbaImage(folder, "a/x.png", MASK);
    await writeRgbaImage(folder, "a/.hidden.png", MASK);
    await Deno.writeTextFile(join(folder, "notes.txt"), "no image");
    const direct = await datasetOfFolder(folder);
    assertEquals(direct.records.map(({ id, box }) => ({ id, box })), [
      { id: "a_x", box: [10, 20, 80, 70] },
      { id: "b", box: [10, 20, 80, 70] },
    ]);
    await writeRgbaImage(folder, "images/c.png", MASK);
    assertEquals((await datasetOfFolder(folder)).records.map(({ id }) => id), ["c"]);
  }));

Deno.test("images and masks of the same names, parts beside them", () =>
  inFolder(async (folder) => {
    for (const stem of ["one", "two", "three", "four", "five"]) await writePair(folder, stem, MASK);
    const labels = boxMask(80, 100, [10, 20, 40, 70]).map((value) => value ? 3 : 9);
    for (const stem of ["one", "two", "four"]) {
      await writeBytes(folder, `parts/${stem}.png`, stem === "four" ? labels.fill(3) : labels, 80, 100);
    }
    await writeBytes(folder, "masks/stray.png", MASK, 80, 100);
    const { report } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(report.layout, "images in images/, masks in masks/");
    assertEquals(report.problems.map(({ file, kind }) => [file, kind]), [
      ["images/five.png", "no_parts"],
      ["images/three.png", "no_parts"],
      ...["four", "one", "three", "two"].map((stem) => [`images/${stem}.png`, "copy"]), // all alike
    ]);
    assertEquals(report.ignored.map(({ file }) => file), ["masks/stray.png"]);
    assertEquals(report.parts.map(({ name, frequency, kept }) => [name, frequency, kept]), [
      ["part 3", 0.6, true],
      ["part 9", 0.4, true],
    ]);
    const dataset = await datasetOfFolder(folder);
    assertEquals(dataset.partNames, ["part 3", "part 9"]);
    assertEquals((await dataset.sample(0, 16)).parts, null); // five
    const { parts } = await dataset.sample(2, 16); // one
    assertEquals(parts?.channels, 4);
    assertEquals([...parts!.data.subarray(8 * 16 * 4 + 4 * 4, 8 * 16 * 4 + 5 * 4)], [0, 0, 1, 0]);
    assertEquals([...parts!.data.subarray(0, 4)], [1, 0, 0, 0]);
  }));

Deno.test("a part that fewer than a quarter of the objects show gets no channel", () =>
  inFolder(async (folder) => {
    const add = async (stem: string, label: number) => {
      await writePair(folder, stem, MASK);
      await writeBytes(folder, `parts/${stem}.png`, MASK.map((value) => value * label), 80, 100);
    };
    for (let k = 0; k < 8; k++) await add(`${k}`, k < 2 ? 5 : 7);
    assertEquals((await datasetOfFolder(folder)).partNames, ["part 5", "part 7"]); // 2 of 8
    await add("8", 7);
    const { report, description } = await inspectPhotographs(folder, OPTIONS); // 2 of 9
    assertEquals(report.parts.map(({ name, kept }) => [name, kept]), [["part 5", false], ["part 7", true]]);
    assertEquals(description?.parts, [{ name: "part 7", label: 7, frequency: 7 / 9 }]);
  }));

Deno.test("COCO: polygons, both kinds of run lengths, mask files, crowds, several objects in an image", () =>
  inFolder(async (folder) => {
    await writeBytes(folder, "images/p.png", pattern(80, 100), 80, 100);
    await writeBytes(folder, "images/deep/q.png", pattern(80, 100), 80, 100);
    await writeBytes(folder, "masks/q.png", MASK, 80, 100);
    const counts = encodeRle(MASK, 80, 100);
    const polygon = [10, 20, 80, 20, 80, 70, 10, 70];
    const of = (id: number, image_id: number, more: unknown) => ({
      id,
      image_id,
      category_id: 17,
      ...more as object,
    });
    const annotations = [
      of(4, 102, { segmentation: [polygon] }),
      of(5, 101, { segmentation: { size: [80, 100], counts: runsToText(counts) } }),
      of(6, 101, { segmentation: { size: [80, 100], counts }, iscrowd: 1 }),
      of(7, 102, { mask_file: "masks/q.png" }),
      { ...of(8, 102, { segmentation: [polygon] }), category_id: 3 },
    ];
    const coco = {
      images: [{ id: 101, file_name: "p.png", width: 100, height: 80 }, {
        id: 102,
        file_name: "images/deep/q.png",
      }],
      annotations,
      categories: [{ id: 17, name: "Bird" }, { id: 3, name: "dog" }],
    };
    const path = join(folder, "annotations.json");
    await Deno.writeTextFile(path, JSON.stringify(coco));
    const dataset = await datasetOfFolder(folder);
    assertEquals(dataset.records.map(({ id }) => id), ["deep_q_4", "p", "deep_q_7"]);
    assertEquals(dataset.records.map(({ box }) => [...box]), [BOX, BOX, BOX]);
    const samples = await Promise.all([0, 1, 2].map((i) => dataset.sample(i, 32)));
    const { report } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(report.problems.map(({ kind }) => kind), ["crowd", "copy", "copy"]); // a region beside an object
    for (const { mask } of samples) assertEquals(mask.data, samples[0].mask.data);

    await assertRejectsWith(
      () => inspectPhotographs(folder, { ...OPTIONS, category: "car" }),
      UserError,
      "annotations.json",
      "car",
      "Bird, dog",
    );
    await Deno.writeTextFile(
      path,
      JSON.stringify({ ...coco, annotations: [{ image_id: 1, segmentation: "x" }] }),
    );
    const wrong = await assertRejects(() => inspectPhotographs(folder, OPTIONS), UserError);
    assertStringIncludes(wrong.message, "annotations.0.segmentation");
  }));

Deno.test("a sample: colours · 2 − 1 times the mask, crop and mask", () =>
  inFolder(async (folder) => {
    await writePair(folder, "a", boxMask(80, 100, [20, 10, 60, 69]));
    const dataset = await datasetOfFolder(folder);
    const { crop, image, mask } = await dataset.sample(0, 66);
    assertEquals(crop, { x: 8, y: 7, size: 66 }); // padded columns 18 to 62, 45 of them: (66 - 45) / 2 rounds to 10
    assertEquals([image.height, image.width, image.channels], [66, 66, 3]);
    const colours = pattern(80, 100);
    for (let i = 0; i < 66; i++) {
      for (let j = 0; j < 66; j++) {
        const y = i + crop.y, x = j + crop.x;
        const inside = x >= 20 && x < 60 && y >= 10 && y < 69;
        assertEquals(mask.data[i * 66 + j], inside ? 1 : 0);
        for (let c = 0; c < 3; c++) {
          const expected = inside ? colours[(y * 100 + x) * 3 + c] / 127.5 - 1 : 0;
          assertAlmostEquals(image.data[(i * 66 + j) * 3 + c], expected, 1e-6);
        }
      }
    }
    await assertRejectsWith(async () => await dataset.sample(1, 8), RangeError, "fixture", 1);
  }));

Deno.test("grey photographs stand for all three colours", () =>
  inFolder(async (folder) => {
    await writeBytes(folder, "images/g.png", new Uint8Array(8000).fill(204), 80, 100);
    await writeBytes(folder, "masks/g.png", MASK, 80, 100);
    const { image } = await (await datasetOfFolder(folder)).sample(0, 9);
    for (let c = 0; c < 3; c++) assertAlmostEquals(image.data[(4 * 9 + 4) * 3 + c], 0.6, 1e-6);
  }));
