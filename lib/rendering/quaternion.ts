/**
 * Quaternions (w, x, y, z): rotating by `r` first and by `q` second is `multiplyQuaternions(q, r)`.
 *
 * No function but `normalizeQuaternion` makes its arguments unit length.
 *
 * @module
 */

/** Four numbers (w, x, y, z). */
export type Quaternion = [number, number, number, number];

/**
 * The Hamilton product q⊗r.
 *
 * @param q Second rotation, `[4]`
 * @param r First rotation, `[4]`
 * @returns Product, `[4]`
 */
export function multiplyQuaternions(q: ArrayLike<number>, r: ArrayLike<number>): Quaternion {
  return [
    q[0] * r[0] - q[1] * r[1] - q[2] * r[2] - q[3] * r[3],
    q[0] * r[1] + q[1] * r[0] + q[2] * r[3] - q[3] * r[2],
    q[0] * r[2] - q[1] * r[3] + q[2] * r[0] + q[3] * r[1],
    q[0] * r[3] + q[1] * r[2] - q[2] * r[1] + q[3] * r[0],
  ];
}

/**
 * A vector turned by a unit quaternion: v + 2(w(u×v) + u×(u×v)) with u = (x, y, z).
 *
 * @param q Rotation, `[4]`
 * @param v Vector, `[3]`
 * @returns Rotated vector, `[3]`
 */
export function rotateByQuaternion(
  q: ArrayLike<number>,
  v: ArrayLike<number>,
): [number, number, number] {
  const [w, x, y, z] = [q[0], q[1], q[2], q[3]];
  const cx = y * v[2] - z * v[1], cy = z * v[0] - x * v[2], cz = x * v[1] - y * v[0]; // u×v
  return [
    v[0] + 2 * (w * cx + y * cz - z * cy),
    v[1] + 2 * (w * cy + z * cx - x * cz),
    v[2] + 2 * (w * cz + x * cy - y * cx),
  ];
}

/**
 * The unit quaternion of the same direction.
 *
 * @param q Quaternion other than zero, `[4]`
 * @returns Unit quaternion, `[4]`
 * @throws {RangeError} If the length is zero or not finite
 */
export function normalizeQuaternion(q: ArrayLike<number>): Quaternion {
  const length = Math.hypot(q[0], q[1], q[2], q[3]);
  if (!(length > 0 && length < Infinity)) {
    throw new RangeError(
      `Cannot normalise a quaternion of zero or infinite length: current value is (${
        [q[0], q[1], q[2], q[3]].join(", ")
      })`,
    );
  }
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
}

/**
 * The matrix that `rotateByQuaternion` multiplies by, row-major.
 *
 * @param q Rotation, `[4]`
 * @returns Matrix, `[3, 3]`
 */
export function quaternionToMatrix(q: ArrayLike<number>): Float64Array {
  const [w, x, y, z] = [q[0], q[1], q[2], q[3]];
  return Float64Array.of(
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  );
}

/**
 * The unit quaternion of a rotation matrix, with w ≥ 0.
 *
 * @param m Rotation matrix, row-major, `[3, 3]`
 * @returns Unit quaternion, `[4]`
 * @throws {RangeError} If the matrix holds a value that is not finite
 */
export function matrixToQuaternion(m: ArrayLike<number>): Quaternion {
  // Each column of 4·q⊗q is a multiple of q; the one with the largest diagonal entry is the best conditioned.
  const columns: Quaternion[] = [
    [1 + m[0] + m[4] + m[8], m[7] - m[5], m[2] - m[6], m[3] - m[1]],
    [m[7] - m[5], 1 + m[0] - m[4] - m[8], m[1] + m[3], m[2] + m[6]],
    [m[2] - m[6], m[1] + m[3], 1 - m[0] + m[4] - m[8], m[5] + m[7]],
    [m[3] - m[1], m[2] + m[6], m[5] + m[7], 1 - m[0] - m[4] + m[8]],
  ];
  let best = 0;
  for (let i = 1; i < 4; i++) if (columns[i][i] > columns[best][best]) best = i;
  const [w, x, y, z] = normalizeQuaternion(columns[best]);
  return w < 0 ? [-w, -x, -y, -z] : [w, x, y, z];
}
