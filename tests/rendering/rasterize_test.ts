import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { createFragments, rasterize } from "../../lib/rendering/rasterize.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { dentedSphere, fullSquare, randomTriangles } from "./scenes.ts";

const triangle = (...xyz: number[]) => ({ vertices: Float64Array.from(xyz), faces: Int32Array.of(0, 1, 2) });
const covered = (faceIndex: Int32Array) => faceIndex.filter((face) => face >= 0).length;

Deno.test("a square of two triangles covers each pixel once", () => {
  const { vertices, faces } = fullSquare();
  for (const [height, width] of [[8, 8], [5, 7], [1, 6], [6, 1], [1, 1]]) {
    const both = rasterize(vertices, faces, height, width).faceIndex;
    assertEquals(both.every((face) => face >= 0), true);
    const ends = [faces.subarray(0, 3), faces.subarray(3)].map((one) =>
      covered(rasterize(vertices, one, height, width).faceIndex)
    );
    const diagonal = height === width ? height : ends[0] + ends[1] - height * width;
    assertEquals(ends[0] + ends[1], height * width + diagonal, "only the diagonal belongs to both");
  }
});

Deno.test("moving a mesh by one pixel moves the face map by one column", () => {
  const size = 16;
  const { vertices, faces } = randomTriangles(3, 20);
  const moved = vertices.map((value, i) => i % 3 === 0 ? value + 2 / size : value);
  const before = rasterize(vertices, faces, size, size).faceIndex;
  const after = rasterize(moved, faces, size, size).faceIndex;
  for (let o = 0; o < before.length; o++) {
    if (o % size < size - 1) assertEquals(after[o + 1], before[o]);
  }
});

Deno.test("row 0 is at the top and column 0 at the left", () => {
  const { vertices, faces } = triangle(-1, 0, 0, 0, 1, 0, -1, 1, 0);
  const { faceIndex } = rasterize(vertices, faces, 4, 4);
  assertEquals(Array.from(faceIndex), [0, 0, -1, -1, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1]);
});

Deno.test("boxes are half open: left and lower side belong to a face, right and upper side do not", () => {
  // Pixel centres of a 4 × 4 image are at ±0.25 and ±0.75; the triangle's sides run through them.
  const { vertices, faces } = triangle(-0.75, -0.75, 0, 0.25, -0.75, 0, -0.75, 0.25, 0);
  const { faceIndex } = rasterize(vertices, faces, 4, 4);
  assertEquals(Array.from(faceIndex), [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, -1, -1, 0, 0, -1, -1]);
});

Deno.test("the nearer face is seen, and of equal ones the first", () => {
  const a = [-1, -1, 0, 3, -1, 0, -1, 3, 0], nearer = a.map((value, i) => i % 3 === 2 ? 0.5 : value);
  const six = Int32Array.of(0, 1, 2, 3, 4, 5);
  assertEquals(
    rasterize(Float64Array.from([...a, ...nearer]), six, 2, 2).faceIndex,
    Int32Array.of(1, 1, 1, 1),
  );
  assertEquals(rasterize(Float64Array.from([...nearer, ...a]), six, 2, 2).faceIndex, new Int32Array(4));
  for (const kind of [Float32Array, Float64Array]) {
    const twice = rasterize(kind.from([...a, ...a.slice(3), ...a.slice(0, 3)]), six, 9, 9);
    assertEquals(covered(twice.faceIndex), 81);
    assertEquals(twice.faceIndex.every((face) => face === 0), true);
  }
});

Deno.test("a back-facing face is left out, unless it is asked for", () => {
  const { vertices } = triangle(-1, -1, 0, 3, -1, 0, -1, 3, 0);
  const away = Int32Array.of(0, 2, 1);
  assertEquals(covered(rasterize(vertices, away, 4, 4).faceIndex), 0);
  const all = rasterize(vertices, away, 4, 4, undefined, { drawnFaces: Uint8Array.of(1) });
  assertEquals(covered(all.faceIndex), 16);
});

