/**
 * Batch normalisation whose statistics are those of the whole batch, of which each process has a part.
 *
 * @module
 */
import { type Tensor, tf } from "../../core/tensor.ts";
import { communicator } from "../../distributed/communicator.ts";
import { sumPerChannel } from "./add_bias.ts";
import { sumOverProcesses } from "./all_reduce.ts";
import type { Affine, OnBatchStatistics } from "./standardize.ts";

/**
 * As `batchNorm`, for the parts that the processes have of one batch, all of the same size. The gradients of `x` are those
 * of the sum of all processes' losses; those of gain and offset are of this process's part.
 *
 * @param x Maps or vectors, `[..., C]`
 * @param epsilon Added to the variance
 * @param affine Gain and offset; null for 1 and 0
 * @param onStatistics See `batchNorm`; given mean and unbiased variance of the whole batch
 */
export function synchronisedBatchNorm<T extends Tensor>(
  x: T,
  epsilon: number,
  affine: Affine | null,
  onStatistics?: OnBatchStatistics,
): T {
  const channels = x.shape[x.rank - 1];
  const { size } = communicator(), count = size * x.size / channels;
  const operation = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void;
    const [values, gain] = args as Tensor[];
    const offset = affine === null ? null : args[2] as Tensor;
    const { mean, variance } = wholeStatistics(values, size);
    onStatistics?.(mean, tf.mul(variance, count / (count - 1)));
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const standard = tf.mul(tf.sub(values, mean), inverse); // mean 0, variance 1
    save([standard, inverse, ...affine === null ? [] : [gain]]);
    return {
      value: affine === null ? standard : tf.add(tf.mul(standard, gain), offset!),
      gradFunc: (dy, saved) => {
        const [standard, inverse, gain] = saved as Tensor[];
        const own = [sumPerChannel(dy), sumPerChannel(tf.mul(dy, standard))];
        const [sum, along] = sumOverProcesses(own).map((total) => tf.div(total, count));
        const rest = tf.sub(tf.sub(dy, sum), tf.mul(standard, along));
        const factor = affine === null ? inverse : tf.mul(inverse, gain);
        const dx = tf.mul(rest, factor);
        return affine === null ? dx : [dx, own[1], own[0]];
      },
    };
  });
  return (affine === null ? operation(x) : operation(x, affine.gain, affine.offset)) as T;
}

/** Mean and biased variance of all processes' parts, `[C]`: those of each part first, so that no digits are lost. */
function wholeStatistics(values: Tensor, size: number): { mean: Tensor; variance: Tensor } {
  const axes = values.shape.slice(1).map((_, axis) => axis);
  const meanOf = (x: Tensor) => axes.reduceRight((rest: Tensor, axis) => tf.mean(rest, axis), x);
  const own = meanOf(values);
  const within = meanOf(tf.square(tf.sub(values, own)));
  const mean = tf.div(sumOverProcesses([own])[0], size);
  const spread = tf.add(within, tf.square(tf.sub(own, mean)));
  return { mean, variance: tf.div(sumOverProcesses([spread])[0], size) };
}
