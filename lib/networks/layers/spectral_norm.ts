/**
 * Spectral normalisation: a kernel divided by its largest singular value.
 *
 * @module
 */
import { type Tensor, type Tensor2D, tf, type Variable } from "../../core/tensor.ts";

const MIN_LENGTH = 1e-12;

/**
 * Divides a kernel W by σ = uᵀWv, its largest singular value as estimated by power steps.
 *
 * The vectors are constants for the gradient, W is not: dL/dW = (G − ⟨G, W/σ⟩ v uᵀ)/σ with G = dL/d(W/σ).
 *
 * @param weight Kernel, `[..., O]`, as a matrix `[N, O]`
 * @param u Vector of the outputs, `[O]`
 * @param v Vector of the inputs, `[N]`
 * @param training Whether one power step is taken first, which moves the vectors
 * @returns The kernel divided, of the same shape
 */
export function spectralNormalize(weight: Variable, u: Variable, v: Variable, training: boolean): Tensor {
  const rows = v.size, columns = u.size;
  const operation = tf.customGrad((input, save) => {
    const matrix = tf.reshape(input as Tensor, [rows, columns]) as Tensor2D;
    const { sigma, left, right } = training
      ? takePowerStep(matrix, u, v)
      : singularValue(matrix, tf.reshape(u, [1, columns]), tf.reshape(v, [1, rows]));
    const scaled = tf.div(matrix, sigma);
    (save as (tensors: Tensor[]) => void)([scaled, sigma, left, right]);
    return {
      value: tf.reshape(scaled, weight.shape),
      gradFunc: (dy, saved) => {
        const [scaled, sigma, left, right] = saved as Tensor[];
        const gradient = tf.reshape(dy, [rows, columns]);
        const share = tf.sum(tf.mul(gradient, scaled));
        const along = tf.matMul(right, tf.mul(left, share), true, false); // [N, O]
        return tf.reshape(tf.div(tf.sub(gradient, along), sigma), weight.shape);
      },
    };
  });
  return operation(weight);
}

/** Vectors as rows and the singular value, `[1, 1]`. */
interface SingularTriple {
  readonly sigma: Tensor;
  readonly left: Tensor2D; // u, [1, O]
  readonly right: Tensor2D; // v, [1, N]
}

/** v ← Wᵀu and u ← Wv, each made of length 1; then σ needs no product of its own: it is the length of Wv. */
function takePowerStep(matrix: Tensor2D, u: Variable, v: Variable): SingularTriple {
  const right = unit(tf.matMul(tf.reshape(u, [1, u.size]), matrix, false, true));
  const product: Tensor2D = tf.matMul(right, matrix); // [1, O]
  const left = unit(product);
  v.assign(tf.reshape(right, v.shape));
  u.assign(tf.reshape(left, u.shape));
  return { sigma: tf.matMul(left, product, false, true), left, right };
}

function singularValue(matrix: Tensor2D, left: Tensor2D, right: Tensor2D): SingularTriple {
  return { sigma: tf.matMul(tf.matMul(right, matrix), left, false, true), left, right };
}

function unit(vector: Tensor2D): Tensor2D {
  return tf.div(vector, tf.maximum(tf.sqrt(tf.sum(tf.square(vector))), MIN_LENGTH));
}
