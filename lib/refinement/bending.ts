/**
 * Turning the limbs of a shape about their joints, with gradients by hand.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import type { Joint } from "./joints.ts";

/** Numbers that tell the turn of a joint: axis times angle, radians. */
export const JOINT_PARAMETERS = 3;

/** Shapes bent at their joints, one after another: v ← v + w · (R − I) (v − h), with h the hinge before all turns. */
export class Bending {
  readonly #joints: readonly Joint[];
  readonly #steps: Float64Array; // [joints, V, 3], the shape before each joint
  readonly #hinges: Float64Array; // [joints, 3]

  /**
   * Takes the memory for shapes of V vertices.
   *
   * @param joints Joints, those nearer to a limb's end first
   * @param vertexCount V
   */
  constructor(joints: readonly Joint[], vertexCount: number) {
    this.#joints = joints;
    this.#steps = new Float64Array(joints.length * 3 * vertexCount);
    this.#hinges = new Float64Array(joints.length * 3);
  }

  /** Number of parameters. */
  get count(): number {
    return this.#joints.length * JOINT_PARAMETERS;
  }

  /**
   * Bends a shape.
   *
   * @param rest Shape, `[V, 3]`
   * @param turns Turn of each joint, `[count]`; all 0 is the shape itself
   * @param out Where to write, `[V, 3]`
   */
  place(rest: FloatArray, turns: Float64Array, out: FloatArray): void {
    out.set(rest);
    this.#joints.forEach(({ weights, hinge }, j) => {
      const h = this.#hinges.subarray(3 * j, 3 * j + 3).fill(0);
      for (const vertex of hinge) for (let a = 0; a < 3; a++) h[a] += rest[3 * vertex + a] / hinge.length;
      this.#steps.subarray(j * out.length, (j + 1) * out.length).set(out);
      const { rotation: R } = rodrigues(turns.subarray(3 * j, 3 * j + 3));
      for (let v = 0, i = 0; v < weights.length; v++, i += 3) {
        const w = weights[v];
        if (w === 0) continue;
        const x = out[i] - h[0], y = out[i + 1] - h[1], z = out[i + 2] - h[2];
        out[i] += w * (R[0] * x + R[1] * y + R[2] * z - x);
        out[i + 1] += w * (R[3] * x + R[4] * y + R[5] * z - y);
        out[i + 2] += w * (R[6] * x + R[7] * y + R[8] * z - z);
      }
    });
  }

  /**
   * Gradient of the last `place`.
   *
   * @param turns As in `place`
   * @param gradientVertices Gradient of the bent shape, which becomes that of the shape before, `[V, 3]`
   * @param gradient Added to, `[count]`
   */
  backward(turns: Float64Array, gradientVertices: FloatArray, gradient: Float64Array): void {
    const G = gradientVertices, onHinges = new Float64Array(this.#hinges.length); // [joints, 3]
    for (let j = this.#joints.length - 1; j >= 0; j--) {
      const { weights } = this.#joints[j], before = this.#steps.subarray(j * G.length, (j + 1) * G.length);
      const h = this.#hinges.subarray(3 * j, 3 * j + 3);
      const { rotation: R, slopes } = rodrigues(turns.subarray(3 * j, 3 * j + 3));
      const outer = new Float64Array(9); // Σ w g (v − h)ᵀ
      for (let v = 0, i = 0; v < weights.length; v++, i += 3) {
        const w = weights[v];
        if (w === 0) continue;
        const g = [w * G[i], w * G[i + 1], w * G[i + 2]];
        for (let a = 0; a < 3; a++) {
          for (let b = 0; b < 3; b++) outer[3 * a + b] += g[a] * (before[i + b] - h[b]);
        }
        for (let b = 0; b < 3; b++) {
          const turned = R[b] * g[0] + R[3 + b] * g[1] + R[6 + b] * g[2] - g[b];
          G[i + b] += turned;
          onHinges[3 * j + b] -= turned;
        }
      }
      for (let k = 0; k < 3; k++) {
        for (let n = 0; n < 9; n++) gradient[3 * j + k] += outer[n] * slopes[k][n];
      }
    }
    this.#joints.forEach(({ hinge }, j) => {
      for (const vertex of hinge) {
        for (let a = 0; a < 3; a++) G[3 * vertex + a] += onHinges[3 * j + a] / hinge.length;
      }
    });
  }
}

/** Rotation matrix of an axis times an angle, R = I + s K + c K², and its slopes along the three numbers, each `[3, 3]`. */
function rodrigues([x, y, z]: ArrayLike<number> & Iterable<number>) {
  const turn = [x, y, z], square = x * x + y * y + z * z, angle = Math.sqrt(square), small = square < 1e-8;
  const s = small ? 1 - square / 6 : Math.sin(angle) / angle;
  const c = small ? 0.5 - square / 24 : (1 - Math.cos(angle)) / square;
  const sSlope = small ? -1 / 3 : (Math.cos(angle) - s) / square; // over the angle, by the angle
  const cSlope = small ? -1 / 12 : (s - 2 * c) / square;
  const K = [0, -z, y, z, 0, -x, -y, x, 0];
  const K2 = K.map((_, n) => turn[Math.floor(n / 3)] * turn[n % 3] - (n % 4 === 0 ? square : 0));
  const rotation = K.map((k, n) => Number(n % 4 === 0) + s * k + c * K2[n]);
  const slopes = turn.map((t, axis) =>
    K.map((k, n) => {
      const a = Math.floor(n / 3), b = n % 3;
      const kSlope = a === b || a === axis || b === axis ? 0 : (b - a + 3) % 3 === 1 ? -1 : 1;
      const k2Slope = (a === axis ? turn[b] : 0) + (b === axis ? turn[a] : 0) - (a === b ? 2 * t : 0);
      return sSlope * t * k + s * kSlope + cSlope * t * K2[n] + c * k2Slope;
    })
  );
  return { rotation, slopes };
}
