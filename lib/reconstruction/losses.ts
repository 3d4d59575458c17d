/**
 * The losses of the reconstruction, on tensors.
 *
 * @module
 */
import { type Scalar, type Tensor, type Tensor1D, type Tensor3D, type Tensor4D, tf } from "../core/tensor.ts";

/** Weights of the terms in the total; that of the normal consistency loss is scheduled. */
export const LOSS_WEIGHTS = { template: 10, colour: 10, alpha: 1, symmetry: 1 } as const;

/** How differences of images are measured. */
export type PhotometricLoss = "mse" | "l1";

/** Photometric loss: mean squared or absolute value of differences, over all elements. */
export function photometricLoss(difference: Tensor, kind: PhotometricLoss): Scalar {
  return tf.mean(kind === "mse" ? tf.square(difference) : tf.abs(difference));
}

/**
 * Pull to the templates: mean over images of τ times the mean over vertices of the squared distance.
 *
 * @param vertices Predicted positions, `[B, V, 3]`
 * @param templates Templates of the photographs, `[B, V, 3]`
 * @param share τ of each photograph, 0 to 1, `[B]`
 */
export function templateLoss(vertices: Tensor3D, templates: Tensor3D, share: Tensor1D): Scalar {
  const squared = tf.sum(tf.square(tf.sub(vertices, templates)), 2); // [B, V]
  return tf.mean(tf.mul(share, tf.mean(squared, 1)));
}

/**
 * Symmetry loss, `symmetryLoss` for tensors: mean of max(0, −x) over the vertices of the positive side.
 *
 * @param vertices Positions, `[B, V, 3]`
 * @param positive 1 for the vertices of the positive side, else 0, `[V]`
 */
export function symmetryLossTensor(vertices: Tensor3D, positive: Tensor1D): Scalar {
  const [B, V] = vertices.shape;
  const x = tf.reshape(tf.slice(vertices, [0, 0, 0], [B, V, 1]), [B, V]);
  const beyond = tf.mul(tf.relu(tf.neg(x)), positive);
  return tf.div(tf.sum(beyond), tf.mul(tf.sum(positive), B));
}

/**
 * Mean IoU of silhouettes with masks, both above ½; 0 where neither covers anything.
 *
 * @param silhouette Rendered, `[B, S, S, 1]`
 * @param mask Observed, `[B, S, S, 1]`
 */
export function meanIou(silhouette: Tensor4D, mask: Tensor4D): Scalar {
  const [a, b] = [silhouette, mask].map((image) => tf.cast(tf.greater(image, 0.5), "float32"));
  const both = tf.mul(a, b);
  const intersection = tf.sum(both, [1, 2, 3]);
  const union = tf.sum(tf.sub(tf.add(a, b), both), [1, 2, 3]);
  return tf.mean(tf.div(intersection, tf.maximum(union, 1)));
}
