/** Meshes that reach through the near plane of a pinhole: what is drawn, and its gradients. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  antialias,
  antialiasBackward,
  interpolateMesh,
  interpolateMeshBackward,
  lookAtCamera,
  mipLevels,
  projectToScreen,
  projectToScreenBackward,
  rasterizeMesh,
  softMask,
  texturedMesh,
} from "../../lib/rendering/mod.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import { dotOf, fixedFaces, largestDifference, largestOf, randomWeights } from "./scenes.ts";

const H = 18, W = 26, camera = lookAtCamera({ eye: [0.2, -4, 1], target: [0, 0, 0.3] }, 1, { aspect: W / H });
/** A floor z = 0 from y = −9, behind the eye, to y = 6; its texture coordinates are its places. */
const floor = Float64Array.of(-2, -9, 0, 2, -9, 0, 2, 6, 0, -2, 6, 0),
  faces = Int32Array.of(0, 1, 2, 0, 2, 3);
const uvs = Float64Array.of(-2, -9, 2, -9, 2, 6, -2, 6);
const screen = projectToScreen(floor, camera) as Float64Array, mesh = { screen, faces };
const attribute = { values: uvs, indices: faces, channels: 2 };

/** Where the ray of a pixel meets the floor: distance, and place. */
function rayAt(o: number) {
  const [sx, sy] = [(2 * (o % W) + 1 - W) / W, (H - 2 * Math.floor(o / W) - 1) / H];
  const p = camera.parameters, view = [p[3] - p[0], p[4] - p[1], p[5] - p[2]], length = Math.hypot(...view);
  const [x, y, z] = view.map((value) => value / length), right = [y, -x, 0], r = Math.hypot(y, x);
  const [rx, ry] = [right[0] / r, right[1] / r], down = [y * 0 - z * ry, z * rx - x * 0, x * ry - y * rx];
  const [a, b] = [(sx - p[11]) / p[9], (p[12] - sy) / p[10]];
  const ray = [x + a * rx + b * down[0], y + a * ry + b * down[1], z + b * down[2]];
  const distance = -p[2] / ray[2];
  return { distance, place: [p[0] + distance * ray[0], p[1] + distance * ray[1]] };
}

Deno.test("a floor that reaches behind the camera is seen where its rays meet it", () => {
  for (const near of [0.01, 2, 3.1]) {
    const fragments = rasterizeMesh(screen, faces, { height: H, width: W, near });
    const at = interpolateMesh(attribute, mesh, fragments);
    let covered = 0;
    fragments.faceIndex.forEach((face, o) => {
      const { distance, place: [x, y] } = rayAt(o);
      const isSeen = distance >= near && Math.abs(x) <= 2 && y <= 6;
      assertEquals(face >= 0, isSeen, `pixel ${o}, near ${near}`);
      if (!isSeen) return;
      covered++;
      assertAlmostEquals(at[2 * o], x, 1e-9);
      assertAlmostEquals(at[2 * o + 1], y, 1e-9);
      assertAlmostEquals(fragments.depth[o], 1 / distance, 1e-9);
    });
    assert(covered > (near < 1 ? 150 : 40), `${covered} pixels`);
  }
});

Deno.test("in float32 a floor behind the camera is drawn the same", () => {
  const single = Float32Array.from(floor), options = { height: H, width: W };
  const positions = projectToScreen(single, { ...camera, parameters: Float32Array.from(camera.parameters) });
  const fragments = rasterizeMesh(positions, faces, options);
  const differing = rasterizeMesh(screen, faces, options).faceIndex.filter((f, o) =>
    f !== fragments.faceIndex[o]
  );
  assert(differing.length <= 1);
  const at = interpolateMesh(
    { ...attribute, values: Float32Array.from(uvs) },
    { screen: positions, faces },
    fragments,
  );
  fragments.faceIndex.forEach((face, o) => {
    if (face >= 0) assertAlmostEquals(at[2 * o + 1], rayAt(o).place[1], 2e-4);
  });
});

Deno.test("culling, order and nearness hold for faces that reach behind the camera", () => {
  const turned = faces.map((_, i) => faces[i - i % 3 + [0, 2, 1][i % 3]]), size = { height: H, width: W };
  const count = (faces: Int32Array, cull: "back" | "none") =>
    rasterizeMesh(screen, faces, { ...size, cull }).faceIndex.filter((face) => face >= 0).length;
  assertEquals(count(turned, "back"), 0);
  assertEquals(count(turned, "none"), count(faces, "back"));
  // A wall before the horizon hides it; one in its place twice shows the first.
  const wall = Float64Array.of(-9, 1, -5, 9, 1, -5, 0, 1, 9);
  const both = projectToScreen(Float64Array.of(...floor, ...wall), camera);
  const seen = rasterizeMesh(both, Int32Array.of(...faces, 4, 5, 6), size).faceIndex;
  seen.forEach((face, o) => {
    const { distance, place: [x, y] } = rayAt(o);
    if (distance > 0 && Math.abs(x) <= 2 && y < 0.999) assert(face === 0 || face === 1, `pixel ${o}`);
    else if (y > 1.001 || distance < 0) assert(face === 2 || face === -1, `pixel ${o}`);
  });
  const twice = rasterizeMesh(screen, Int32Array.of(...faces, ...faces), size).faceIndex;
  assert(twice.every((face) => face < 2));
  const nan = screen.slice();
  nan[0] = NaN;
  assertEquals(rasterizeMesh(nan, faces, size).faceIndex.filter((face) => face >= 0).length, 0);
  assertThrowsWith(() => rasterizeMesh(screen, faces, { ...size, near: 0 }), RangeError, "near", 0);
  assertThrowsWith(() => softMask(faces, 4, { ...size, near: -1 }), RangeError, "near", -1);
});

