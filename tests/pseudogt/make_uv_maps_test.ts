import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { type Tensor, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { isEmptyAlpha, makeUvMaps, visibilitySideOf } from "../../lib/pseudogt/make_uv_maps.ts";
import { uvLayout } from "../../lib/pseudogt/uv_layout.ts";
import { spreadVisible, visibleWeights } from "../../lib/pseudogt/visibility.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { render } from "../../lib/rendering/render.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";

await tf.setBackend("cpu");

const topology = sphereTopology();
const AXES = [0.7, 0.9, 0.6];
const object = Float32Array.from(topology.vertices, (value, i) => value * AXES[i % 3]);
const pose = (rotation: number[], scale = 0.8): Pose => ({
  rotation: rotation.map((value) => value / Math.hypot(...rotation)),
  scale,
  translation: [0.02, -0.03],
  perspective: 3,
});
const FRONT = pose([0.8, -0.5, 0.2, 0.3]);
const screenOf = (p: Pose): Float32Array => Float32Array.from(projectVertices(object, p));

/** A smooth texture, colours in [−1, 1]. */
function smoothTexture(side: number): FloatImage {
  const texture = floatImage(side, side, 3);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) {
      const u = 2 * Math.PI * (j + 0.5) / side, v = 1 - (i + 0.5) / side;
      texture.data.set([0.7 * Math.cos(u), 2 * v - 1, 0.6 * Math.sin(u) * v], (i * side + j) * 3);
    }
  }
  return texture;
}

/** A photograph of the object: colours times coverage, then coverage, `[S, S, 4]`. */
function photograph(p: Pose, size: number): FloatImage {
  const texture = smoothTexture(256);
  const shown = { ...texture, data: texture.data.map((value) => value / 2 + 0.5) };
  const image = renderImage({ ...topology, vertices: screenOf(p) }, shown, { size, supersample: 2 });
  const photo = floatImage(size, size, 4);
  for (let i = 0; i < size * size; i++) {
    const alpha = image.data[i * 4 + 3];
    for (let c = 0; c < 3; c++) photo.data[i * 4 + c] = (2 * image.data[i * 4 + c] - 1) * alpha;
    photo.data[i * 4 + 3] = alpha;
  }
  return photo;
}

const settings = { layout: uvLayout(topology, 64), visibilitySide: 32, symmetric: true };

Deno.test("scattered weights are the gradient of the image by the texture", () => {
  const size = 64, side = 16, screen = screenOf(FRONT);
  const fragments = rasterize(screen, topology.faces, size, size);
  const weights = visibleWeights(fragments, topology, side, true);
  const vertices = tf.tensor3d(screen, [1, 962, 3]);
  const gradient = tf.grad((texture: Tensor) =>
    tf.sum(render(vertices, texture as Tensor4D, topology, { size, symmetric: true }).image)
  )(tf.zeros([1, side, side, 3])).dataSync();
  let sum = 0;
  for (let i = 0; i < side * side; i++) {
    sum += weights[i];
    assert(weights[i] >= 0);
    for (let c = 0; c < 3; c++) assertAlmostEquals(gradient[i * 3 + c], weights[i], 1e-4);
    assertEquals(gradient[i * 3] > 0, weights[i] > 0);
  }
  assertAlmostEquals(sum, fragments.faceIndex.filter((face) => face >= 0).length, 0.05);
});

Deno.test("an object outside the image shows nothing", () => {
  const screen = screenOf(FRONT).map((value, i) => i % 3 === 0 ? value + 3 : value);
  const fragments = rasterize(screen, topology.faces, 32, 32);
  assert(visibleWeights(fragments, topology, 16, true).every((weight) => weight === 0));
  const { texture, alpha } = makeUvMaps(photograph(FRONT, 64), screen, topology, settings);
  assert(isEmptyAlpha(alpha));
  assert(texture.data.every((value) => value === 0));
});

Deno.test("a seen texel becomes its block and two texels on each side", () => {
  const weights = new Float32Array(8 * 8);
  weights[3 * 8 + 4] = 0.1;
  const visible = spreadVisible(weights, 8, 32);
  for (let i = 0; i < 32; i++) {
    for (let j = 0; j < 32; j++) {
      const inside = i >= 10 && i < 18 && j >= 14 && j < 22;
      assertEquals(visible[i * 32 + j], inside ? 1 : 0, `row ${i}, column ${j}`);
    }
  }
  assertEquals(spreadVisible(weights, 8, 8).indexOf(1), 3 * 8 + 4);
  assertEquals([visibilitySideOf(128, 1024), visibilitySideOf(64, 256)], [128, 32]);
});

Deno.test("the layout covers 30/31 of the square", () => {
  const { texels, resolution } = settings.layout;
  assertAlmostEquals(texels.length / resolution ** 2, 30 / 31, 1 / resolution);
});

Deno.test("colours come back from a photograph where it shows the surface", () => {
  const known = smoothTexture(64);
  const { texture, alpha } = makeUvMaps(photograph(FRONT, 512), screenOf(FRONT), topology, settings);
  let error = 0, count = 0;
  for (let i = 0; i < 64 * 64; i++) {
    assert(alpha.data[i] >= 0 && alpha.data[i] <= 1 + 1e-6);
    for (let c = 0; c < 3; c++) {
      assert(Math.abs(texture.data[i * 3 + c]) <= alpha.data[i] + 1e-6);
      if (alpha.data[i] > 0.9999) {
        error += Math.abs(texture.data[i * 3 + c] - known.data[i * 3 + c]) / 2;
        count++;
      }
    }
  }
  assert(count > 64 * 64 * 3 * 0.35, `only ${count} values are seen`);
  assert(error / count < 2 / 255, `mean difference ${error / count}`);
});

Deno.test("texels of faces that look away are not seen, but for the rim", () => {
  const { layout } = settings;
  const screen = screenOf(FRONT);
  const { alpha } = makeUvMaps(photograph(FRONT, 512), screen, topology, settings);
  const at = (vertex: number): number[] => [...screen.subarray(vertex * 3, vertex * 3 + 3)];
  layout.texels.forEach((texel, n) => {
    if (alpha.data[texel] === 0) return;
    const [a, b, c] = [0, 1, 2].map((k) => at(layout.corners[n * 3 + k]));
    const [p, q] = [b, c].map((corner) => corner.map((value, axis) => value - a[axis]));
    const normal = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
    assert(normal[2] / Math.hypot(...normal) > -0.35, `texel ${texel} looks away`);
  });
  const share = alpha.data.filter((value) => value > 0).length / alpha.data.length;
  assert(share > 0.4 && share < 0.62, `one view shows ${share}`);
});
