import { assert } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor2D, type Tensor3D, tf } from "../../lib/core/tensor.ts";
import { projectVertices, projectVerticesBackward } from "../../lib/rendering/cameras.ts";
import { projectTensor } from "../../lib/rendering/project_tensor.ts";
import { normalizeQuaternion } from "../../lib/rendering/quaternion.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { largestDifference } from "./scenes.ts";

const B = 3, V = 7;
const prng = new Prng(1, "project tensor");
const vertices = prng.normals(B * V * 3), weights = prng.normals(B * V * 3);
const poses = Array.from({ length: B }, () => ({
  rotation: normalizeQuaternion(prng.normals(4)),
  scale: prng.uniform(0.5, 1),
  translation: [prng.uniform(-0.3, 0.3), prng.uniform(-0.3, 0.3)],
  perspective: prng.uniform(0, 2),
}));

function tensors(): [Tensor3D, Tensor2D, Tensor2D, Tensor2D, Tensor2D] {
  return [
    tf.tensor3d(vertices, [B, V, 3]),
    tf.tensor2d(poses.map(({ rotation }) => rotation)),
    tf.tensor2d(poses.map(({ scale }) => [scale])),
    tf.tensor2d(poses.map(({ translation }) => translation)),
    tf.tensor2d(poses.map(({ perspective }) => [perspective])),
  ];
}

Deno.test("tensors are projected as arrays are, with and without perspective, and nothing leaks", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const [v, r, s, t, p] = tensors();
    for (const perspective of [p, null]) {
      const found = projectTensor(v, r, s, t, perspective).dataSync();
      poses.forEach((pose, b) => {
        const of = perspective ? pose : { ...pose, perspective: Infinity };
        const expected = projectVertices(vertices.subarray(b * V * 3, (b + 1) * V * 3), of);
        assert(largestDifference(found.subarray(b * V * 3, (b + 1) * V * 3), expected) < 1e-5);
      });
    }
  });
  assert(tf.memory().numTensors === before);
});

Deno.test("gradients of all arguments are those of the arrays", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const loss = (v: Tensor3D, r: Tensor2D, s: Tensor2D, t: Tensor2D, p: Tensor2D) =>
      tf.sum(tf.mul(projectTensor(v, r, s, t, p), tf.tensor3d(weights, [B, V, 3])));
    const gradients = tf.grads(loss as Parameters<typeof tf.grads>[0])(tensors());
    const [gv, gr, gs, gt, gp] = gradients.map((gradient) => gradient.dataSync());
    poses.forEach((pose, b) => {
      const part = (values: Float32Array) => values.subarray(b * V * 3, (b + 1) * V * 3);
      const expected = new Float64Array(8), expectedVertices = new Float64Array(V * 3);
      projectVerticesBackward(part(vertices), pose, part(weights), expected, expectedVertices);
      const found = [...gr.subarray(4 * b, 4 * b + 4), gs[b], gt[2 * b], gt[2 * b + 1], gp[b]];
      assert(largestDifference(found, expected) < 1e-4);
      assert(largestDifference(part(gv as Float32Array), expectedVertices) < 1e-4);
    });
  });
});

Deno.test("wrong shapes are named", () => {
  tf.tidy(() => {
    const [v, r, , t] = tensors();
    assertThrowsWith(() => projectTensor(v, r, t, t, null), TypeError, "scale", "[B=3, 1]", "[3, 2]");
  });
});
