import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { interpolateAttributes, interpolateAttributesBackward } from "../reference/interpolate.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { gatherCorners } from "../../lib/rendering/separate_faces.ts";
import { separateFaces } from "../reference/separate_faces.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import { fixedFaces, fullSquare, largeFaces, largestOf, randomTriangles, randomWeights } from "./scenes.ts";

const SIZE = 12, CHANNELS = 3;
// Large faces only: the small term in the divisor is 1e-8 of the doubled area.
const { vertices, faces } = largeFaces(randomTriangles(5, 60, 0.5));
const fragments = rasterize(vertices, faces, SIZE, SIZE);
const attributes = { values: randomWeights(1, faces.length * CHANNELS), channels: CHANNELS }; // [F, 3, D]
const weights = randomWeights(2, SIZE * SIZE * CHANNELS); // [H, W, D]
const dot = (image: ArrayLike<number>) => weights.reduce((sum, w, i) => sum + w * image[i], 0);

function gradients() {
  const gradient = {
    attributes: new Float64Array(faces.length * CHANNELS),
    vertices: new Float64Array(vertices.length / 3 * 2),
  };
  interpolateAttributesBackward(attributes, fragments, { vertices, faces }, weights, gradient);
  return gradient;
}

Deno.test("gradients of the corner values are those of the interpolation", () => {
  const loss = (values: Float64Array) =>
    dot(interpolateAttributes({ values, channels: CHANNELS }, fragments));
  checkGradient(loss, attributes.values, gradients().attributes);
});

Deno.test("gradients of the vertices are those of the interpolation with visibility held fixed", () => {
  const loss = (moved: Float64Array) =>
    dot(interpolateAttributes(attributes, fixedFaces(fragments, moved, faces)));
  const flat = gradients().vertices;
  const full = vertices.map((_, i) => i % 3 === 2 ? 0 : flat[2 * Math.floor(i / 3) + i % 3]);
  checkGradient(loss, vertices, full);
});

Deno.test("constant attributes give no gradient to the vertices", () => {
  const constant = { values: new Float64Array(faces.length * CHANNELS).fill(0.3), channels: CHANNELS };
  const gradient = new Float64Array(vertices.length / 3 * 2);
  interpolateAttributesBackward(constant, fragments, { vertices, faces }, weights, { vertices: gradient });
  assert(largestOf(gradient) < 1e-12);
});

Deno.test("interpolating the corners' positions gives the pixel centres", () => {
  const square = fullSquare();
  const view = rasterize(square.vertices, square.faces, 3, 5);
  const corners = gatherCorners(square.vertices, square.faces, 3);
  const image = interpolateAttributes({ values: corners, channels: 3 }, view);
  for (let o = 0; o < 15; o++) {
    assertAlmostEquals(image[3 * o], (2 * (o % 5) + 1 - 5) / 5, 1e-12);
    assertAlmostEquals(image[3 * o + 1], (3 - 2 * Math.floor(o / 5) - 1) / 3, 1e-12);
  }
});

Deno.test("pixels beside the mesh are 0", () => {
  const image = interpolateAttributes(attributes, fragments);
  fragments.faceIndex.forEach((face, o) => {
    if (face < 0) assertEquals(Array.from(image.subarray(3 * o, 3 * o + 3)), [0, 0, 0]);
  });
});

Deno.test("loose triangles become a mesh of three vertices a face", () => {
  const mesh = separateFaces(Float32Array.of(0, 1, 2, 3, 4, 5), Float32Array.of(7, 8, 9));
  assertEquals(mesh.vertices, Float32Array.of(0, 1, 7, 2, 3, 8, 4, 5, 9));
  assertEquals(mesh.faces, Int32Array.of(0, 1, 2));
  assertThrowsWith(() => separateFaces(new Float32Array(5)), TypeError, "corners", "[F, 3, 2]", 5);
  assertThrowsWith(
    () => gatherCorners(new Float32Array(4), Int32Array.of(0, 1, 2), 2),
    RangeError,
    "face 0",
    2,
  );
});
