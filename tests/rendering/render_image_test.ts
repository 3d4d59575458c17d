import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { dentedSphere } from "./scenes.ts";

const topology = sphereTopology();
const mesh = { ...topology, vertices: dentedSphere(31).vertices };
const red: FloatImage = {
  data: Float32Array.from({ length: 24 }, (_, i) => i % 3 === 0 ? 1 : 0),
  height: 2,
  width: 4,
  channels: 3,
};

Deno.test("a textured image has its colours inside, soft edges and a transparent background", () => {
  const { data, height, width, channels } = renderImage(mesh, red, { size: 40 });
  assertEquals([height, width, channels], [40, 40, 4]);
  const alpha = data.filter((_, i) => i % 4 === 3);
  assertEquals([alpha[0], alpha[20 * 40 + 20]], [0, 1]);
  assert(alpha.some((value) => value > 0.2 && value < 0.8));
  alpha.forEach((value, o) => {
    const expected = value > 0 ? [1, 0, 0] : [0, 0, 0];
    expected.forEach((color, c) => assertAlmostEquals(data[4 * o + c], color, 1e-5));
  });
});

Deno.test("strips join without a seam", () => {
  const size = 1200; // more samples than one strip holds
  const { data } = renderImage({ ...topology, vertices: mesh.vertices.map((x) => 4 * x) }, null, {
    size,
    supersample: 2,
  });
  assertEquals(data.every((value, i) => value === (i % 4 === 3 ? 1 : 0.75)), true);
});

Deno.test("the mean alpha is the share of the covered view, whatever the sampling", () => {
  const share = (supersample: number) => {
    const { data } = renderImage(mesh, null, { size: 32, supersample });
    return Array.from(data).reduce((sum, x, i) => sum + (i % 4 === 3 ? x : 0), 0) / 1024;
  };
  assertAlmostEquals(share(2), share(8), 3e-3);
});

Deno.test("light makes the side towards it brighter", () => {
  const { data } = renderImage(mesh, null, { size: 32, light: 0.8 });
  const at = (row: number, column: number) => data[4 * (row * 32 + column)];
  assert(at(10, 10) > at(21, 21) + 0.1);
});

Deno.test("wrong options are named", () => {
  assertThrowsWith(() => renderImage(mesh, null, { size: 4096 }), RangeError, "size", "1 to 2048", 4096);
  assertThrowsWith(() => renderImage(mesh, null, { supersample: 0 }), RangeError, "supersample", "1 to 8", 0);
  assertThrowsWith(() => renderImage(mesh, null, { light: 2 }), RangeError, "light", "0 to 1", 2);
  assertThrowsWith(() => renderImage(mesh, { ...red, height: 3 }, {}), TypeError, "texture", "[3, 4, 3]", 24);
});
