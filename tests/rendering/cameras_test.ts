import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { type Pose, projectVertices, projectVerticesBackward } from "../../lib/rendering/cameras.ts";
import { normalizeQuaternion, rotateByQuaternion } from "../../lib/rendering/quaternion.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";

const prng = new Prng(1, "cameras");
const vertices = Float64Array.from({ length: 36 }, () => prng.uniform(-1, 1)); // [12, 3]
const pose: Pose = {
  rotation: normalizeQuaternion(prng.normals(4)),
  scale: 0.8,
  translation: [0.1, -0.2],
  perspective: 0.7,
};

/** Pose of eight numbers: rotation, scale, translation, perspective. */
function poseOf(p: ArrayLike<number>): Pose {
  return { rotation: [p[0], p[1], p[2], p[3]], scale: p[4], translation: [p[5], p[6]], perspective: p[7] };
}

const parameters = Float64Array.of(...Array.from(pose.rotation), 0.8, 0.1, -0.2, 0.7);

Deno.test("vertices come to the screen with x right, y up and the near side at larger z", () => {
  const still: Pose = { rotation: [1, 0, 0, 0], scale: 0.5, translation: [0.1, 0.2], perspective: Infinity };
  const screen = projectVertices(Float64Array.of(1, 1, 1, 0, 0, -1), still);
  [0.6, -0.7, -0.5, 0.1, -0.2, 0.5].forEach((value, i) => assertAlmostEquals(screen[i], value, 1e-15));
});

Deno.test("the perspective factor is the same before and after the flip, and 1 at the object's centre", () => {
  const screen = projectVertices(vertices, pose);
  const z0 = 1 + Math.exp(pose.perspective);
  for (let v = 0; v < 12; v++) {
    const [x, y, z] = rotateByQuaternion(pose.rotation, vertices.subarray(3 * v, 3 * v + 3));
    const flipped = -z * pose.scale;
    const factor = (z0 + flipped / 2) / (z0 - flipped / 2);
    assertAlmostEquals(screen[3 * v], (x * pose.scale + 0.1) * factor, 1e-12);
    assertAlmostEquals(screen[3 * v + 1], (-y * pose.scale + 0.2) * factor, 1e-12);
    assertAlmostEquals(screen[3 * v + 2], flipped, 1e-12);
  }
  assertAlmostEquals(projectVertices(new Float64Array(3), pose)[0], 0.1, 1e-15);
});

Deno.test("a logit of 30 is orthographic within 1e-9, infinity exactly and with finite gradients", () => {
  const flat = projectVertices(vertices, { ...pose, perspective: Infinity });
  const nearly = projectVertices(vertices, { ...pose, perspective: 30 });
  flat.forEach((value, i) => assertAlmostEquals(nearly[i], value, 1e-9));
  const gradient = new Float64Array(8);
  projectVerticesBackward(vertices, { ...pose, perspective: Infinity }, flat, gradient);
  assertEquals(gradient.every(Number.isFinite), true);
  assertEquals(gradient[7], 0);
});

Deno.test("gradients of the pose and of the vertices are those of the projection", () => {
  const weights = Float64Array.from({ length: 36 }, () => prng.normal());
  const dot = (screen: ArrayLike<number>) => weights.reduce((sum, w, i) => sum + w * screen[i], 0);
  const gradientPose = new Float64Array(8), gradientVertices = new Float64Array(36);
  projectVerticesBackward(vertices, pose, weights, gradientPose, gradientVertices);
  checkGradient((p) => dot(projectVertices(vertices, poseOf(p))), parameters, gradientPose);
  checkGradient((p) => dot(projectVertices(p, pose)), vertices, gradientVertices);
});

Deno.test("gradients of x and y alone count z as 0, and are added to what is there", () => {
  const flat = Float64Array.from({ length: 24 }, () => prng.normal()); // [12, 2]
  const full = Float64Array.from(
    { length: 36 },
    (_, i) => i % 3 === 2 ? 0 : flat[2 * Math.floor(i / 3) + i % 3],
  );
  const a = new Float64Array(8).fill(1), b = new Float64Array(8);
  projectVerticesBackward(vertices, pose, flat, a);
  projectVerticesBackward(vertices, pose, full, b);
  for (let i = 0; i < 8; i++) assertAlmostEquals(a[i], b[i] + 1, 1e-12);
});

Deno.test("wrong shapes are named", () => {
  assertThrowsWith(() => projectVertices(new Float32Array(7), pose), TypeError, "vertices", "[V, 3]", 7);
  assertThrowsWith(
    () => projectVerticesBackward(vertices, pose, new Float64Array(35), new Float64Array(8)),
    TypeError,
    "gradientScreen",
    "[12, 3]",
    35,
  );
});