Deno.test("gradients of a face behind the camera: values, screen, vertices, camera", () => {
  const fragments = rasterizeMesh(screen, faces, { height: H, width: W }),
    weights = randomWeights(1, 2 * H * W);
  const gradients = { values: new Float64Array(8), screen: new Float64Array(16) };
  interpolateMeshBackward(attribute, mesh, fragments, weights, gradients);
  const at = (values: Float64Array, moved: Float64Array) =>
    dotOf(
      weights,
      interpolateMesh(
        { ...attribute, values },
        { screen: moved, faces },
        fixedFaces(fragments, moved, faces, 4),
      ),
    );
  checkGradient((values) => at(values, screen), uvs, gradients.values, { stride: 2 });
  checkGradient((moved) => at(uvs, moved), screen, gradients.screen, { stride: 4 });
  const of = { vertices: new Float64Array(12), parameters: new Float64Array(13) };
  projectToScreenBackward(floor, camera, gradients.screen, of);
  checkGradient((moved) => at(uvs, projectToScreen(moved, camera) as Float64Array), floor, of.vertices, {
    stride: 3,
  });
  const ofCamera = (parameters: Float64Array) =>
    at(uvs, projectToScreen(floor, { ...camera, parameters }) as Float64Array);
  checkGradient(ofCamera, camera.parameters, of.parameters, { stride: 13 });
  // The loop of textured images, the blended contour and the levels read the same.
  const texture = { data: randomWeights(2, 8 * 8 * 2), height: 8, width: 8, channels: 2 };
  const renderer = texturedMesh({ faces, uvs: uvs.map((x) => x / 40), faceUvs: faces }, {
    height: H,
    width: W,
  });
  const drawn = renderer.forward(screen, texture), ofScreen = new Float64Array(16);
  assert(largestOf(drawn) > 0.1);
  renderer.backward(weights, { screen: ofScreen });
  checkGradient((moved) => dotOf(weights, renderer.forward(moved, texture)), screen, ofScreen, { stride: 4 });
  const image = { data: drawn, height: H, width: W, channels: 2 }, ofContour = new Float64Array(16);
  antialiasBackward(image, mesh, fragments, weights, { screen: ofContour });
  checkGradient(
    (moved) => dotOf(weights, antialias(image, { screen: moved, faces }, fragments)),
    screen,
    ofContour,
    { stride: 4 },
  );
  const levels = mipLevels(attribute, mesh, fragments, { height: 64, width: 64 });
  assert(levels.every((level) => level >= 0 && level < 20) && largestOf(levels) > 1);
});

Deno.test("a soft mask is cut at the near plane, with gradients through the cut", () => {
  const options = { height: H, width: W, sharpness: 300, boxMargin: 0.3, near: 2.5 };
  const mask = softMask(faces, 4, options), soft = mask.forward(screen);
  const { faceIndex } = rasterizeMesh(screen, faces, options);
  assertEquals(soft.map((value) => Number(value === 1)), soft.map((_, o) => Number(faceIndex[o] >= 0)));
  // Of a triangle with two corners behind the plane, a triangle is left: the same as one that ends there.
  const point = (v: number) => floor.subarray(3 * v, 3 * v + 3),
    distanceOf = (v: number) => -screen[4 * v + 2];
  const ended = [0, 1].flatMap((v) => {
    const share = (distanceOf(3) - 2.5) / (distanceOf(3) - distanceOf(v));
    return Array.from(point(3), (value, k) => value + share * (point(v)[k] - value));
  });
  const left = projectToScreen(Float64Array.of(...ended, ...point(3)), camera);
  const expected = softMask(Int32Array.of(0, 1, 2), 3, { ...options, near: 0.01 }).forward(left);
  const cut = softMask(Int32Array.of(0, 1, 3), 4, options).forward(screen);
  assert(expected.some((value) => value === 1));
  expected.forEach((value, o) => assertAlmostEquals(cut[o], value, 1e-7));
  const weights = randomWeights(3, H * W).map((w, o) => soft[o] > 0.8 && soft[o] < 1 ? 0 : w);
  const gradient = new Float64Array(16);
  mask.forward(screen);
  mask.backward(weights, gradient);
  assert(Math.abs(gradient[3]) > 1e-3, "the cut moves with the vertex behind it");
  checkGradient((moved) => dotOf(weights, mask.forward(moved)), screen, gradient, { stride: 4 });
  const fast = softMask(faces, 4, options), single = new Float32Array(16);
  assert(largestDifference(fast.forward(Float32Array.from(screen)), soft) < 1e-3);
  fast.backward(Float32Array.from(weights), single);
  assert(largestDifference(single, gradient) < 1e-2 * largestOf(gradient));
});
