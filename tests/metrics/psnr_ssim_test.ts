import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { coarsen } from "../../lib/metrics/coarse_features.ts";
import { maskedOverGrey, psnrInside } from "../../lib/metrics/psnr.ts";
import { ssimInside } from "../../lib/metrics/structural_similarity.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const SIZE = 48;

/** Waves of three colours with noise. */
function makeImage(stream = "picture"): FloatImage {
  const image = floatImage(SIZE, SIZE, 3), prng = new Prng(1, stream);
  image.data.forEach((_, i, data) => data[i] = 0.5 + 0.3 * Math.sin(i / 9) + prng.uniform(-0.15, 0.15));
  return image;
}

/** A disc of the given radius in pixels. */
function disc(radius: number): FloatImage {
  const mask = floatImage(SIZE, SIZE, 1);
  mask.data.forEach((_, i, data) =>
    data[i] = Math.hypot(i % SIZE - SIZE / 2, Math.floor(i / SIZE) - SIZE / 2) < radius ? 1 : 0
  );
  return mask;
}

function changed(image: FloatImage, change: (value: number, i: number) => number): FloatImage {
  return { ...image, data: Float32Array.from(image.data, change) };
}

Deno.test("an error of a tenth inside the mask is 20 dB, and what lies outside does not count", () => {
  const photograph = makeImage(), mask = disc(15);
  assertAlmostEquals(psnrInside(changed(photograph, (x) => x + 0.1), photograph, mask), 20, 1e-4);
  const outside = changed(photograph, (x, i) => mask.data[Math.floor(i / 3)] ? x : 0);
  assertEquals(psnrInside(outside, photograph, mask), 120);
  // half of the object's share in a pixel weighs half: errors of 0.1 at weight 1 and 0.3 at weight 1/2
  const two = { ...floatImage(1, 2, 1), data: Float32Array.of(1, 0.5) }, plain = floatImage(1, 2, 3);
  const off = { ...plain, data: Float32Array.of(0.1, 0.1, 0.1, 0.3, 0.3, 0.3) };
  assertAlmostEquals(psnrInside(off, plain, two), -10 * Math.log10((0.01 + 0.09 / 2) / 1.5), 1e-4);
  assert(Number.isNaN(psnrInside(photograph, photograph, floatImage(SIZE, SIZE, 1))));
  assertThrowsWith(() => psnrInside(photograph, photograph, two), TypeError, "render", "[1, 2, 3]");
});

Deno.test("structural similarity is 1 for equal images, and that of the formula for flat ones", () => {
  const photograph = makeImage(), mask = disc(15), whole = changed(mask, () => 1);
  assertAlmostEquals(ssimInside(photograph, photograph, mask), 1, 1e-9);
  const flat = (level: number) => changed(photograph, () => level);
  const expected = (2 * 0.3 * 0.6 + 1e-4) / (0.3 ** 2 + 0.6 ** 2 + 1e-4);
  assertAlmostEquals(ssimInside(flat(0.3), flat(0.6), whole), expected, 1e-5);
  const opposite = changed(photograph, (x) => 1 - x);
  assert(ssimInside(opposite, photograph, whole) < -0.5);
  const outside = changed(photograph, (x, i) => mask.data[Math.floor(i / 3)] ? x : 0);
  assertAlmostEquals(ssimInside(outside, photograph, mask), 1, 1e-9);
});

Deno.test("structural similarity is that of a plain window sum", () => {
  const a = makeImage("a"), b = makeImage("b"), mask = floatImage(SIZE, SIZE, 1);
  mask.data[20 * SIZE + 30] = 1;
  const render = changed(a, (x, i) => mask.data[Math.floor(i / 3)] ? x : 0.5);
  const photograph = changed(b, (x, i) => mask.data[Math.floor(i / 3)] ? x : 0.5);
  let sum = 0;
  for (let c = 0; c < 3; c++) {
    const moments = [0, 0, 0, 0, 0, 0]; // weight, x, y, xx, yy, xy
    for (let i = -5; i <= 5; i++) {
      for (let j = -5; j <= 5; j++) {
        const o = 3 * ((20 + i) * SIZE + 30 + j) + c, w = Math.exp(-(i * i + j * j) / 4.5);
        const x = render.data[o], y = photograph.data[o];
        [1, x, y, x * x, y * y, x * y].forEach((value, k) => moments[k] += w * value);
      }
    }
    const [w, x, y, xx, yy, xy] = moments, mx = x / w, my = y / w;
    sum += (2 * mx * my + 1e-4) * (2 * (xy / w - mx * my) + 9e-4) /
      ((mx * mx + my * my + 1e-4) * (xx / w - mx * mx + yy / w - my * my + 9e-4)) / 3;
  }
  assertAlmostEquals(ssimInside(a, b, mask), sum, 1e-6);
});

Deno.test("the coarser an image, the less similar", () => {
  const photograph = makeImage(), mask = disc(20);
  const figures = [1, 2, 4, 8].map((factor) => ssimInside(coarsen(photograph, factor), photograph, mask));
  for (let i = 1; i < figures.length; i++) assert(figures[i] < figures[i - 1] - 0.02, `${figures}`);
});

Deno.test("an image over grey keeps its colours inside the mask only", () => {
  const plain = { ...floatImage(1, 3, 3), data: new Float32Array(9).fill(0.9) };
  const mask = { ...floatImage(1, 3, 1), data: Float32Array.of(1, 0.5, 0) };
  const expected = [0.9, 0.7, 0.5].flatMap((value) => [value, value, value]);
  maskedOverGrey(plain, mask).data.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-6));
});
