/**
 * Adversarial losses over maps of scores.
 *
 * @module
 */
import { type Scalar, type Tensor4D, tf } from "../core/tensor.ts";
import type { Score } from "./discriminators.ts";

/** Kinds of adversarial loss. */
export type GanLossKind = "hinge" | "ls" | "original" | "w";

/** All kinds of adversarial loss. */
export const GAN_LOSS_KINDS = ["hinge", "ls", "original", "w"] as const satisfies readonly GanLossKind[];

/** Whose loss: the discriminators' on reals or on fakes, or the generator's. */
export type GanLossRole = "real" | "fake" | "generator";

/**
 * Loss of scores: per sample the mean over the scores weighted by the mask, then the mean over the batch, then the
 * weighted mean over the discriminators. All kinds use mask and weights.
 *
 * @param kind Kind of loss
 * @param role Whose loss
 * @param scores Output of each discriminator
 * @param weights Weight of each discriminator
 * @param masked Whether to weigh by the mask, or to take plain means
 */
export function ganLoss(
  kind: GanLossKind,
  role: GanLossRole,
  scores: readonly Score[],
  weights: readonly number[],
  masked = true,
): Scalar {
  const total = weights.reduce((sum, weight) => sum + weight);
  return tf.tidy(() =>
    scores.map(({ prediction, mask }, i) => {
      const values = pointLoss(kind, role, prediction);
      const mean = masked
        ? tf.mean(tf.div(tf.sum(tf.mul(values, mask), [1, 2, 3]), tf.sum(mask, [1, 2, 3])))
        : tf.mean(values);
      return tf.mul(mean, weights[i] / total) as Scalar;
    }).reduce((sum, loss) => tf.add(sum, loss))
  );
}

/**
 * Weights of the discriminators: the texture counts twice where there are just texture and mesh at R ≥ 512.
 *
 * @param count Number of discriminators
 * @param textureResolution Side of the texture, R
 */
export function discriminatorWeights(count: number, textureResolution: number): number[] {
  return count === 2 && textureResolution >= 512 ? [2, 1] : new Array(count).fill(1);
}

function pointLoss(kind: GanLossKind, role: GanLossRole, y: Tensor4D): Tensor4D {
  switch (kind) {
    case "hinge":
      if (role === "generator") return tf.neg(y);
      return positivePart(role === "real" ? tf.sub(1, y) : tf.add(1, y));
    case "ls":
      return tf.square(role === "fake" ? y : tf.sub(y, 1));
    case "original":
      return tf.softplus(role === "fake" ? y : tf.neg(y));
    case "w":
      return role === "fake" ? y : tf.neg(y);
  }
}

/** max(0, x), with half the gradient at 0 as an element-wise minimum of two tensors has it. */
function positivePart(x: Tensor4D): Tensor4D {
  return tf.mul(tf.add(x, tf.add(tf.relu(x), tf.relu(tf.neg(x)))), 0.5);
}
