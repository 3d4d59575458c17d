/** Small photographs and masks that tests write into temporary folders. */
import { dirname, join } from "@std/path";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { type ImportOptions, inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { datasetOf } from "../../lib/datasets/open_dataset.ts";
import { encodeBytesPng } from "../../lib/io/image_file.ts";

export const OPTIONS: ImportOptions = { name: "fixture", category: "bird" };

/** Mask of a box: rows y1 to y2 and columns x1 to x2, ends left out, `[H, W]`. */
export function boxMask(height: number, width: number, [x1, y1, x2, y2]: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: height * width }, (_, p) => {
    const i = Math.floor(p / width), j = p % width;
    return i >= y1 && i < y2 && j >= x1 && j < x2 ? 1 : 0;
  });
}

/** Writes values as PNG, making folders. */
export async function writeBytes(
  folder: string,
  name: string,
  data: Uint8Array,
  height: number,
  width: number,
): Promise<void> {
  const path = join(folder, name);
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeFile(
    path,
    await encodeBytesPng({ data, height, width, channels: data.length / height / width }),
  );
}

/** A coloured pattern, `[H, W, 3]`. */
export function pattern(height: number, width: number): Uint8Array {
  return Uint8Array.from({ length: height * width * 3 }, (_, k) => k * 37 % 256);
}

/** Writes an image of 100 x 80 with a mask as its alpha channel. */
export async function writeRgbaImage(folder: string, name: string, mask: Uint8Array): Promise<void> {
  const colours = pattern(80, 100);
  const data = Uint8Array.from({ length: 80 * 100 * 4 }, (_, k) => {
    const p = Math.floor(k / 4), c = k % 4;
    return c === 3 ? 255 * mask[p] : colours[p * 3 + c];
  });
  await writeBytes(folder, name, data, 80, 100);
}

/** Writes an image of 100 x 80 under images/ and its mask, 0 and 255, under masks/. */
export async function writePair(folder: string, stem: string, mask: Uint8Array): Promise<void> {
  await writeBytes(folder, `images/${stem}.png`, pattern(80, 100), 80, 100);
  await writeBytes(folder, `masks/${stem}.png`, mask.map((value) => 255 * value), 80, 100);
}

/** The usable images of a folder as a data set. */
export async function datasetOfFolder(
  folder: string,
  options: Partial<ImportOptions> = {},
): Promise<Dataset> {
  const { description } = await inspectPhotographs(folder, { ...OPTIONS, ...options });
  return datasetOf(description!);
}
