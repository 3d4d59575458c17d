import { assert, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import type { Mesh } from "../../lib/mesh/mesh.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import {
  multiplyQuaternions,
  normalizeQuaternion,
  rotateByQuaternion,
} from "../../lib/rendering/quaternion.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { TextureRenderer } from "../../lib/rendering/texture_renderer.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import { dentedSphere, largestDifference, largestOf, randomWeights } from "./scenes.ts";

const topology = sphereTopology();
const { faces } = topology;

Deno.test("turning mesh and camera together changes nothing", () => {
  const size = 64, prng = new Prng(1, "turns");
  const vertices = topology.vertices.map((x) => x * prng.uniform(0.9, 1));
  const rotation = normalizeQuaternion(prng.normals(4)), turn = normalizeQuaternion(prng.normals(4));
  const turned = new Float64Array(vertices.length);
  for (let i = 0; i < vertices.length; i += 3) {
    turned.set(rotateByQuaternion(turn, vertices.subarray(i, i + 3)), i);
  }
  const back = [turn[0], -turn[1], -turn[2], -turn[3]];
  const pose = { scale: 0.7, translation: [0.1, -0.05], perspective: 1 };
  const views = [
    projectVertices(vertices, { ...pose, rotation }),
    projectVertices(turned, { ...pose, rotation: multiplyQuaternions(rotation, back) }),
  ];
  assert(largestDifference(views[0], views[1]) < 1e-12);
  const images = views.map((view) => {
    const silhouette = new SoftSilhouette(faces, 962, size);
    silhouette.forward(view);
    return silhouette.image();
  });
  assert(largestDifference(images[0], images[1]) < 1e-6);
  assertEquals(
    ...views.map((view) => rasterize(view, faces, size, size).faceIndex) as [Int32Array, Int32Array],
  );
});

Deno.test("a mirrored mesh gives a mirrored image", () => {
  const size = 60, { vertices } = dentedSphere(41);
  const mirrored = vertices.map((value, i) => i % 3 === 0 ? -value : value);
  const turned = faces.map((_, i) => faces[i - i % 3 + [0, 2, 1][i % 3]]); // mirroring turns faces inside out
  const flip = (image: ArrayLike<number>) =>
    Float64Array.from(image, (_, o) => image[o - o % size + size - 1 - o % size]);
  for (const kernel of ["auto", "typescript"] as const) {
    const [image, other] = [[vertices, faces], [mirrored, turned]].map(([vertices, faces]) => {
      const silhouette = new SoftSilhouette(faces as Int32Array, 962, size, { kernel });
      silhouette.forward(vertices as Float64Array);
      return silhouette.image();
    });
    assert(largestDifference(flip(image), other) < 1e-6, kernel);
  }
  const seen = flip(rasterize(vertices, faces, size, size).faceIndex);
  assertEquals(Float64Array.from(rasterize(mirrored, turned, size, size).faceIndex), seen);
});

/** A textured renderer in float64, a view, and a random weight for each value of the image. */
function texturedView(channels: number) {
  const size = 20, texture = { height: 7, width: 10, channels };
  const mesh: Mesh = { ...topology, uvs: Float64Array.from(topology.uvs) };
  const renderer = new TextureRenderer(mesh, size, size, texture, { double: true });
  const texels = randomWeights(3, 7 * 10 * channels), weights = randomWeights(4, size * size * channels);
  const { vertices } = dentedSphere(42, 3); // large faces: the small term in the divisor is 1e-8 of the doubled area
  const dot = (image: ArrayLike<number>) => weights.reduce((sum, w, i) => sum + w * image[i], 0);
  return { renderer, texels, weights, vertices, dot };
}

for (const channels of [1, 3, 4]) {
  Deno.test(`gradients of the texture are those of the textured image, ${channels} channels`, () => {
    const { renderer, texels, weights, vertices, dot } = texturedView(channels);
    renderer.forward(vertices, texels);
    const gradient = new Float64Array(texels.length);
    renderer.backward(weights, gradient, null);
    checkGradient((moved) => dot(renderer.forward(vertices, moved)), texels, gradient);
  });
}

Deno.test("what a textured renderer drew before leaves no trace, also beside the view", () => {
  const { renderer, texels, weights } = texturedView(3);
  for (
    const [x, y, scale] of [[0, 0, 1], [0, 0.9, 0.2], [0, -1.05, 0.3], [0.5, 4, 0.3], [-0.9, 0, 2], [
      0,
      0,
      0.1,
    ]]
  ) {
    const view = dentedSphere(42, scale).vertices.map((value, i) => value + [x, y, 0][i % 3]);
    const [used, fresh] = [renderer, texturedView(3).renderer].map((one) => {
      const image = one.forward(view, texels).slice();
      const ofTexture = new Float64Array(texels.length), ofVertices = new Float64Array(2 * 962);
      const loss = one.meanSquaredError(weights, 0);
      one.backward(weights, ofTexture, ofVertices);
      return {
        image,
        loss,
        ofTexture,
        ofVertices,
        covered: one.fragments.faceIndex.map((face) => face >= 0 ? 1 : 0),
      };
    });
    assertEquals(used, fresh);
    used.covered.forEach((is, o) => {
      assertEquals(used.image.slice(3 * o, 3 * o + 3).some((value) => value !== 0), is === 1);
    });
  }
});

Deno.test("gradients of the vertices are those of the textured image, visible faces held fixed", () => {
  const { renderer, texels, weights, vertices } = texturedView(3);
  const before = renderer.forward(vertices, texels).slice();
  const { faceIndex } = renderer.fragments, fixed = faceIndex.slice();
  const gradient = new Float64Array(2 * 962);
  renderer.backward(weights, null, gradient);
  const full = vertices.map((_, i) => i % 3 === 2 ? 0 : gradient[2 * Math.floor(i / 3) + i % 3]);
  const loss = (moved: Float64Array) => {
    const image = renderer.forward(moved, texels);
    assertEquals(faceIndex, fixed, "the step is too long");
    return weights.reduce((sum, w, i) => sum + w * (image[i] - before[i]), 0);
  };
  checkGradient(loss, vertices, full);
});

Deno.test("the mean squared error of a textured image and its gradient are those of the image", () => {
  for (const channels of [2, 3]) {
    const { renderer, texels, vertices } = texturedView(channels);
    const image = renderer.forward(vertices, texels).slice();
    const target = randomWeights(5, image.length), squares = target.reduce((sum, x) => sum + x * x, 0);
    const loss = renderer.meanSquaredError(target, squares);
    const expected = target.reduce((sum, t, i) => sum + (image[i] - t) ** 2, 0) / image.length;
    assert(Math.abs(loss - expected) < 1e-12);
    const [texture, flat] = [new Float64Array(texels.length), new Float64Array(2 * 962)];
    renderer.backwardMeanSquaredError(texture, flat);
    const [sameTexture, sameFlat] = [new Float64Array(texels.length), new Float64Array(2 * 962)];
    renderer.backward(target.map((t, i) => 2 * (image[i] - t) / image.length), sameTexture, sameFlat);
    assert(largestDifference(texture, sameTexture) < 1e-15 + 1e-12 * largestOf(texture));
    assert(largestDifference(flat, sameFlat) < 1e-15 + 1e-12 * largestOf(flat));
  }
});
