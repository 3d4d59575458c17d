import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Prng } from "../../../lib/core/prng.ts";
import { fitBackground } from "../../../lib/datasets/background_removal/background_model.ts";
import { removeBackground } from "../../../lib/datasets/background_removal/remove_background.ts";
import { labColours } from "../../../lib/datasets/background_removal/lab_colours.ts";
import { walkToObject } from "../../../lib/datasets/background_removal/random_walker.ts";
import { tidyMask } from "../../../lib/datasets/background_removal/tidy_mask.ts";
import { trimEdge } from "../../../lib/datasets/background_removal/trim_edge.ts";
import { inspectPhotographs } from "../../../lib/datasets/import_photographs.ts";
import { datasetOf } from "../../../lib/datasets/open_dataset.ts";
import { assertFacts } from "../../helpers/assert_facts.ts";
import { boxMask, OPTIONS, writeBytes, writeRgbaImage } from "../photo_fixtures.ts";
import { inFolder } from "../../helpers/temporary_folder.ts";

const HEIGHT = 90, WIDTH = 120;

/** Whether a point lies in the object: an ellipse with a hole. */
function isObject(i: number, j: number): boolean {
  const inEllipse = ((i - 45) / 30) ** 2 + ((j - 60) / 45) ** 2 < 1;
  const inHole = (i - 45) ** 2 + (j - 75) ** 2 < 100;
  return inEllipse && !inHole;
}

