/**
 * Adding a value per channel.
 *
 * @module
 */
import { type Tensor, tf } from "../../core/tensor.ts";
import { activeNativeBackend } from "../native/active.ts";
import { CHANNELS_LAST, FLOAT_TYPE, runOperation } from "./native_operation.ts";

/**
 * Adds a value per channel.
 *
 * @param x Maps or vectors, `[..., C]`
 * @param bias Values, `[C]`
 */
export function addBias<T extends Tensor>(x: T, bias: Tensor): T {
  const backend = activeNativeBackend();
  if (backend === null) return tf.add(x, bias) as T;
  const operation = tf.customGrad((...inputs) => {
    const [values, offsets] = inputs as Tensor[];
    return {
      value: runOperation(backend, "BiasAdd", [FLOAT_TYPE, CHANNELS_LAST], [values, offsets], 1)[0],
      gradFunc: (dy) => [tf.clone(dy), sumPerChannel(dy)],
    };
  });
  return operation(x, bias) as T;
}

const MIN_CHANNELS = 16;

/**
 * Sums over all axes but the last, `[..., C]` → `[C]`; no gradient flows through.
 *
 * The reshaping keeps TensorFlow from merging the sum into the convolution's gradient when it rewrites a recorded step,
 * which would sum in another order.
 */
export function sumPerChannel(x: Tensor): Tensor {
  const backend = activeNativeBackend();
  const channels = x.shape[x.rank - 1];
  // With few channels TensorFlow's own sum is not exact enough: its terms are added one after the other.
  if (backend === null || channels < MIN_CHANNELS) return tf.sum(x, x.shape.slice(1).map((_, axis) => axis));
  const rows = tf.reshape(x, [-1, channels]);
  return runOperation(backend, "BiasAddGrad", [FLOAT_TYPE, CHANNELS_LAST], [rows], 1)[0];
}
