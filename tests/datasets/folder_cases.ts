/**
 * Folders as people bring them, written into a temporary place, and what is to be found in them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import sharp from "sharp";
import { UserError } from "../../lib/core/errors.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { assertFacts, assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { boxMask, OPTIONS, pattern, writeBytes } from "./photo_fixtures.ts";

/** A box of 70 x 50 in 100 x 80, as contour and as mask. */
export const BOX = [10, 20, 80, 70], AREA = 3500, MASK = boxMask(80, 100, BOX);
export const RING = [10, 20, 80, 20, 80, 70, 10, 70], CORNERS = [[10, 20], [80, 20], [80, 70], [10, 70]];
export const SHARES = "0.1 0.25 0.8 0.25 0.8 0.875 0.1 0.875";
/** A hole of 20 x 20 in it, the other way round. */
export const HOLE = [30, 30, 30, 50, 50, 50, 50, 30];

export type Content = Uint8Array | string | object;
/** Files of a folder by name: a photograph, a mask, or text. */
export type Files = Readonly<Record<string, Content>>;
export const PHOTO = "photo", OTHER_PHOTO = "other photo";
export const GREY = MASK.map((value) => 255 * value);

/** Writes files. */
export async function write(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    if (content === PHOTO || content === OTHER_PHOTO) {
      const colours = content === PHOTO ? pattern(80, 100) : pattern(80, 100).reverse();
      if (/\.jfif$/.test(name)) {
        await Deno.writeFile(
          path,
          await sharp(colours, { raw: { width: 100, height: 80, channels: 3 } }).jpeg().toBuffer(),
        );
      } else await writeBytes(folder, name, colours, 80, 100);
    } else if (content instanceof Uint8Array) await writeBytes(folder, name, content, 80, 100);
    else await Deno.writeTextFile(path, typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** A file of COCO with one polygon, changed. */
export const coco = (more: object = {}, annotation: object = {}) => ({
  images: [{ id: 1, file_name: "a.png", width: 100, height: 80 }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation: [RING], iscrowd: 0, ...annotation }],
  categories: [{ id: 1, name: "bird", supercategory: "animal" }],
  ...more,
});
/** A folder of YOLO with its names in YAML. */
export const yolo = (yaml: string): Files => ({
  "images/a.png": PHOTO,
  "labels/a.txt": `0 0.5 0.5 0.6 0.5 0.6 0.6\n1 ${SHARES}\n`,
  "data.yaml": yaml,
});
/** A file of labelme. */
export const labelme = (shapes: object[]) => ({
  version: "5.2",
  imagePath: "a.png",
  imageHeight: 80,
  imageWidth: 100,
  shapes,
});
/** An export of Label Studio. */
export const studio = (value: object, type = "polygonlabels") => [{
  id: 1,
  data: { image: "/data/upload/1/0a1b2c3d-a.png" },
  annotations: [{ result: [{ type, original_width: 100, original_height: 80, value }] }],
}];
/** An export of CVAT. */
export const cvat = (shapes: string) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<image id="0" name="a.png" width="100" height="80">${shapes}</image>\n</annotations>\n`;

/** Values of an RGBA image packed as Label Studio packs them: words of 8 bits, lengths of 4, 8 and 16 bits. */
export function packBrush(alpha: Uint8Array): number[] {
  let bits = "";
  const put = (value: number, count: number) => bits += value.toString(2).padStart(count, "0");
  put(4 * alpha.length, 32);
  put(7, 5);
  [3, 7, 15, 15].forEach((size) => put(size, 4));
  for (const value of alpha) {
    put(1, 1);
    put(0, 2);
    put(3, 4); // four values of a run: the four channels
    put(value, 8);
  }
  return Array.from(
    { length: Math.ceil(bits.length / 8) },
    (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, "0"), 2),
  );
}

/** What is to be found. */
export interface Expected {
  /** Facts of the problems. */
  readonly told?: readonly Fact[];
  /** Pixels of each object that is used. */
  readonly areas?: readonly number[];
  /** Kinds of problems. */
  readonly kinds?: readonly string[];
  /** Files that are left out. */
  readonly ignored?: readonly string[];
  /** Facts of a refusal. */
  readonly error?: readonly Fact[];
}

/** A folder, and what is to be found in it. */
export type FolderCase = readonly [name: string, files: Files, expected: Expected, masks?: "auto"];

/** Tests each folder. */
export function testFolders(cases: readonly FolderCase[]): void {
  for (const [name, files, expected, masks] of cases) {
    Deno.test(`folder: ${name}`, () =>
      inFolder(async (folder) => {
        await write(folder, files);
        const inspect = () => inspectPhotographs(folder, { ...OPTIONS, masks: masks ?? "given" });
        if (expected.error !== undefined) {
          return void await assertRejectsWith(inspect, UserError, folder, ...expected.error);
        }
        const { report } = await inspect();
        const areas = report.images.filter(({ used }) => used).map(({ area }) => area);
        assertEquals(areas, [...expected.areas ?? []], JSON.stringify(report.problems));
        const small = ["small", "copy"];
        const kinds = report.problems.map(({ kind }) => kind).filter((kind) => !small.includes(kind));
        assertEquals(kinds, expected.kinds ?? []);
        const told = report.problems.map(({ value }) => value).join("\n");
        assertFacts(told, ...expected.told ?? []);
        assertEquals(
          report.ignored.map(({ file }) => file).filter((file) => !/\.(yaml|json)$/.test(file)),
          expected.ignored ?? [],
        );
      }));
  }
}
