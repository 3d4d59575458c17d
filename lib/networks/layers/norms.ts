/**
 * Normalisations: batch norm with running statistics (plain, per class, driven by a latent code) and instance norm.
 *
 * @module
 */
import { batchNorm } from "../../backend/ops/batch_norm.ts";
import { type Affine, standardize } from "../../backend/ops/standardize.ts";
import { type Tensor, type Tensor2D, tf, type Variable } from "../../core/tensor.ts";
import type { Parameters } from "../parameters.ts";
import type { Norm } from "./layer.ts";
import { linear } from "./linear.ts";

/** Added to variances. */
export const NORM_EPSILON = 1e-5;
/** Momentum of the running statistics: weight of the batch's. */
const MOMENTUM = 0.1;

/** Kinds of normalisation that a network can be built with. */
export type NormKind = "batch" | "instance" | "none";

/**
 * Batch norm without an affine part: batch statistics while training, running ones (`name.running_mean`,
 * `name.running_var`) otherwise. The running variance takes the unbiased one.
 */
export function plainBatchNorm(parameters: Parameters, name: string, channels: number): Norm {
  return batchNormWith(parameters, name, channels, null);
}

/** Instance norm without an affine part: each map by its own statistics; vectors are left as they are. */
export function plainInstanceNorm(): Norm {
  return <T extends Tensor>(x: T): T => x.rank === 4 ? standardize(x, [1, 2], NORM_EPSILON) : x;
}

function batchNormWith(
  parameters: Parameters,
  name: string,
  channels: number,
  affine: Affine | null,
): Norm {
  const mean = parameters.buffer(`${name}.running_mean`, [channels], new Float32Array(channels));
  const variance = parameters.buffer(`${name}.running_var`, [channels], new Float32Array(channels).fill(1));
  return <T extends Tensor>(x: T, _condition: Tensor2D | null, training: boolean): T => {
    if (!training) {
      return tf.batchNorm(x, mean, variance, affine?.offset, affine?.gain, NORM_EPSILON) as T;
    }
    return batchNorm(x, NORM_EPSILON, affine, (batchMean, batchVariance) => {
      moveTowards(mean, batchMean);
      moveTowards(variance, batchVariance);
    });
  };
}

/**
 * A norm with a learned gain (`name.weight`, 1 at first) and offset (`name.bias`, 0 at first) per channel.
 *
 * @param parameters Where the entries go
 * @param name Name of the layer
 * @param channels Channels, C
 * @param kind Batch, instance or none (then there are no entries at all)
 */
export function affineNorm(
  parameters: Parameters,
  name: string,
  channels: number,
  kind: NormKind = "batch",
): Norm {
  if (kind === "none") return identityNorm;
  const gain = parameters.ones(`${name}.weight`, [channels]);
  const offset = parameters.zeros(`${name}.bias`, [channels]);
  if (kind === "batch") return batchNormWith(parameters, name, channels, { gain, offset });
  const plain = plainInstanceNorm();
  return <T extends Tensor>(x: T, condition: Tensor2D | null, training: boolean): T =>
    tf.add(tf.mul(plain(x, condition, training), gain), offset) as T;
}

/**
 * A norm whose gain and offset are rows of tables (`name.fc_gamma.weight`, `name.fc_beta.weight`, `[classes, C]`), chosen
 * by a one-hot class vector.
 *
 * @param parameters Where the entries go
 * @param name Name of the layer; the norm itself is `name.norm`
 * @param channels Channels, C
 * @param classes Number of classes
 * @param kind Batch, instance or none
 */
export function classNorm(
  parameters: Parameters,
  name: string,
  channels: number,
  classes: number,
  kind: NormKind = "batch",
): Norm {
  if (kind === "none") return identityNorm;
  const plain = kind === "batch" ? plainBatchNorm(parameters, `${name}.norm`, channels) : plainInstanceNorm();
  const gains = parameters.ones(`${name}.fc_gamma.weight`, [classes, channels]) as unknown as Tensor2D;
  const offsets = parameters.zeros(`${name}.fc_beta.weight`, [classes, channels]) as unknown as Tensor2D;
  return <T extends Tensor>(x: T, condition: Tensor2D | null, training: boolean): T => {
    const oneHot = requireCondition(name, condition);
    const gain = perChannel(tf.matMul(oneHot, gains), x.rank);
    const offset = perChannel(tf.matMul(oneHot, offsets), x.rank);
    return tf.add(tf.mul(plain(x, condition, training), gain), offset) as T;
  };
}

/**
 * A norm driven by a conditioning vector: x · (1 + γ(z)) + β(z), with γ and β linear (`name.fc_gamma`, `name.fc_beta`).
 *
 * @param parameters Where the entries go
 * @param name Name of the layer; the norm itself is `name.norm`
 * @param channels Channels, C
 * @param conditionLength Length of the conditioning vector, Z
 * @param kind Batch, instance or none (then only the modulation is left)
 */
export function conditionalNorm(
  parameters: Parameters,
  name: string,
  channels: number,
  conditionLength: number,
  kind: NormKind = "batch",
): Norm {
  const plain = kind === "batch"
    ? plainBatchNorm(parameters, `${name}.norm`, channels)
    : kind === "instance"
    ? plainInstanceNorm()
    : identityNorm;
  const gamma = linear(parameters, `${name}.fc_gamma`, conditionLength, channels);
  const beta = linear(parameters, `${name}.fc_beta`, conditionLength, channels);
  return <T extends Tensor>(x: T, condition: Tensor2D | null, training: boolean): T => {
    const z = requireCondition(name, condition);
    const gain = perChannel(tf.add(gamma(z), 1), x.rank);
    return tf.add(tf.mul(plain(x, z, training), gain), perChannel(beta(z), x.rank)) as T;
  };
}

/** Leaves everything as it is. */
export function identityNorm<T extends Tensor>(x: T): T {
  return x;
}

function moveTowards(running: Variable, batch: Tensor): void {
  running.assign(tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(batch, MOMENTUM)));
}

/** `[B, C]` → `[B, 1, 1, C]` for maps. */
function perChannel(values: Tensor2D, rank: number): Tensor {
  return rank === 4 ? tf.reshape(values, [values.shape[0], 1, 1, values.shape[1]]) : values;
}

function requireCondition(name: string, condition: Tensor2D | null): Tensor2D {
  if (!condition) {
    throw new TypeError(`Cannot run ${name}: it needs a conditioning vector, current value is null`);
  }
  return condition;
}
