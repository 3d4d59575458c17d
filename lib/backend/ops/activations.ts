/**
 * Rectifiers whose gradient needs nothing but their output, so that the input can be freed.
 *
 * @module
 */
import { type Tensor, tf } from "../../core/tensor.ts";
import { activeNativeBackend } from "../native/active.ts";
import { FLOAT_TYPE, floatAttribute, runOperation } from "./native_operation.ts";

/** max(0, x); the gradient at 0 is 0. */
export function relu<T extends Tensor>(x: T): T {
  return rectify(x, 0, (input) => tf.relu(input), "ReluGrad");
}

/**
 * max(slope · x, x); the gradient at 0 is the slope.
 *
 * @param x Values
 * @param slope Below 0, from 0 to below 1
 */
export function leakyRelu<T extends Tensor>(x: T, slope: number): T {
  return rectify(x, slope, (input) => tf.leakyRelu(input, slope), "LeakyReluGrad");
}

function rectify<T extends Tensor>(
  x: T,
  slope: number,
  forward: (input: Tensor) => Tensor,
  nativeGradient: string,
): T {
  const attributes = slope > 0 ? [FLOAT_TYPE, floatAttribute("alpha", slope)] : [FLOAT_TYPE];
  const operation = tf.customGrad((input, save) => {
    const y = forward(input as Tensor);
    (save as (tensors: Tensor[]) => void)([y]);
    return {
      value: y,
      gradFunc: (dy, saved) => {
        const [y] = saved as Tensor[]; // positive where the input is
        const backend = activeNativeBackend();
        if (backend !== null) return runOperation(backend, nativeGradient, attributes, [dy, y], 1)[0];
        const positive = tf.greater(y, 0);
        return slope > 0
          ? tf.where(positive, dy, tf.mul(dy, slope))
          : tf.mul(dy, tf.cast(positive, "float32"));
      },
    };
  });
  return operation(x) as T;
}
