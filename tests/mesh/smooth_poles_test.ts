import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { mirrorTexture } from "../../lib/mesh/mirror_texture.ts";
import { smoothPoles } from "../../lib/mesh/smooth_poles.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { uvLayout } from "../../lib/pseudogt/uv_layout.ts";
import { sampleTexture, sphereColumns } from "../../lib/rendering/texture.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

function noise(side: number): FloatImage {
  const image = floatImage(side, side, 3), prng = new Prng(1, "noise");
  image.data.forEach((_, i) => image.data[i] = prng.uniform(-1, 1));
  return image;
}

/** Largest difference within a row. */
function variation({ data, width, channels }: FloatImage, row: number): number {
  const values = data.subarray(row * width * channels, (row + 1) * width * channels);
  return Math.max(...values.map((value, i) => Math.abs(value - values[i % channels])));
}

/** Colours on both sides of the edges between a cap's triangles, at a share of the way from ring to pole. */
function acrossEdges(texture: FloatImage, v: number): number[] {
  const share = 31 * Math.min(v, 1 - v), uvs: number[] = [];
  for (let segment = 0; segment < 32; segment++) {
    for (const side of [-1, 1]) uvs.push((segment + 0.5 + side * share / 2) / 32, 1 - v);
  }
  const colours = sampleTexture(texture, Float64Array.from(uvs), sphereColumns(texture.width, true));
  const sums: number[] = [];
  for (let segment = 0; segment < 32; segment++) {
    const [end, start] = [2 * segment + 1, (2 * segment + 2) % 64];
    let sum = 0;
    for (let c = 0; c < 3; c++) sum += Math.abs(colours[3 * end + c] - colours[3 * start + c]) / 3;
    sums.push(sum);
  }
  return sums;
}

for (const side of [64, 128, 256]) {
  Deno.test(`smoothPoles leaves one colour at each pole and no star around it, ${side} texels`, () => {
    const before = noise(side), after = smoothPoles(before);
    for (const row of [0, side - 1]) {
      assert(variation(before, row) > 1);
      assert(variation(after, row) < 1e-6, `${variation(after, row)} in row ${row}`);
    }
    for (const fraction of [0.2, 0.5, 0.8]) {
      for (const v of [fraction / 31, 1 - fraction / 31]) {
        const edges = Math.max(...acrossEdges(after, v)), edgesBefore = Math.max(...acrossEdges(before, v));
        assert(edgesBefore > 0.2 && edges < 0.06, `${edges} after ${edgesBefore}, ${fraction} from the pole`);
      }
    }
  });
}

Deno.test("smoothPoles keeps plain textures, the middle rows, and mirror images", () => {
  const plain = { ...noise(64), data: new Float32Array(64 * 64 * 3).fill(0.25) };
  assertAllClose(smoothPoles(plain).data, plain.data);
  const before = noise(64), after = smoothPoles(before);
  assertAllClose(after.data.subarray(30 * 192, 34 * 192), before.data.subarray(30 * 192, 34 * 192), {
    absolute: 1e-6,
  });
  assertAllClose(smoothPoles(mirrorTexture(before)).data, mirrorTexture(after).data);
});

Deno.test("smoothPoles does not look at texels that no photograph can show", () => {
  const before = noise(128), other = { ...before, data: before.data.slice() };
  const shown = new Set(uvLayout(sphereTopology(), 128).texels);
  let hidden = 0;
  for (let texel = 0; texel < 128 * 128; texel++) {
    if (shown.has(texel)) continue;
    other.data.fill(1, 3 * texel, 3 * texel + 3);
    hidden++;
  }
  assert(hidden >= 2 * 128);
  assertEquals(smoothPoles(other).data, smoothPoles(before).data);
});

Deno.test("smoothPoles follows the colours around a pole", () => {
  const texture = floatImage(128, 128, 1);
  for (let i = 0; i < 128 * 128; i++) texture.data[i] = Math.cos(2 * Math.PI * (i % 128 + 0.5) / 128);
  const after = smoothPoles(texture);
  for (let column = 0; column < 128; column++) { // the row of the first ring: not turned, and still there
    const ratio = after.data[5 * 128 + column] / texture.data[5 * 128 + column];
    if (Math.abs(texture.data[5 * 128 + column]) > 0.1) assertAlmostEquals(ratio, 0.9, 0.1);
  }
});

Deno.test("smoothPoles refuses a width that the sphere's segments do not divide", () => {
  assertThrowsWith(() => smoothPoles(floatImage(40, 40, 3)), RangeError, "width", 32, 40);
});
