import { assertAlmostEquals, assertThrows } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import {
  matrixToQuaternion,
  multiplyQuaternions,
  normalizeQuaternion,
  quaternionToMatrix,
  rotateByQuaternion,
} from "../../lib/rendering/quaternion.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12) {
  for (let i = 0; i < expected.length; i++) assertAlmostEquals(found[i], expected[i], tolerance);
}

const prng = new Prng(1, "quaternions");
const randomRotation = () => normalizeQuaternion(prng.normals(4));
const cases = Array.from({ length: 50 }, () => ({
  a: randomRotation(),
  b: randomRotation(),
  v: prng.normals(3),
}));

Deno.test("a product rotates like its factors in turn", () => {
  for (const { a, b, v } of cases) {
    const together = rotateByQuaternion(multiplyQuaternions(a, b), v);
    assertClose(together, rotateByQuaternion(a, rotateByQuaternion(b, v)));
  }
});

Deno.test("a quarter turn about z takes x to y", () => {
  assertClose(rotateByQuaternion([Math.SQRT1_2, 0, 0, Math.SQRT1_2], [1, 0, 0]), [0, 1, 0]);
});

Deno.test("the matrix of a quaternion rotates alike and leads back to it", () => {
  for (const { a, v } of cases) {
    const m = quaternionToMatrix(a);
    const turned = [0, 3, 6].map((r) => m[r] * v[0] + m[r + 1] * v[1] + m[r + 2] * v[2]);
    assertClose(turned, rotateByQuaternion(a, v));
    const sign = a[0] < 0 ? -1 : 1;
    assertClose(matrixToQuaternion(m), a.map((value) => sign * value));
  }
});

Deno.test("half turns, whose w is 0, come back from their matrices", () => {
  for (const q of [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0.6, 0.8, 0]]) {
    const back = matrixToQuaternion(quaternionToMatrix(q));
    const sign = back.reduce((sum, value, i) => sum + value * q[i], 0) < 0 ? -1 : 1;
    assertClose(back, q.map((value) => sign * value));
  }
});

Deno.test("a quaternion without a direction cannot be normalised", () => {
  assertThrowsWith(() => normalizeQuaternion([0, 0, 0, 0]), RangeError, "(0, 0, 0, 0)");
  assertThrows(() => normalizeQuaternion([NaN, 0, 0, 1]), RangeError);
});
