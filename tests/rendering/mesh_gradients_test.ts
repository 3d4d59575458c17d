/** Gradients of the array operations for any mesh, in float64 along random directions. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { computeVertexNormals, computeVertexNormalsBackward } from "../../lib/mesh/vertex_normals.ts";
import {
  type Camera,
  interpolateMesh,
  interpolateMeshBackward,
  lookAtCamera,
  mipLevels,
  orthographicCamera,
  perspectiveCamera,
  poseCamera,
  projectToScreen,
  projectToScreenBackward,
  rasterizeMesh,
  type SampleOptions,
  sampleUvTexture,
  sampleUvTextureBackward,
  softMask,
} from "../../lib/rendering/mod.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import { fixedFaces, largeFaces, largestOf, randomTriangles, randomWeights } from "./scenes.ts";

const H = 9,
  W = 14,
  dotOf = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  };
const { vertices: flat, faces } = largeFaces(randomTriangles(5, 60, 0.5));
const V = flat.length / 3;
/** Random triangles in perspective, `[V, 4]`. */
const screen = Float64Array.from({ length: 4 * V }, (_, i) => {
  const v = Math.floor(i / 4);
  return i % 4 < 2 ? flat[3 * v + i % 4] : i % 4 === 2 ? -2 - flat[3 * v + 2] : 1 / (2 + flat[3 * v + 2]);
});
const rotation = [0.8, 0.2, -0.5, 0.1], translation = [0.1, -0.2, 4];
const CAMERAS: Readonly<Record<string, Camera>> = {
  perspective: perspectiveCamera({ rotation, translation }, 0.7, { aspect: 1.5, centre: [0.1, -0.05] }),
  orthographic: orthographicCamera({ rotation, translation }, 1.2, { aspect: 1.5 }),
  lookAt: lookAtCamera({ eye: [3, -2, 1], target: [0.1, 0.2, 0], up: [0.1, 0, 1] }, 0.6),
  pose: poseCamera({ rotation, scale: 0.7, translation: [0.1, -0.1], perspective: 1.5 }),
};

for (const [name, camera] of Object.entries(CAMERAS)) {
  Deno.test(`gradients of a camera, ${name}, to vertices and parameters`, () => {
    const weights = randomWeights(3, 4 * V), { parameters } = camera;
    const gradients = { vertices: new Float64Array(3 * V), parameters: new Float64Array(parameters.length) };
    projectToScreenBackward(flat, camera, weights, gradients);
    checkGradient((moved) => dotOf(weights, projectToScreen(moved, camera)), flat, gradients.vertices, {
      stride: 3,
    });
    const ofParameters = (moved: Float64Array) =>
      dotOf(weights, projectToScreen(flat, { ...camera, parameters: moved }));
    checkGradient(ofParameters, parameters, gradients.parameters, { stride: parameters.length });
  });
}

Deno.test("gradients of interpolated values to values and to x, y and 1 / w", () => {
  const attribute = { values: randomWeights(1, 3 * 20), channels: 3, indices: faces.map((v) => v % 20) };
  const fragments = rasterizeMesh(screen, faces, { height: H, width: W });
  const weights = randomWeights(2, H * W * 3);
  const gradients = { values: new Float64Array(60), screen: new Float64Array(4 * V) };
  interpolateMeshBackward(attribute, { screen, faces }, fragments, weights, gradients);
  assert(largestOf(gradients.screen) > 0.1);
  const ofValues = (values: Float64Array) =>
    dotOf(weights, interpolateMesh({ ...attribute, values }, { screen, faces }, fragments));
  checkGradient(ofValues, attribute.values, gradients.values, { stride: 3 });
  const ofScreen = (moved: Float64Array) =>
    dotOf(
      weights,
      interpolateMesh(attribute, { screen: moved, faces }, fixedFaces(fragments, moved, faces, 4)),
    );
  checkGradient(ofScreen, screen, gradients.screen, { stride: 4 });
});

const N = 50, texture = { data: randomWeights(4, 8 * 12 * 3), height: 8, width: 12, channels: 3 };
const uvs = randomWeights(5, 2 * N).map((value) => 0.5 + 1.2 * value);
const levels = randomWeights(6, N).map((value) => 1.2 + 1.5 * value);
for (const wrap of ["repeat", "clamp"] as const) {
  for (const filter of ["nearest", "bilinear", "mip"] as const) {
    Deno.test(`gradients of texture samples, ${filter}, ${wrap}, to texels and coordinates`, () => {
      const options: SampleOptions = { filter, wrap, levels: filter === "mip" ? levels : null };
      const weights = randomWeights(7, 3 * N);
      const gradients = { texture: new Float64Array(texture.data.length), uvs: new Float64Array(2 * N) };
      sampleUvTextureBackward(texture, uvs, weights, gradients, options);
      const ofTexels = (data: Float64Array) =>
        dotOf(weights, sampleUvTexture({ ...texture, data }, uvs, options));
      checkGradient(ofTexels, texture.data, gradients.texture, { stride: 3 });
      if (filter === "nearest") return assertEquals(largestOf(gradients.uvs), 0);
      checkGradient(
        (moved) => dotOf(weights, sampleUvTexture(texture, moved, options)),
        uvs,
        gradients.uvs,
        { stride: 2 },
      );
    });
  }
}

