import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { createClassFit } from "../../lib/remeshing/class_fit.ts";
import {
  fromFrame,
  jointBox,
  normalizeClass,
  normalizeJointly,
  toFrame,
  viewRotations,
} from "../../lib/remeshing/class_targets.ts";
import { boundingBox } from "../../lib/mesh/bounding_box.ts";
import { deformVertices } from "../../lib/remeshing/deform_vertices.ts";
import { Deformation } from "../../lib/remeshing/deformation.ts";
import { pairDistance } from "../../lib/remeshing/pair_distance.ts";
import { PairPlacement, pairTermOf } from "../../lib/remeshing/pair_placement.ts";
import { FULL_SCHEDULE } from "../../lib/remeshing/schedule.ts";
import { renderTargets } from "../../lib/remeshing/silhouette_targets.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";

const topology = sphereTopology();

/** Two boxes of points: one about (0, 0, 1), and a taller one about (0, 2, 3). */
const SMALL = Float64Array.of(-1, -1, 0, 1, 1, 2), TALL = Float64Array.of(-1, 1, 0, 1, 3, 6);

Deno.test("aligned meshes share the centre of their joint box, others have their own", () => {
  const boxes = [SMALL, TALL].map(boundingBox);
  assertEquals(jointBox(boxes), { low: [-1, -1, 0], high: [1, 3, 6] });
  assertEquals(jointBox(boxes, true).high, [1, 1, 2]); // the original's error
  assertEquals(normalizeClass([SMALL, TALL], { aligned: true }).frames.map(({ centre }) => centre), [
    [0, 1, 3],
    [0, 1, 3],
  ]);
  const own = normalizeClass([SMALL, TALL]);
  assertEquals(own.frames.map(({ centre }) => centre), [[0, 0, 1], [0, 2, 3]]);
  assertEquals(own.frames.map(({ factor }) => factor), [1, 3]);
  assertEquals(own.scaling, [1, 1, 1]);
  own.vertices.forEach((vertices) => assertEquals(Math.max(...vertices.map(Math.abs)), 1));
  assertEquals(fromFrame(toFrame(TALL, own.frames[1]), own.frames[1]), TALL);
  assertThrowsWith(() => normalizeClass([new Float64Array(6)]), RangeError, "extent", 0);
});

Deno.test("finished templates share one box and keep their relative sizes", () => {
  const [a, b] = normalizeJointly([SMALL, TALL]);
  assertEquals(Math.max(...a.map(Math.abs), ...b.map(Math.abs)), 1);
  assertAlmostEquals((b[5] - b[2]) / (a[5] - a[2]), 3, 1e-6);
});

Deno.test("the distance of templates is a mean over pairs, 0 with no gradient where they are the same", () => {
  const far = Float64Array.of(0, 0, 0, 1, 1, 1, 3, 4, 0, 1, 1, 1); // two templates of two vertices
  assertEquals(pairDistance(far, 2), 10 / 8);
  const same = Float64Array.of(1, 2, 3, 1, 2, 3), gradient = new Float64Array(6);
  assertEquals(pairDistance(same, 2, gradient), 0);
  assertEquals(gradient, new Float64Array(6));
  const templates = Float64Array.from(new Prng(3).normals(36)), slope = new Float64Array(36);
  pairDistance(templates, 3, slope);
  checkGradient((values) => pairDistance(values, 3), templates, slope);
});

Deno.test("shift and scale of the distance term keep their rules, and are held where relative sizes are", () => {
  const templates = Float64Array.from(new Prng(4).normals(60));
  const free = new PairPlacement(2, pairTermOf(2, false)), held = new PairPlacement(2, pairTermOf(2, true));
  for (const placement of [free, held]) {
    for (let step = 0; step < 20; step++) {
      placement.evaluate(templates, new Float64Array(60));
      placement.step(0.01);
    }
  }
  assertEquals([...held.scale, ...held.translation], [1, 1, 0, 0, 0, 0, 0, 0]);
  assertEquals(Math.max(...free.scale), 1);
  assert(Math.min(...free.scale) >= 0.8 && Math.min(...free.scale) < 1);
  assertEquals([free.translation[0], free.translation[3]], [0, 0]);
  assertAlmostEquals(free.translation[1] + free.translation[4], 0, 1e-12);
  assert(Math.abs(free.translation[1]) > 1e-4);
});

/** Silhouettes of a flattened sphere. */
function targetsOf(index: number) {
  const vertices = topology.vertices.map((value, i) => i % 3 === index ? 0.6 * value : value);
  return renderTargets({ vertices, faces: topology.faces }, viewRotations(9, 1, index), 32);
}

Deno.test("loss and gradient are the same to the bit for any number of workers", async () => {
  const targets = [targetsOf(0), targetsOf(1)];
  const vertices = Float64Array.of(...topology.vertices, ...topology.vertices);
  const results = [];
  for (const workers of [0, 1, 3]) {
    using fit = await createClassFit(topology.faces, 962, targets, workers);
    const gradient = new Float64Array(vertices.length);
    fit.sigma = 0.7;
    results.push({ loss: await fit.loss(vertices, "squared", gradient), gradient });
  }
  assertEquals(results[1], results[0]);
  assertEquals(results[2], results[0]);
});

Deno.test("a deformation resumes from saved arrays with the same steps", async () => {
  using fit = await createClassFit(topology.faces, 962, [targetsOf(0), targetsOf(1)]);
  const start = Float64Array.of(...topology.vertices, ...topology.vertices), pairTerm = pairTermOf(2, false);
  const run = (state: Deformation, limit: number) =>
    deformVertices(state, topology, fit, { schedule: { ...FULL_SCHEDULE, limit }, pairTerm });
  const whole = await run(new Deformation(start, 2, pairTerm), 8);
  const half = await run(new Deformation(start, 2, pairTerm), 5);
  const resumed = new Deformation(start, 2, pairTerm);
  resumed.load(half.toArrays());
  await run(resumed, 8);
  assertEquals(resumed.stepsDone, 8);
  assertEquals(resumed.vertices, whole.vertices);
  assertEquals(resumed.placement.scale, whole.placement.scale);
  assertThrowsWith(() => new Deformation(start, 2, pairTerm).load({}), TypeError, "vertices", 0);
});

Deno.test("without symmetry the two sides move by themselves", async () => {
  const vertices = topology.vertices.map((value, i) => i % 3 === 0 && value > 0 ? 0.5 * value : value);
  const targets = [renderTargets({ vertices, faces: topology.faces }, viewRotations(9, 1, 0), 32)];
  using fit = await createClassFit(topology.faces, 962, targets);
  const schedule = { ...FULL_SCHEDULE, limit: 30 };
  const state = new Deformation(topology.vertices);
  await deformVertices(state, topology, fit, { schedule, symmetric: false });
  const [side] = topology.positiveIndices, [other] = topology.negativeIndices;
  assert(Math.abs(state.vertices[3 * side] + state.vertices[3 * other]) > 1e-4);
});
