/**
 * Batch normalisation by the batch's own statistics.
 *
 * @module
 */
import { type Tensor, type Tensor4D, tf } from "../../core/tensor.ts";
import type { NativeBackend } from "../native/kernel_layer.ts";
import { activeNativeBackend } from "../native/active.ts";
import {
  boolAttribute,
  CHANNELS_LAST,
  FLOAT_TYPE,
  floatAttribute,
  runOperation,
  typeAttribute,
} from "./native_operation.ts";
import { communicator } from "../../distributed/communicator.ts";
import { type Affine, type OnBatchStatistics, standardize } from "./standardize.ts";
import { synchronisedBatchNorm } from "./synchronised_batch_norm.ts";

/**
 * Subtracts each channel's mean and divides by the root of its biased variance plus `epsilon`, then applies gain and offset.
 * Where several processes have a part of the batch each, the statistics are those of the whole batch.
 *
 * @param x Maps or vectors, `[..., C]`
 * @param epsilon Added to the variance
 * @param affine Gain and offset; null for 1 and 0
 * @param onStatistics See {@linkcode OnBatchStatistics}
 * @returns Values of the same shape; differentiable in `x`, gain and offset
 */
export function batchNorm<T extends Tensor>(
  x: T,
  epsilon: number,
  affine: Affine | null,
  onStatistics?: OnBatchStatistics,
): T {
  if (communicator().size > 1) return synchronisedBatchNorm(x, epsilon, affine, onStatistics);
  const backend = activeNativeBackend();
  if (backend !== null) return nativeBatchNorm(backend, x, epsilon, affine, onStatistics);
  const channels = x.shape[x.rank - 1], count = x.size / channels;
  const y = standardize(x, x.shape.slice(1).map((_, axis) => axis), epsilon, (mean, variance) => {
    onStatistics?.(
      tf.reshape(mean, [channels]),
      tf.mul(tf.reshape(variance, [channels]), count / (count - 1)),
    );
  });
  return affine === null ? y : tf.add(tf.mul(y, affine.gain), affine.offset) as T;
}

function nativeBatchNorm<T extends Tensor>(
  backend: NativeBackend,
  x: T,
  epsilon: number,
  affine: Affine | null,
  onStatistics?: OnBatchStatistics,
): T {
  const channels = x.shape[x.rank - 1];
  const attributes = [
    FLOAT_TYPE,
    typeAttribute("U"),
    floatAttribute("epsilon", epsilon),
    CHANNELS_LAST,
  ];
  const training = boolAttribute("is_training", true);
  const run: RunBatchNorm = (isTraining, inputs) =>
    runOperation(
      backend,
      "FusedBatchNormV3",
      [...attributes, boolAttribute("is_training", isTraining), floatAttribute("exponential_avg_factor", 1)],
      inputs,
      6,
    );
  const operation = tf.customGrad((...args) => {
    const [values, gain, offset] = args as Tensor[];
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void;
    const map = asMaps(values), none = tf.tensor1d([], "float32");
    const one = affine === null ? tf.ones([channels]) : gain;
    const zero = affine === null ? tf.zeros([channels]) : offset;
    const batch = batchStatistics(run, map);
    const [y, mean, variance, ...reserved] = batch === null
      ? run(true, [map, one, zero, none, none])
      : run(false, [map, one, zero, batch.mean, batch.biased]);
    if (batch === null) onStatistics?.(mean, variance);
    else onStatistics?.(batch.mean, batch.unbiased);
    save([map, one, ...batch === null ? reserved : [batch.mean, batch.biased, reserved[2]]]);
    return {
      value: tf.reshape(y, values.shape),
      gradFunc: (dy, saved) => {
        const [map, one, ...reserved] = saved as Tensor[];
        const [dx, dGain, dOffset] = runOperation(
          backend,
          "FusedBatchNormGradV3",
          [...attributes, training],
          [asMaps(dy), map, one, ...reserved],
          5,
        );
        const dValues = tf.reshape(dx, values.shape);
        return affine === null ? dValues : [dValues, dGain, dOffset];
      },
    };
  });
  return (affine === null ? operation(x) : operation(x, affine.gain, affine.offset)) as T;
}

type RunBatchNorm = (isTraining: boolean, inputs: readonly Tensor[]) => Tensor[];

/**
 * Values per channel up to which TensorFlow's own statistics are exact enough. An inexact mean moves all values of a channel
 * across the kink of the rectifier behind it, which changes gradients by jumps.
 */
const MAX_SERIAL_VALUES = 64;

/**
 * Mean and variance of large maps, `[C]` each; null for others. TensorFlow adds the values of a channel one after the other,
 * which for many is ten to thirty times less exact than sums of sums: so each column gets statistics of its own first.
 */
function batchStatistics(
  run: RunBatchNorm,
  map: Tensor4D,
): { mean: Tensor; biased: Tensor; unbiased: Tensor } | null {
  const [B, H, W, C] = map.shape, count = B * H * W, rows = B * H;
  if (count <= MAX_SERIAL_VALUES || W === 1) return null;
  const none = tf.tensor1d([], "float32");
  const columns = tf.reshape(map, [rows, 1, 1, W * C]);
  const inputs = [columns, tf.ones([W * C]), tf.zeros([W * C]), none, none];
  const [, means, variances] = run(true, inputs).map((values) => tf.reshape(values, [-1])).slice(0, 3);
  const [columnMeans, columnVariances] = [means, variances].map((values) => tf.reshape(values, [W, C]));
  const mean = tf.mean(columnMeans, 0);
  const within = tf.mul(tf.mean(columnVariances, 0), (rows - 1) / rows); // given unbiased
  const biased = tf.add(within, tf.mean(tf.square(tf.sub(columnMeans, mean)), 0));
  return { mean, biased, unbiased: tf.mul(biased, count / (count - 1)) };
}

/** Maps as they are; vectors `[B, C]` as maps of one pixel. */
function asMaps(x: Tensor): Tensor4D {
  if (x.rank === 4) return x as Tensor4D;
  const [batch, channels] = x.shape as [number, number];
  return tf.reshape(x, [batch, 1, 1, channels]);
}