/** A red object with stripes before a background, with noise and mixed pixels at the edge, and its true mask. */
function makeImage(background: (i: number, j: number) => number[], noise = 2) {
  const prng = new Prng(1, "image");
  const data = new Uint8Array(HEIGHT * WIDTH * 3), truth = new Uint8Array(HEIGHT * WIDTH);
  for (let i = 0, p = 0; i < HEIGHT; i++) {
    for (let j = 0; j < WIDTH; j++, p++) {
      let share = 0;
      for (let k = 0; k < 16; k++) {
        share += isObject(i + (k >> 2) / 4 - 0.375, j + (k & 3) / 4 - 0.375) ? 1 / 16 : 0;
      }
      truth[p] = share >= 0.5 ? 1 : 0;
      const colour = j % 12 < 6 ? [190, 60, 50] : [120, 30, 40], behind = background(i, j);
      for (let c = 0; c < 3; c++) {
        const value = share * colour[c] + (1 - share) * behind[c] + noise * prng.normal();
        data[3 * p + c] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  }
  return { image: { data, height: HEIGHT, width: WIDTH, channels: 3 }, truth };
}

function iou(a: Uint8Array, b: Uint8Array): number {
  let common = 0, joined = 0;
  for (let p = 0; p < a.length; p++) {
    common += a[p] & b[p];
    joined += a[p] | b[p];
  }
  return common / joined;
}

const GRADIENT = (i: number, j: number) => [150 + 0.4 * j, 170 - 0.3 * i + 0.002 * j * j, 200 - 0.2 * j];

Deno.test("background removal: objects before one colour and before a gradient, holes included", async () => {
  for (const background of [() => [245, 245, 245], () => [60, 90, 70], GRADIENT]) {
    const { image, truth } = makeImage(background);
    const { mask, doubt } = await removeBackground(image);
    assertEquals(doubt, null);
    assert(iou(mask, truth) > 0.97, `${iou(mask, truth)}`);
  }
});

Deno.test("background removal: textures, objects that fill the border, and images without an object are doubted", async () => {
  const prng = new Prng(2, "texture");
  const texture = await removeBackground(
    makeImage(() => [100 + 60 * prng.normal(), 120 + 60 * prng.normal(), 90]).image,
  );
  assertFacts(texture.doubt!, "27.3", 3);
  const half = await removeBackground(makeImage((i) => i < 60 ? [235, 235, 240] : [70, 110, 60]).image);
  assertFacts(half.doubt!, "43 %");
  const data = new Uint8Array(HEIGHT * WIDTH * 3).fill(200);
  const empty = await removeBackground({ data, height: HEIGHT, width: WIDTH, channels: 3 });
  assertFacts(empty.doubt!, "0.0 %");
});

Deno.test("background removal: a large image is looked at smaller, its mask has its size", async () => {
  const { image, truth } = makeImage(GRADIENT, 0);
  const large = 7;
  const grow = (values: Uint8Array, channels: number) => {
    const grown = new Uint8Array(values.length * large * large);
    for (let i = 0; i < HEIGHT * large; i++) {
      for (let j = 0; j < WIDTH * large; j++) {
        for (let c = 0; c < channels; c++) {
          const p = Math.floor(i / large) * WIDTH + Math.floor(j / large);
          grown[(i * WIDTH * large + j) * channels + c] = values[p * channels + c];
        }
      }
    }
    return grown;
  };
  const { mask } = await removeBackground({
    data: grow(image.data, 3),
    height: HEIGHT * large,
    width: WIDTH * large,
    channels: 3,
  });
  assertEquals(mask.length, HEIGHT * WIDTH * large ** 2);
  assert(iou(mask, grow(truth, 1)) > 0.95);
});

Deno.test("L*a*b*: white, black, grey and red", () => {
  const data = Uint8Array.of(255, 255, 255, 0, 0, 0, 119, 119, 119, 255, 0, 0);
  const lab = labColours({ data, height: 1, width: 4, channels: 3 });
  [100, 0, 0, 0, 0, 0, 50, 0, 0, 53.2, 80.1, 67.2].forEach((value, k) =>
    assert(Math.abs(lab[k] - value) < 0.2, `${k}: ${lab[k]}`)
  );
});

Deno.test("the background: a quadratic surface is found in spite of outliers, and its noise measured", () => {
  const prng = new Prng(3, "surface");
  const lab = new Float32Array(HEIGHT * WIDTH * 3), pixels: number[] = [];
  for (let i = 0, p = 0; i < HEIGHT; i++) {
    for (let j = 0; j < WIDTH; j++, p++) {
      const x = j / WIDTH, y = i / HEIGHT;
      lab.set([50 + 20 * x - 10 * y * y + 3 * prng.normal(), 5 * x * y, 7], 3 * p);
      if (p % 5 === 0) lab[3 * p] = 95;
      pixels.push(p);
    }
  }
  const { distance, spread } = fitBackground(lab, HEIGHT, WIDTH, pixels);
  assert(Math.abs(spread[0] - 3) < 1.2 && spread[1] < 0.2 && spread[2] < 0.01, `${spread}`);
  const inliers = pixels.filter((p) => p % 5 !== 0), outliers = pixels.filter((p) => p % 5 === 0);
  const share = (list: number[]) => list.filter((p) => distance[p] < 4).length / list.length;
  assert(share(inliers) > 0.99 && share(outliers) < 0.05);
});

Deno.test("the walker: an unsure pixel goes with those of its colour, not over an edge", () => {
  const lab = Float32Array.of(10, 0, 0, 10, 0, 0, 80, 0, 0, 80, 0, 0); // two dark, two light
  const object = walkToObject(lab, 1, 4, Float32Array.of(0, 0.5, 0.5, 1));
  assert(object[1] < 0.3 && object[2] > 0.7, `${object}`);
});

Deno.test("a pixel of the rim that shows less than half of the object is taken off", () => {
  const object = new Float32Array(49), distance = new Float32Array(49);
  for (let i = 2; i <= 4; i++) {
    for (let j = 1; j <= 5; j++) {
      object[i * 7 + j] = 1;
      distance[i * 7 + j] = j === 1 ? 8 : 20;
    }
  }
  const trimmed = trimEdge(object, 7, 7, distance);
  assertEquals([trimmed[22] < 0.5, trimmed[23], trimmed[26]], [true, 1, 1]);
});

Deno.test("specks are removed, small holes filled", () => {
  const mask = boxMask(40, 40, [5, 5, 35, 35]);
  mask[0] = 1;
  mask[20 * 40 + 20] = 0;
  for (const p of [810, 811, 812, 850, 851, 852]) mask[p] = 0;
  const tidy = tidyMask(mask, 40, 40);
  assertEquals([tidy[0], tidy[820], tidy[811]], [0, 1, 0]);
});

Deno.test("an import with masks auto cuts out what has no mask only, and says so", () =>
  inFolder(async (folder) => {
    await writeBytes(folder, "plain.png", makeImage(GRADIENT).image.data, HEIGHT, WIDTH);
    await writeBytes(
      folder,
      "noise.png",
      makeImage((i) => i < 60 ? [240, 240, 240] : [70, 110, 60]).image.data,
      HEIGHT,
      WIDTH,
    );
    await writeRgbaImage(folder, "with_alpha.png", boxMask(80, 100, [10, 20, 80, 70]));
    const given = await inspectPhotographs(folder, OPTIONS);
    assertEquals(given.report.problems.map(({ kind }) => kind), ["no_mask", "no_mask"]);
    assertStringIncludes(given.report.problems[0].advice, "'masks: auto'");
    const { report, description } = await inspectPhotographs(folder, {
      ...OPTIONS,
      masks: "auto",
      maskModel: { model: "none" },
    });
    const notes = report.problems.filter(({ kind }) => ["cut_out", "uneven_background"].includes(kind));
    assertEquals(notes.map(({ file, kind }) => [file, kind]), [["noise.png", "uneven_background"], [
      "plain.png",
      "cut_out",
    ]]);
    assertFacts(report.warnings.find((text) => text.includes("mask")) ?? "", "2 objects", "1 of");
    assertEquals(description!.records.map(({ maskRuns }) => maskRuns !== null), [true, true, false]);
    const { mask } = await datasetOf(description!).sample(1, 32);
    assertEquals([mask.data[0], mask.data[16 * 32 + 8]], [0, 1]);
  }));