for (const [height, width] of [[9, 14], [14, 9]]) {
  Deno.test(`gradients of a soft mask of ${height} × ${width} to x and y`, () => {
    const { vertices, faces } = randomTriangles(7, 25, 0.3);
    const positions = Float64Array.from({ length: vertices.length / 3 * 4 }, (_, i) => {
      return i % 4 === 3 ? 1 : vertices[3 * Math.floor(i / 4) + i % 4];
    });
    const options = { height, width, sharpness: 1500, boxMargin: 0.2, maxFaces: 60 };
    const mask = softMask(faces, vertices.length / 3, options), exact = mask.forward(positions);
    // A term of 1e-7 keeps the rule from dividing by 0: pixels so near to an edge that it shows have no weight.
    const weights = randomWeights(8, height * width).map((w, o) => exact[o] > 0.8 && exact[o] < 1 ? 0 : w);
    const gradient = new Float64Array(positions.length);
    assert(exact.filter((value, o) => value > 0.01 && weights[o] !== 0).length > 20);
    mask.backward(weights, gradient);
    checkGradient((moved) => dotOf(weights, mask.forward(moved)), positions, gradient, { stride: 4 });
    const single = mask.forward(Float32Array.from(positions)), fast = new Float32Array(positions.length);
    mask.backward(weights, fast);
    exact.forEach((value, o) => assertAlmostEquals(single[o], value, 1e-4));
    gradient.forEach((value, i) => assertAlmostEquals(fast[i], value, 1e-4 * largestOf(gradient)));
    const hard = rasterizeMesh(positions, faces, { height, width });
    assertEquals(exact.map((value) => Number(value === 1)), exact.map((_, o) => +(hard.faceIndex[o] >= 0)));
  });
}

Deno.test("gradients of vertex normals to positions", () => {
  const shared = faces.map((v) => v % 17), points = flat.subarray(0, 51), weights = randomWeights(9, 51);
  const gradient = new Float64Array(51);
  computeVertexNormalsBackward(points, shared, weights, gradient);
  checkGradient((moved) => dotOf(weights, computeVertexNormals(moved, shared)), points, gradient, {
    stride: 3,
  });
});

/** A square from y = −1 (near, below) to y = 5 (far, above), seen from (0, −4, 1). */
const floor = {
  vertices: Float64Array.of(-2, -1, 0, 2, -1, 0, 2, 5, 0, -2, 5, 0),
  faces: Int32Array.of(0, 1, 2, 0, 2, 3),
};
const floorCamera = lookAtCamera({ eye: [0, -4, 1.5], target: [0, 0, 0] }, 0.7, { aspect: 1.5 });

Deno.test("interpolated positions are those that the camera's rays meet, and depth their distance", () => {
  const size = { height: 20, width: 30 };
  const mesh = { screen: projectToScreen(floor.vertices, floorCamera), faces: floor.faces };
  const fragments = rasterizeMesh(mesh.screen, mesh.faces, size);
  const positions = { values: floor.vertices, indices: floor.faces, channels: 3 };
  const places = interpolateMesh(positions, mesh, fragments), back = projectToScreen(places, floorCamera);
  const distances = Float64Array.from({ length: 4 }, (_, v) => -mesh.screen[4 * v + 2]);
  const depth = interpolateMesh({ values: distances, indices: floor.faces, channels: 1 }, mesh, fragments);
  let covered = 0;
  fragments.faceIndex.forEach((face, o) => {
    if (face < 0) return;
    covered++;
    assertAlmostEquals(back[4 * o], (2 * (o % 30) + 1 - 30) / 30, 1e-9);
    assertAlmostEquals(back[4 * o + 1], (20 - 2 * Math.floor(o / 30) - 1) / 20, 1e-9);
    assertAlmostEquals(depth[o], -back[4 * o + 2], 1e-9);
  });
  assert(covered > 100);
  const uvs = { values: Float64Array.of(0, 0, 1, 0, 1, 1, 0, 1), indices: floor.faces, channels: 2 };
  const found = mipLevels(uvs, mesh, fragments, { height: 256, width: 256 });
  const at = interpolateMesh(uvs, mesh, fragments);
  const o = 10 * 30 + 15, step = 1 / 256; // central differences over the neighbours, in texels
  const change = (by: number) =>
    Math.hypot(at[2 * (o + by)] - at[2 * (o - by)], at[2 * (o + by) + 1] - at[2 * (o - by) + 1]);
  assertAlmostEquals(found[o], Math.log2(Math.max(change(1), change(30)) / 2 / step), 0.05);
});

