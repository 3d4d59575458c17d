/**
 * Picking points of a batch, with a gradient that is a picking too.
 *
 * @module
 */
import { type Tensor, type Tensor3D, tf } from "../core/tensor.ts";

/**
 * Points by index. The gradient gathers, for each point, from the places that it went to: no scattered sums, so it is
 * quick on every backend and the same to the bit in every run.
 *
 * @param points Points, `[B, V, 3]`
 * @param indices Point of each place, `[N]`
 * @returns Points at the places, `[B, N, 3]`
 */
export function gatherPoints(points: Tensor3D, indices: Int32Array): Tensor3D {
  const [batch, pointCount, size] = points.shape;
  const gather = (from: Tensor, of: Int32Array) => tf.gather(from, tf.tensor1d(of, "int32"), 1);
  const { places, width } = invert(indices, pointCount);
  const pick = tf.customGrad((x) => ({
    value: gather(x as Tensor, indices),
    gradFunc: (gradient: Tensor) => {
      const withZero = gradient.pad([[0, 0], [0, 1], [0, 0]]); // [B, N + 1, 3]
      return gather(withZero, places).reshape([batch, pointCount, width, size]).sum(2);
    },
  }));
  return tf.tidy(() => pick(points) as Tensor3D);
}

/** The places of each point, padded with the place N that holds zero, `[V, width]`. */
function invert(indices: Int32Array, pointCount: number): { places: Int32Array; width: number } {
  const counts = new Int32Array(pointCount); // [V]
  for (const index of indices) counts[index]++;
  const width = counts.reduce((most, count) => Math.max(most, count), 1);
  const places = new Int32Array(pointCount * width).fill(indices.length); // [V, width]
  counts.fill(0);
  indices.forEach((index, place) => places[index * width + counts[index]++] = place);
  return { places, width };
}
