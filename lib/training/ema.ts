/**
 * The running average of a network's weights.
 *
 * @module
 */
import { type Scalar, tf } from "../core/tensor.ts";
import type { Parameters } from "../networks/parameters.ts";

/**
 * Moves an average towards a network: average ← α·average + (1−α)·current, over every entry but constants: weights,
 * running statistics and the vectors of spectral norms (which then are no unit vectors any more, as in the original).
 *
 * @param average Parameters of the averaged network
 * @param current Parameters of the trained network, of the same build
 * @param alpha Share of the average, a tensor so that a recorded step can be given another one
 */
export function updateAverage(average: Parameters, current: Parameters, alpha: Scalar): void {
  const currents = current.entries();
  tf.tidy(() => {
    const rest = tf.sub(1, alpha);
    for (const [name, variable] of average.entries()) {
      if (average.constants.has(name)) continue; // rounding would move them
      const other = currents.get(name);
      if (!other) throw new TypeError(`Cannot average networks: the trained one has no entry ${name}`);
      tf.tidy(() => variable.assign(tf.add(tf.mul(variable, alpha), tf.mul(other, rest))));
    }
  });
}

/**
 * Share of the average in the next update: smaller in the first epochs, so that the average follows sooner.
 *
 * @param alpha Share after 100 epochs, such as 0.999
 * @param finishedEpochs Epochs finished so far
 */
export function averageShare(alpha: number, finishedEpochs: number): number {
  if (finishedEpochs < 10) return alpha ** 100;
  return finishedEpochs < 100 ? alpha ** 10 : alpha;
}
