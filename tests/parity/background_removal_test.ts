import { assert } from "@std/assert";
import { join } from "@std/path";
import { removeBackground } from "../../lib/datasets/background_removal/remove_background.ts";
import { maskOfAlpha } from "../../lib/datasets/mask_image.ts";
import { maskOfImage } from "../datasets/mask_of_image.ts";
import { readByteImage } from "../../lib/io/image_file.ts";
import type { ByteImage } from "../../lib/io/byte_image.ts";
import { Prng } from "../../lib/core/prng.ts";
import { slowTest } from "../helpers/slow_test.ts";

const PARITY = Deno.env.get("TEXMESH_PARITY") ?? "../shared/parity";
const FOLDER = Deno.env.get("TEXMESH_DATA") ?? join(PARITY, "../data");
const isThere = await Deno.stat(join(FOLDER, "renders")).then((entry) => entry.isDirectory, () => false);
const REASON = isThere ? null : `there is no ${FOLDER}/renders`;

/** IoU with the true mask, and whether the background was found to be plain. */
interface Measure {
  readonly iou: number;
  readonly plain: boolean;
}

async function measure(image: ByteImage, truth: Uint8Array): Promise<Measure> {
  const { mask, doubt } = await removeBackground(image);
  let common = 0, joined = 0;
  for (let p = 0; p < mask.length; p++) {
    common += mask[p] & truth[p];
    joined += mask[p] | truth[p];
  }
  return { iou: common / joined, plain: doubt === null };
}

/** Some renders of a class, on plain backgrounds or on others. */
async function measureRenders(category: string, plain: boolean, count: number): Promise<Measure[]> {
  const folder = join(FOLDER, "renders", category);
  const { images, annotations } = JSON.parse(await Deno.readTextFile(join(folder, "annotations.json")));
  const names = new Map<number, string>(
    images.map(({ id, file_name }: { id: number; file_name: string }) => [id, file_name]),
  );
  const wanted = (annotations as { image_id: number; mask_file: string; background: string }[])
    .filter(({ background }) => (background === "plain") === plain)
    .slice(0, count);
  return await Promise.all(wanted.map(async ({ image_id, mask_file }) => {
    const name = names.get(image_id)!;
    const image = await readByteImage(join(folder, name.startsWith("images/") ? "" : "images", name));
    return await measure(image, maskOfImage(await readByteImage(join(folder, mask_file))));
  }));
}

/** The photographs of a folder over a colour of each pixel, with a margin around them. */
async function measurePhotographs(
  name: string,
  colourAt: (x: number, y: number, c: number) => number,
  prng: Prng,
): Promise<Measure[]> {
  const measures: Measure[] = [];
  const folder = join(FOLDER, "photos", name, "images");
  for (const file of [...Deno.readDirSync(folder)].map((entry) => entry.name).sort()) {
    const photograph = await readByteImage(join(folder, file));
    const alpha = maskOfAlpha(photograph);
    if (!alpha || photograph.channels !== 4) continue;
    const margin = Math.round(0.1 * Math.max(photograph.height, photograph.width));
    const height = photograph.height + 2 * margin, width = photograph.width + 2 * margin;
    const data = new Uint8Array(height * width * 3), truth = new Uint8Array(height * width);
    for (let i = 0, p = 0; i < height; i++) {
      for (let j = 0; j < width; j++, p++) {
        const y = i - margin,
          x = j - margin,
          inside = y >= 0 && x >= 0 && y < photograph.height && x < photograph.width;
        const q = y * photograph.width + x, share = inside ? photograph.data[4 * q + 3] / 255 : 0;
        truth[p] = inside ? alpha[q] : 0;
        for (let c = 0; c < 3; c++) {
          const behind = colourAt(j / width, i / height, c) + 2 * prng.normal();
          data[3 * p + c] = Math.min(
            255,
            Math.max(0, share * (inside ? photograph.data[4 * q + c] : 0) + (1 - share) * behind),
          );
        }
      }
    }
    measures.push(await measure({ data, height, width, channels: 3 }, truth));
  }
  return measures;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

function tell(name: string, measures: readonly Measure[]): { middle: number; plain: number } {
  const ious = measures.map(({ iou }) => iou), middle = median(ious);
  const plain = measures.filter((found) => found.plain).length / measures.length;
  const mean = ious.reduce((sum, value) => sum + value, 0) / ious.length;
  console.log(
    `${name}: ${measures.length} images, IoU mean ${mean.toFixed(3)}, median ${middle.toFixed(3)}, least ${
      Math.min(...ious).toFixed(3)
    }; above 0.9 ${(100 * ious.filter((iou) => iou > 0.9).length / ious.length).toFixed(0)} %; ` +
      `said to be plain ${(100 * plain).toFixed(0)} %`,
  );
  return { middle, plain };
}

const CLASSES = ["airplane", "bear", "bird", "car", "cow", "elephant", "giraffe", "horse", "sheep", "zebra"];

slowTest(
  "background removal: renders on one colour get good masks, those on photographs are doubted",
  async () => {
    const plain = (await Promise.all(CLASSES.map((name) => measureRenders(name, true, 4)))).flat();
    const others = (await Promise.all(CLASSES.map((name) => measureRenders(name, false, 2)))).flat();
    const good = tell("renders, one colour", plain), bad = tell("renders, photographs behind", others);
    assert(good.middle > 0.96 && good.plain > 0.95);
    assert(bad.plain < 0.2);
  },
  REASON,
);

slowTest("background removal: photographs over white, grey and a gradient", async () => {
  const prng = new Prng(1, "cut-outs");
  const backgrounds = {
    white: () => 250,
    grey: () => 128,
    green: (_x: number, _y: number, c: number) => [40, 170, 70][c],
    gradient: (x: number, y: number, c: number) =>
      [150, 170, 200][c] + 50 * (x - 0.5) - 60 * (y - 0.5) ** 2 + 30 * y,
  };
  for (const [name, colourAt] of Object.entries(backgrounds)) {
    const measures = await measurePhotographs("birds", colourAt, prng);
    const { middle, plain } = tell(`photographs over ${name}`, measures);
    assert(middle > 0.9 && plain > 0.9, name);
  }
}, REASON);
