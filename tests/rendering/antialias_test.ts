/** Edge antialiasing: coverages, which sides are blended, and gradients of the contour. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import {
  antialias,
  antialiasBackward,
  lookAtCamera,
  projectToScreen,
  rasterizeMesh,
  type ScreenMesh,
} from "../../lib/rendering/mod.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import { dotOf, largestOf, perspectiveScreen, randomTriangles, randomWeights } from "./scenes.ts";

/** Flat triangles, `[V, 4]`, with these x, y and z. */
function meshOf(corners: readonly number[]): ScreenMesh {
  const screen = Float64Array.from(
    { length: corners.length / 3 * 4 },
    (_, i) => i % 4 === 3 ? 1 : corners[3 * Math.floor(i / 4) + i % 4],
  );
  return { screen, faces: Int32Array.from({ length: corners.length / 3 }, (_, i) => i) };
}

/** The blended image of the mask. */
function coverageOf(mesh: ScreenMesh, height: number, width: number) {
  const fragments = rasterizeMesh(mesh.screen, mesh.faces, { height, width });
  const data = Float64Array.from(fragments.faceIndex, (face) => Number(face >= 0));
  const image = { data, height, width, channels: 1 };
  return { fragments, image, smooth: antialias(image, mesh, fragments) };
}

for (const [height, width] of [[6, 10], [10, 6]]) {
  Deno.test(`upright and level contours cover exact shares of pixels of ${height} × ${width}`, () => {
    const left = -0.37, right = 0.41, low = -0.53, high = 0.29;
    const quad = meshOf([
      left,
      low,
      0,
      right,
      low,
      0,
      right,
      high,
      0,
      left,
      low,
      0,
      right,
      high,
      0,
      left,
      high,
      0,
    ]);
    // Both halves share their vertices, so that the diagonal is within the surface.
    const mesh = { ...quad, faces: Int32Array.of(0, 1, 2, 0, 2, 5) };
    const { smooth, fragments } = coverageOf(mesh, height, width);
    const share = (from: number, to: number, low: number, high: number) =>
      Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
    smooth.forEach((value, o) => {
      const i = Math.floor(o / width), j = o % width;
      const across = share(2 * j / width - 1, 2 * (j + 1) / width - 1, left, right);
      const down = share(1 - 2 * (i + 1) / height, 1 - 2 * i / height, low, high);
      if (across === 1 || down === 1) assertAlmostEquals(value, across * down, 1e-12, `pixel ${i}, ${j}`);
    });
    assert(smooth.some((value) => value > 0.01 && value < 0.99) && fragments.faceIndex.includes(1));
  });
}

Deno.test("the sum of a blended mask is the area of a triangle, and its gradient that of the area", () => {
  const corners = [-0.71, -0.63, 0, 0.66, -0.42, 0, -0.18, 0.77, 0], size = 64, pixel = (2 / size) ** 2;
  const mesh = meshOf(corners), { smooth, image, fragments } = coverageOf(mesh, size, size);
  const [ax, ay, , bx, by, , cx, cy] = corners;
  const area = ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2;
  const sum = dotOf(smooth, new Float64Array(smooth.length).fill(pixel));
  assertAlmostEquals(sum, area, 2e-3 * area);
  const gradient = new Float64Array(12);
  antialiasBackward(image, mesh, fragments, new Float64Array(size * size).fill(pixel), { screen: gradient });
  const expected = [by - cy, cx - bx, cy - ay, ax - cx, ay - by, bx - ax].map((value) => value / 2);
  expected.forEach((value, i) =>
    assertAlmostEquals(gradient[4 * (i >> 1) + i % 2], value, 0.03, `entry ${i}`)
  );
});

for (const [height, width] of [[9, 14], [14, 9]]) {
  Deno.test(`gradients of antialiasing of ${height} × ${width} to images and to x and y`, () => {
    const { vertices, faces } = randomTriangles(5, 40, 0.5), screen = perspectiveScreen(vertices);
    const fragments = rasterizeMesh(screen, faces, { height, width, cull: "none" }), mesh = { screen, faces };
    const image = { data: randomWeights(1, height * width * 2), height, width, channels: 2 };
    const weights = randomWeights(2, image.data.length);
    const gradients = { image: new Float64Array(image.data.length), screen: new Float64Array(screen.length) };
    antialiasBackward(image, mesh, fragments, weights, gradients);
    assert(largestOf(gradients.screen) > 0.1);
    checkGradient(
      (data) => dotOf(weights, antialias({ ...image, data }, mesh, fragments)),
      image.data,
      gradients.image,
      { stride: 2 },
    );
    const ofScreen = (moved: Float64Array) =>
      dotOf(weights, antialias(image, { screen: moved, faces }, fragments));
    checkGradient(ofScreen, screen, gradients.screen, { stride: 4 });
  });
}