Deno.test("weights sum to 1 and give back the pixel and the depth", () => {
  const size = 24;
  const { vertices, faces } = dentedSphere(1);
  const { faceIndex, barycentric, depth } = rasterize(vertices, faces, size, size);
  assert(covered(faceIndex) > 100);
  faceIndex.forEach((face, o) => {
    const weights = Array.from(barycentric.subarray(3 * o, 3 * o + 3));
    if (face < 0) return assertEquals([...weights, depth[o]], [0, 0, 0, -Infinity]);
    const at = (axis: number) =>
      weights.reduce((sum, w, i) => sum + w * vertices[3 * faces[3 * face + i] + axis], 0);
    assertAlmostEquals(at(0), (2 * (o % size) + 1 - size) / size, 1e-9);
    assertAlmostEquals(at(1), (size - 2 * Math.floor(o / size) - 1) / size, 1e-9);
    assertAlmostEquals(at(2), depth[o], 1e-9);
  });
});

Deno.test("a closed mesh has no cracks", () => {
  const size = 64;
  const { vertices, faces } = dentedSphere(2, 4); // larger than the view
  assertEquals(covered(rasterize(Float32Array.from(vertices), faces, size, size).faceIndex), size * size);
});

Deno.test("faces without area, beside the view, huge or not numbers do no harm", () => {
  const cases: [string, number[], number][] = [
    ["a line between pixel centres", [-1, -1, 0, 0.3, 0.2, 0, 1, 0.9, 0], 0],
    ["a point", [0.1, 0.1, 0, 0.1, 0.1, 0, 0.1, 0.1, 0], 0],
    ["left of the view", [-3, -1, 0, -2, -1, 0, -3, 1, 0], 0],
    ["above the view", [-1, 2, 0, 1, 2, 0, 0, 3, 0], 0],
    ["around the view", [-1e9, -1e9, 0, 1e9, -1e9, 0, 0, 1e9, 0], 64],
    ["far away", [1e30, 0, 0, 2e30, 0, 0, 1e30, 1e30, 0], 0],
    ["no number in x", [NaN, -1, 0, 1, -1, 0, 0, 1, 0], 0],
    ["no number in z", [-1, -1, NaN, 1, -1, 0, 0, 1, 0], 0],
    ["infinite", [-Infinity, -1, 0, 1, -1, 0, 0, 1, 0], 0],
  ];
  for (const [name, xyz, expected] of cases) {
    const { vertices, faces } = triangle(...xyz);
    const { faceIndex, barycentric } = rasterize(vertices, faces, 8, 8);
    assertEquals(covered(faceIndex), expected, name);
    assertEquals(barycentric.every(Number.isFinite), true, name);
  }
});

Deno.test("fragments can be used again", () => {
  const { vertices, faces } = randomTriangles(4, 10);
  const fragments = createFragments(9, 11, vertices);
  rasterize(fullSquare().vertices, fullSquare().faces, 9, 11, fragments);
  assertEquals(rasterize(vertices, faces, 9, 11, fragments), rasterize(vertices, faces, 9, 11));
  assertEquals(rasterize(Float32Array.from(vertices), faces, 9, 11).depth.constructor, Float32Array);
});

Deno.test("wrong arguments are named", () => {
  const { vertices } = fullSquare();
  assertThrowsWith(
    () => rasterize(vertices, Int32Array.of(0, 1, 2, 0, 2, 4), 4, 4),
    RangeError,
    "face 1",
    "0 to 3",
    "(0, 2, 4)",
  );
  assertThrowsWith(() => rasterize(vertices, Int32Array.of(0, -1, 2), 4, 4), RangeError, "face 0");
  assertThrowsWith(() => rasterize(vertices, Int32Array.of(0, 1), 4, 4), TypeError, "faces", "[F, 3]", 2);
  assertThrowsWith(() => rasterize(vertices, Int32Array.of(0, 1, 2), 0, 4), RangeError, "0 × 4");
  assertThrowsWith(
    () => rasterize(vertices, Int32Array.of(0, 1, 2), 4, 4, createFragments(4, 5, vertices)),
    TypeError,
    "faceIndex",
    "[4, 4]",
    20,
  );
});
