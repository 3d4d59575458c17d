import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { hardSilhouette } from "../../lib/rendering/hard_silhouette.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { softBorder, softTarget, squaredDistances, writeBorder } from "../../lib/rendering/soft_target.ts";

Deno.test("distances to a mask are those of the nearest pixel inside, found by trying all", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), (inside) => {
      const mask = Float32Array.from(inside, (value) => value ? 1 : 0);
      const squares = squaredDistances(mask, 8);
      for (let p = 0; p < 64; p++) {
        let least = Infinity;
        for (let q = 0; q < 64; q++) {
          if (!inside[q]) continue;
          least = Math.min(least, ((p >> 3) - (q >> 3)) ** 2 + ((p & 7) - (q & 7)) ** 2);
        }
        assertEquals(squares[p], least);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("a mesh that covers its mask has nearly no error against the soft target, a shrunk one has more", () => {
  const { vertices, faces } = sphereTopology(), size = 128;
  const options = { sharpness: 6000, boxMargin: 0.033 };
  const silhouette = new SoftSilhouette(faces, vertices.length / 3, size, options);
  const mask = hardSilhouette(vertices.map((x) => 0.6 * x), faces, size);
  const errorOf = (target: Float32Array, radius: number) => {
    silhouette.forward(vertices.map((x) => radius * x));
    return silhouette.meanSquaredError(target, target.reduce((sum, value) => sum + value * value, 0));
  };
  const radii = [0.58, 0.585, 0.59, 0.595, 0.6, 0.605, 0.61];
  const bestOf = (target: Float32Array) =>
    radii.reduce((best, radius) => errorOf(target, radius) < errorOf(target, best) ? radius : best);
  assert(Math.abs(bestOf(softTarget(mask, size, options)) - 0.6) < 0.006);
  assert(bestOf(mask) <= 0.59, "the plain mask draws the mesh inside");
  const target = softTarget(mask, size, options);
  assert(errorOf(target, 0.6) < errorOf(mask, 0.6) / 4);
});

Deno.test("without a margin the soft target is the mask, and an empty mask stays empty", () => {
  const mask = Float32Array.from({ length: 64 }, (_, i) => i % 3 === 0 ? 0.8 : 0.2);
  const cut = mask.map((share) => share > 0.5 ? 1 : 0);
  assertEquals(softTarget(mask, 8, { sharpness: 7000, boxMargin: 0 }), cut);
  assertEquals(softTarget(new Float32Array(64), 8, { sharpness: 10, boxMargin: 1 }), new Float32Array(64));
  const single = new Float32Array(64);
  single[27] = 1;
  const beside = softTarget(single, 8, { sharpness: 20, boxMargin: 1, faces: 1 })[28];
  assertAlmostEquals(beside, Math.exp(-20 * (0.5 * 2 / 8) ** 2), 1e-6);
  assertThrows(() => softTarget(mask, 7, { sharpness: 1, boxMargin: 1 }), TypeError);
});

Deno.test("a border of changing sharpness is that of the soft target", () => {
  const mask = Float32Array.from(
    { length: 256 },
    (_, p) => Math.hypot((p >> 4) - 8, (p & 15) - 7) < 4 ? 1 : 0,
  );
  const border = softBorder(mask, 16, 0.3);
  for (const sharpness of [10, 100]) {
    const target = mask.slice();
    const squares = writeBorder(border, sharpness, target);
    assertEquals(target, softTarget(mask, 16, { sharpness, boxMargin: 0.3 }));
    const sumOf = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    assertAlmostEquals(squares + sumOf(mask), sumOf(target), 1e-5);
  }
});
