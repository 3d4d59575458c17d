/**
 * Softmax over channels.
 *
 * @module
 */
import { type Tensor, tf } from "../../core/tensor.ts";

/**
 * exp(x) / Σ exp(x) over the last axis.
 *
 * TensorFlow has two softmaxes, one for operations run at once and one for functions, which differ in the last bits: a
 * recorded step would not equal the step itself. So it is made of operations that are the same in both.
 *
 * @param x Scores, `[..., C]`
 */
export function softmax<T extends Tensor>(x: T): T {
  const operation = tf.customGrad((input, save) => {
    const powers = tf.exp(tf.sub(input as Tensor, tf.max(input as Tensor, -1, true)));
    const y = tf.div(powers, tf.sum(powers, -1, true));
    (save as (tensors: Tensor[]) => void)([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [y] = saved;
        return tf.mul(y, tf.sub(dy, tf.sum(tf.mul(dy, y), -1, true)));
      },
    };
  });
  return operation(x) as T;
}
