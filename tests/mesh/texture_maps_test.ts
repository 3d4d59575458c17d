import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { adjustPoles } from "../reference/adjust_poles.ts";
import { padCircular, padCircularBackward } from "../reference/circular_padding.ts";
import { mirrorTexture } from "../../lib/mesh/mirror_texture.ts";
import { symmetrizeTexture, symmetrizeTextureBackward } from "../reference/symmetrize_texture.ts";

function randomImage(height: number, width: number, channels = 2, seed = 1): FloatImage {
  const data = Float64Array.from(new Prng(seed, "image").normals(height * width * channels));
  return { data, height, width, channels };
}

function row(...values: number[]): FloatImage {
  return { data: Float64Array.from(values), height: 1, width: values.length, channels: 1 };
}

function dot(a: FloatImage, b: FloatImage): number {
  return (a.data as Float64Array).reduce((sum, x, i) => sum + x * b.data[i], 0);
}

Deno.test("symmetrize texture: reflects at the quarters", () => {
  assertEquals(Array.from(symmetrizeTexture(row(1, 2, 3, 4)).data), [2, 1, 1, 2, 3, 4, 4, 3]);
  assertThrowsWith(() => symmetrizeTexture(row(1, 2, 3)), RangeError, "width", 3);
});

Deno.test("symmetrize texture: columns j and (W/2 − 1 − j) mod W are equal, so mirroring changes nothing", () => {
  const whole = symmetrizeTexture(randomImage(3, 8));
  assertEquals(whole.width, 16);
  for (let j = 0; j < 16; j++) {
    const mirror = (8 - 1 - j + 16) % 16;
    for (let i = 0; i < 3; i++) assertEquals(whole.data[(i * 16 + j) * 2], whole.data[(i * 16 + mirror) * 2]);
  }
  assertEquals(mirrorTexture(whole), whole);
});

Deno.test("mirror texture: its own inverse", () => {
  const texture = randomImage(3, 10);
  assertEquals(Array.from(mirrorTexture(row(0, 1, 2, 3, 4, 5)).data), [2, 1, 0, 5, 4, 3]);
  assertEquals(mirrorTexture(mirrorTexture(texture)), texture);
  assertThrowsWith(() => mirrorTexture(row(1, 2, 3)), RangeError, "width", 3);
});

Deno.test("adjust poles: the first and the last row become their means", () => {
  const map = randomImage(4, 6, 3);
  const adjusted = adjustPoles(map);
  for (let channel = 0; channel < 3; channel++) {
    let mean = 0;
    for (let j = 0; j < 6; j++) mean += map.data[3 * j + channel] / 6;
    for (let j = 0; j < 6; j++) assertAlmostEquals(adjusted.data[3 * j + channel], mean, 1e-12);
  }
  assertEquals(adjusted.data.slice(18, 54), map.data.slice(18, 54));
});

Deno.test("circular padding: continues around", () => {
  assertEquals(Array.from(padCircular(row(1, 2, 3), 2).data), [2, 3, 1, 2, 3, 1, 2]);
  assertEquals(Array.from(padCircular(row(1, 2, 3), 0, 1).data), [1, 2, 3, 1]);
  assertThrowsWith(() => padCircular(row(1, 2), 3), RangeError, 2, 3);
});

Deno.test("texture maps: gradients are the adjoints of the values", () => {
  const half = randomImage(4, 8);
  const cases: [(x: FloatImage) => FloatImage, (g: FloatImage) => FloatImage][] = [
    [symmetrizeTexture, symmetrizeTextureBackward],
    [(x) => padCircular(x, 2, 1), (g) => padCircularBackward(g, 2, 1)],
    [mirrorTexture, mirrorTexture],
    [adjustPoles, adjustPoles],
  ];
  for (const [forward, backward] of cases) {
    const output = forward(half);
    const weights = randomImage(output.height, output.width, 2, 2);
    assertAlmostEquals(dot(output, weights), dot(half, backward(weights)), 1e-12);
  }
});