Deno.test("sides within a surface are not blended, those before something farther are", () => {
  const { vertices, faces } = sphereTopology();
  const camera = lookAtCamera({ eye: [3, -2, 1], target: [0, 0, 0] }, 0.9);
  const screen = projectToScreen(Float64Array.from(vertices), camera), size = 24;
  const fragments = rasterizeMesh(screen, faces, { height: size, width: size });
  const data = randomWeights(3, size * size).map((value, o) => fragments.faceIndex[o] < 0 ? 0 : value + 2);
  const smooth = antialias({ data, height: size, width: size, channels: 1 }, { screen, faces }, fragments);
  smooth.forEach((value, o) => {
    const around = [o - 1, o + 1, o - size, o + size].map((p) => fragments.faceIndex[p]);
    const isInside = [fragments.faceIndex[o], ...around].every((face) => face >= 0);
    if (isInside) assertEquals(value, data[o], `pixel ${o}`);
  });
  assert(smooth.some((value, o) => value !== data[o]));

  // A bright triangle before a dark one: its right side passes a quarter of a pixel beyond the centres of a column.
  const x = 0.25 + 0.25 / 4, near = [-0.6, -2, 0, x, -2, 0, x, 3, 0], far = [-3, -3, -1, 3, -3, -1, 0, 9, -1];
  const mesh = meshOf([...near, ...far]),
    both = rasterizeMesh(mesh.screen, mesh.faces, { height: 8, width: 8 });
  const bright = Float64Array.from(both.faceIndex, (face) => face === 0 ? 1 : 0.2);
  const blended = antialias({ data: bright, height: 8, width: 8, channels: 1 }, mesh, both);
  const row = 4 * 8; // centres at x = −0.875, …, 0.125, 0.375
  assertEquals([both.faceIndex[row + 4], both.faceIndex[row + 5]], [0, 1]);
  assertAlmostEquals(blended[row + 5], 0.2 + 0.8 * ((x - 0.125) / 0.25 - 0.5), 1e-12);
});

Deno.test("a contour that goes on behind the camera is blended too", () => {
  // A floor from far ahead to behind the eye, and one that ends in front of it, below the image.
  const camera = lookAtCamera({ eye: [0, -4, 1], target: [0, 0, 0.4] }, 1),
    faces = Int32Array.of(0, 1, 2, 0, 2, 3);
  const [behind, before] = [-9, -3.5].map((y) => {
    const points = Float64Array.of(-1, y, 0, 1, y, 0, 1, 6, 0, -1, 6, 0);
    return { screen: projectToScreen(points, camera), faces };
  });
  const found = coverageOf(behind, 20, 20), expected = coverageOf(before, 20, 20);
  assert(behind.screen[3] < 0 && expected.smooth.some((value) => value > 0.1 && value < 0.9));
  expected.smooth.forEach((value, o) => assertAlmostEquals(found.smooth[o], value, 1e-12, `pixel ${o}`));
});

Deno.test("wrong shapes of antialiasing are named", () => {
  const mesh = meshOf([-0.5, -0.5, 0, 0.5, -0.5, 0, 0, 0.5, 0]),
    { image, fragments } = coverageOf(mesh, 4, 6);
  assertThrowsWith(() => antialias({ ...image, width: 5 }, mesh, fragments), TypeError, "image", "[4, 5, 1]");
  const wrong = { ...mesh, faces: Int32Array.of(0, 1, 3) };
  assertThrowsWith(() => antialias(image, wrong, fragments), RangeError, "face 0", "(0, 1, 3)");
  assertThrowsWith(
    () => antialiasBackward(image, mesh, fragments, new Float64Array(3), {}),
    TypeError,
    "gradientSmooth",
    "[24]",
    3,
  );
});
