import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { StoppedError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { alignSphere } from "../../lib/remeshing/align_sphere.ts";
import { MomentumDescent } from "../../lib/remeshing/momentum_descent.ts";
import { type ClassMesh, normalizeClass } from "../../lib/remeshing/class_targets.ts";
import { createClassFit } from "../../lib/remeshing/class_fit.ts";
import { remeshClass, type RemeshOptions } from "../../lib/remeshing/remesh.ts";
import { FULL_SCHEDULE, QUICK_SCHEDULE } from "../../lib/remeshing/schedule.ts";
import { SilhouetteFit } from "../../lib/remeshing/silhouette_fit.ts";
import { renderTargets } from "../../lib/remeshing/silhouette_targets.ts";
import { normalizeQuaternion } from "../../lib/rendering/quaternion.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

const topology = sphereTopology();
const SMALL = {
  views: 6,
  resolution: 48,
  start: "ellipsoid",
  alignIterations: 10,
  schedule: { ...FULL_SCHEDULE, limit: 30 },
} as const satisfies RemeshOptions;

/** Remeshes one mesh. */
async function remesh(mesh: ClassMesh, options: RemeshOptions, signal?: AbortSignal) {
  const { templates: [vertices], figures: [figures] } = await remeshClass([mesh], topology, options, {
    signal,
  });
  return { vertices, ...figures };
}

Deno.test("a sphere stays a sphere: symmetric, of unit size, in the same topology", async () => {
  const shifted = topology.vertices.map((value, i) => i % 3 === 2 ? 3 * value + 7 : 3 * value);
  const { vertices, iou } = await remesh({ vertices: shifted, faces: topology.faces }, SMALL);
  assert(iou > 0.94, `IoU ${iou}`); // soft edges of 48 pixels count as silhouette, so it comes out small
  assertEquals(Math.max(...vertices.map(Math.abs)), 1);
  for (let i = 0; i < vertices.length; i += 3) {
    assertAlmostEquals(Math.hypot(vertices[i], vertices[i + 1], vertices[i + 2]), 1, 0.03);
  }
  topology.negativeIndices.forEach((negative, k) =>
    assertAlmostEquals(vertices[3 * negative], -vertices[3 * topology.positiveIndices[k]], 1e-6)
  );
});

Deno.test("alignment finds the axes of an ellipsoid but for a common factor", async () => {
  const truth = [0.5, 1, 0.3];
  const { vertices: [vertices] } = normalizeClass([
    topology.vertices.map((value, i) => truth[i % 3] * value),
  ]);
  const prng = new Prng(1, "views");
  const rotations = new Float64Array(48); // [12, 4]
  for (let view = 0; view < 12; view++) rotations.set(normalizeQuaternion(prng.normals(4)), 4 * view);
  const targets = renderTargets({ vertices, faces: topology.faces }, rotations, 64);
  using fit = await createClassFit(topology.faces, 962, [targets]);
  const { scaling, translation } = await alignSphere(topology.vertices, [0.6, 0.9, 0.4], fit, {
    iterations: 250,
  });
  truth.forEach((value, axis) => assertAlmostEquals(scaling[axis] / scaling[1], value, 0.02));
  assertAlmostEquals(scaling[1], 1, 0.05); // soft edges count as silhouette, so it comes out a little small
  translation.forEach((value) => assertAlmostEquals(value, 0, 0.01));
});

Deno.test("deformation brings the silhouettes of a dumbbell nearer", async () => {
  const vertices = topology.vertices.map((value, i) => {
    const y = topology.vertices[i - i % 3 + 1];
    return i % 3 === 1 ? value : 0.5 * value * (0.35 + 0.65 * y * y);
  });
  const mesh = { vertices, faces: topology.faces };
  const before = await remesh(mesh, { ...SMALL, schedule: { ...FULL_SCHEDULE, limit: 1 } });
  const after = await remesh(mesh, { ...SMALL, schedule: { ...FULL_SCHEDULE, limit: 120 } });
  assert(after.iou > before.iou + 0.05, `${before.iou} to ${after.iou}`);
});

Deno.test("a ball fills its contour if silhouettes are compared with soft targets, not with plain ones", async () => {
  const mesh = { vertices: topology.vertices, faces: topology.faces };
  const schedule = { ...QUICK_SCHEDULE, decay: 0.97, sigmaDecay: 1, laplacianWeight: 0 };
  const start = [topology.vertices.map((value) => 0.97 * value)];
  const common = { views: 6, resolution: 96, start, schedule };
  const soft = await remesh(mesh, { ...common, maskTarget: "soft" });
  const plain = await remesh(mesh, { ...common, maskTarget: "plain" });
  assert(soft.iou > 0.98 && soft.iou > plain.iou + 0.02, `${plain.iou} to ${soft.iou}`);
});

Deno.test("gradients of errors against soft targets are those of the error", () => {
  const vertices = topology.vertices.map((value) => 0.8 * value);
  const rotations = Float64Array.of(1, 0, 0, 0, 0.5, 0.5, 0.5, 0.5);
  const targets = { ...renderTargets({ vertices, faces: topology.faces }, rotations, 48), isSoft: true };
  const fit = new SilhouetteFit(topology.faces, 962, targets);
  fit.sigma = 0.5;
  const smaller = vertices.map((value) => 0.97 * value);
  const gradient = new Float64Array(smaller.length);
  const loss = fit.loss(smaller, "squared", gradient);
  const slope = gradient.reduce((sum, value, i) => sum + value * vertices[i], 0);
  const step = 1e-4, larger = smaller.map((value, i) => value + step * vertices[i]);
  const change = (fit.loss(larger, "squared", new Float64Array(smaller.length)) - loss) / step;
  assert(slope < 0, "the mesh is drawn outwards");
  assertAlmostEquals(change / slope, 1, 0.1); // pixels change between covered and not covered
});

Deno.test("faces of either winding count in the targets", () => {
  const turned = topology.faces.map((_, i, faces) => faces[i - i % 3 + [0, 2, 1][i % 3]]);
  const rotations = Float64Array.of(1, 0, 0, 0, 0.5, 0.5, 0.5, 0.5);
  assertEquals(
    renderTargets({ vertices: topology.vertices, faces: turned }, rotations, 32).masks,
    renderTargets({ vertices: topology.vertices, faces: topology.faces }, rotations, 32).masks,
  );
});

Deno.test("a momentum step goes by rate / (1 − momentum) in the long run, whatever the gradient's size", () => {
  const values = Float64Array.of(3, 4, 0);
  const descent = new MomentumDescent(values, 3);
  for (let i = 0; i < 200; i++) descent.step(Float64Array.of(600, 800, 0), 0.001);
  const before = values[0];
  descent.step(Float64Array.of(600, 800, 0), 0.001);
  assertAlmostEquals(before - values[0], 0.006, 1e-6);
});

Deno.test("remesh stops when asked to, and refuses a mesh without extent", async () => {
  const mesh = { vertices: topology.vertices, faces: topology.faces };
  const stop = AbortSignal.abort();
  await assertRejects(() => remesh(mesh, SMALL, stop), StoppedError);
  const point = { vertices: new Float64Array(9), faces: Int32Array.of(0, 1, 2) };
  await assertRejectsWith(() => remesh(point, SMALL), RangeError, "extent", 0);
});
