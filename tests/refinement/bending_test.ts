import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { iou } from "../../lib/metrics/iou.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { Bending } from "../../lib/refinement/bending.ts";
import { findJoints } from "../../lib/refinement/joints.ts";
import { ShapeFitter } from "../../lib/refinement/shape_fitter.ts";
import { smoothFields } from "../../lib/refinement/smooth_fields.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { hardSilhouette } from "../../lib/rendering/hard_silhouette.ts";
import { turntableRotation } from "../../lib/rendering/turntable_rotation.ts";
import { builtInTemplateFile } from "../../lib/templates/load_templates.ts";
import { readTemplates } from "../../lib/templates/template_file.ts";

const [horse] = await readTemplates(builtInTemplateFile("horse"), "horse");
const joints = findJoints(horse), V = horse.vertices.length / 3;

Deno.test("a horse has two joints in each of four legs, one in neck and tail, and a car has none", async () => {
  const legs = joints.filter(({ side }) => side !== 0);
  assertEquals(joints.length, 10);
  assertEquals(legs.length, 8);
  assertEquals(legs.reduce((sum, { side }) => sum + side, 0), 0);
  assertEquals(new Set(legs.map(({ limb }) => limb)).size, 4);
  for (const { weights, side } of joints) {
    const { vertices } = sphereTopology();
    assert(weights.every((w) => w >= 0 && w <= 1) && weights.some((w) => w === 1));
    if (side !== 0) weights.forEach((w, v) => assert(w < 0.5 || side * vertices[3 * v] > 0));
  }
  const [car] = await readTemplates(builtInTemplateFile("car"), "car");
  assertEquals(findJoints(car), []);
});

Deno.test("a joint turns its limb rigidly, and no turn changes nothing", () => {
  const bending = new Bending(joints, V),
    out = new Float64Array(3 * V),
    turns = new Float64Array(bending.count);
  bending.place(horse.vertices, turns, out);
  assertEquals(Float32Array.from(out), horse.vertices);
  const tail = joints.findLastIndex(({ side }) => side === 0);
  turns.set([0.5, -0.3, 0.2], 3 * tail);
  bending.place(horse.vertices, turns, out);
  const limb = [...horse.vertices.keys()].filter((v) => joints[tail].weights[v] === 1);
  const distance = (shape: ArrayLike<number>, a: number, b: number) =>
    Math.hypot(...[0, 1, 2].map((k) => shape[3 * a + k] - shape[3 * b + k]));
  for (const vertex of limb) {
    assertAlmostEquals(distance(out, vertex, limb[0]), distance(horse.vertices, vertex, limb[0]), 1e-9);
  }
  assert(
    distance([...horse.vertices.subarray(3 * limb[0], 3 * limb[0] + 3), ...out.subarray(3 * limb[0])], 0, 1) >
      0.05,
  );
});

Deno.test("gradients of turns agree with differences, a planted error of 1 % does not", () => {
  const bending = new Bending(joints, V), prng = new Prng(3, "bending"), out = new Float64Array(3 * V);
  const draw = (length: number, scale: number) => Float64Array.from({ length }, () => scale * prng.normal());
  const rest = Float64Array.from(horse.vertices), target = draw(3 * V, 1), n = bending.count;
  const alongTurns = draw(n, 1), alongRest = draw(3 * V, 0.1);
  for (const scale of [0, 0.4]) { // 0 is where sine and angle vanish
    const turns = draw(n, scale);
    const valueAt = (step: number) => {
      bending.place(
        rest.map((value, k) => value + step * alongRest[k]),
        turns.map((value, k) => value + step * alongTurns[k]),
        out,
      );
      return out.reduce((sum, value, i) => sum + (value - target[i]) ** 2, 0);
    };
    const slope = (valueAt(1e-5) - valueAt(-1e-5)) / 2e-5;
    valueAt(0);
    const onShape = out.map((value, i) => 2 * (value - target[i])), gradient = new Float64Array(n);
    bending.backward(turns, onShape, gradient);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k], 0);
    const along = dot(gradient, alongTurns) + dot(onShape, alongRest), allowed = 1e-6 * Math.abs(slope);
    assertAlmostEquals(along, slope, allowed);
    assert(Math.abs(along + 0.01 * gradient[4] * alongTurns[4] - slope) > allowed);
  }
});

Deno.test("a trotting horse is found from a standing one: IoU 0.95, and its rest shape stays symmetric", () => {
  const pose: Pose = {
    rotation: turntableRotation(80, 5),
    scale: 0.8,
    translation: [0, 0],
    perspective: 1.5,
  };
  const bending = new Bending(joints, V),
    turns = new Float64Array(bending.count),
    trotting = new Float64Array(3 * V);
  joints.forEach(({ side, limb }, j) => {
    if (joints[j - 1]?.limb === limb) turns[3 * j] = 0.35 * side; // hips, not knees
  });
  bending.place(horse.vertices, turns, trotting);
  const maskOf = (shape: ArrayLike<number>, at: Pose, size: number) =>
    hardSilhouette(projectVertices(Float64Array.from(shape), at), sphereTopology().faces, size);
  const truth = maskOf(trotting, pose, 256), fields = smoothFields();
  assert(iou(maskOf(horse.vertices, pose, 256), truth) < 0.85);
  const { vertices, rest, pose: found } = new ShapeFitter(fields)
    .fit(horse.vertices, maskOf(trotting, pose, 256), pose, joints);
  assert(iou(maskOf(vertices, found, 256), truth) > 0.95);
  const { negativeIndices, positiveIndices } = sphereTopology();
  negativeIndices.forEach((left, k) =>
    [-1, 1, 1].forEach((sign, axis) =>
      assertAlmostEquals(rest[3 * left + axis], sign * rest[3 * positiveIndices[k] + axis], 1e-3)
    )
  );
});