Deno.test("a mesh behind the camera is not drawn, and without culling both sides are", () => {
  const away = lookAtCamera({ eye: [0, -4, 1.5], target: [0, -8, 3] }, 0.7);
  const count = (camera: Camera, cull: "back" | "none") =>
    rasterizeMesh(projectToScreen(floor.vertices, camera), floor.faces, { height: 8, width: 8, cull })
      .faceIndex.filter((face) => face >= 0).length;
  assertEquals([count(away, "back"), count(away, "none")], [0, 0]);
  const below = lookAtCamera({ eye: [0, -4, -1.5], target: [0, 0, 0] }, 0.7);
  assertEquals(count(below, "back"), 0);
  assert(count(below, "none") > 10);
});

Deno.test("in perspective the nearer of two crossing faces is seen on either side of the crossing", () => {
  const points = Float64Array.of(-1, 3, -1, 1, -1, -1, 0, 1, 2, -1, -1, -1, 1, 3, -1, 0, 1, 2);
  const camera = lookAtCamera({ eye: [0, -3, 0], target: [0, 0, 0] }, 1);
  const mesh = { screen: projectToScreen(points, camera), faces: Int32Array.of(0, 1, 2, 3, 4, 5) };
  const { faceIndex } = rasterizeMesh(mesh.screen, mesh.faces, { height: 8, width: 16, cull: "none" });
  faceIndex.forEach((face, o) => face < 0 || assertEquals(face, o % 16 < 8 ? 1 : 0));
  assert(faceIndex.includes(0) && faceIndex.includes(1));
});

Deno.test("texel centres lie at half texels, and the outside repeats or is clamped", () => {
  const grey = { data: Float64Array.of(1, 2, 3, 4), height: 2, width: 2, channels: 1 };
  const at = (u: number, v: number, options?: SampleOptions) =>
    sampleUvTexture(grey, Float64Array.of(u, v), options)[0];
  assertEquals([at(0.25, 0.75), at(0.75, 0.75), at(0.25, 0.25), at(0.75, 0.25)], [1, 2, 3, 4]);
  assertEquals([at(1.25, 0.75), at(-0.25, -0.75), at(0, 0.75)], [1, 4, 1.5]);
  assertEquals([at(9, 9, { wrap: "clamp" }), at(-9, 0.5, { wrap: "clamp" })], [2, 2]);
  assertEquals([at(0.4, 0.6, { filter: "nearest" }), at(1.6, 0.4, { filter: "nearest" })], [1, 4]);
  const all = { filter: "mip", levels: Float64Array.of(7) } as const;
  assertEquals(at(0.1, 0.9, all), 2.5);
});

Deno.test("wrong options and shapes of the mesh operations are named", () => {
  assertThrowsWith(() => sampleUvTexture(texture, uvs, { filter: "mip" }), TypeError, "levels", "mip");
  assertThrowsWith(
    () => sampleUvTexture(texture, uvs, { wrap: "x" as "clamp" }),
    RangeError,
    "wrap",
    "repeat",
    "clamp",
    '"x"',
  );
  assertThrowsWith(() => perspectiveCamera({ rotation, translation }, 4), RangeError, "angle", 0);
  assertThrowsWith(() => lookAtCamera({ eye: [0, 0, 1], target: [0, 0, 0] }, 1), RangeError, "up", "0, 0, 1");
  assertThrowsWith(() => rasterizeMesh(screen, faces, { height: 0, width: 4 }), RangeError, "0 × 4");
  const few = { values: new Float64Array(3), indices: faces, channels: 3 };
  const fragments = rasterizeMesh(screen, faces, { height: H, width: W });
  assertThrowsWith(() => interpolateMesh(few, { screen, faces }, fragments), RangeError, "face 0", "row", 3);
});

Deno.test("the array operations load no tensor library", async () => {
  const path = new URL("../../lib/rendering/mod.ts", import.meta.url).href;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", path] })
    .output();
  assertEquals(code, 0);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: { specifier: string }[] };
  assert(modules.some(({ specifier }) => specifier.endsWith("_texture_kernel.ts")));
  assertEquals(modules.map(({ specifier }) => specifier).filter((name) => /tensor|tfjs/.test(name)), []);
});
