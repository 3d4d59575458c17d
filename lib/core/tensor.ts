/**
 * Tensors of the network world: documented names for the tfjs types, and the one place that imports tfjs.
 *
 * Public signatures use these aliases only, so that a change of tensor library stays in this file.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** The tensor library. Its backend is chosen by `lib/backend`. */
export { tf };
/** A tensor of any rank. */
export type Tensor = tf.Tensor;
/** A scalar, `[]`. */
export type Scalar = tf.Scalar;
/** A vector, `[N]`. */
export type Tensor1D = tf.Tensor1D;
/** A matrix, `[N, D]`. */
export type Tensor2D = tf.Tensor2D;
/** A batch of point sets, `[B, V, 3]`. */
export type Tensor3D = tf.Tensor3D;
/** A batch of maps, `[B, H, W, C]`. */
export type Tensor4D = tf.Tensor4D;
/** A network of layers that comes from a file. */
export type LayersModel = tf.LayersModel;
/** A value that steps change. */
export type Variable = tf.Variable;
/** Variables or tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;
