/**
 * The exponential moving average (EMA) of a network's weights.
 *
 * @module
 */
import { type Scalar, tf } from "../core/tensor.ts";
import type { Parameters } from "../networks/parameters.ts";

/**
 * Moves an EMA towards a network: average ← decay·average + (1−decay)·current, over every entry but constants: weights,
 * running statistics and the vectors of spectral norms (which then are no unit vectors any more, as in the original).
 *
 * @param average Parameters of the averaged network
 * @param current Parameters of the trained network, of the same build
 * @param decay EMA decay, a tensor so that a recorded step can be given another one
 */
export function updateEma(average: Parameters, current: Parameters, decay: Scalar): void {
  const currents = current.entries();
  tf.tidy(() => {
    const rest = tf.sub(1, decay);
    for (const [name, variable] of average.entries()) {
      if (average.constants.has(name)) continue; // rounding would move them
      const other = currents.get(name);
      if (!other) throw new TypeError(`Cannot average networks: the trained one has no entry ${name}`);
      tf.tidy(() => variable.assign(tf.add(tf.mul(variable, decay), tf.mul(other, rest))));
    }
  });
}

/**
 * EMA decay of the next update: smaller in the first epochs, so that the average follows sooner.
 *
 * @param decay EMA decay after 100 epochs, such as 0.999
 * @param finishedEpochs Epochs finished so far
 */
export function emaDecay(decay: number, finishedEpochs: number): number {
  if (finishedEpochs < 10) return decay ** 100;
  return finishedEpochs < 100 ? decay ** 10 : decay;
}
