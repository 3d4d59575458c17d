/**
 * The gradients of convolutions without padding, and operations made of them.
 *
 * @module
 */
import { type Tensor, type Tensor2D, type Tensor4D, tf } from "../../core/tensor.ts";
import { activeNativeBackend } from "../native/active.ts";
import type { NativeBackend } from "../native/kernel_layer.ts";
import { CONVOLVING_PRODUCT, runningStep } from "../native/step_settings.ts";
import { boolAttribute, FLOAT_TYPE, runOperation } from "./native_operation.ts";

/** Lengths of the four axes. */
export type Shape4D = readonly [number, number, number, number];

/** An operation on maps and kernel, and its gradients in both. */
export interface ConvolutionPasses {
  /** The maps convolved. */
  forward(maps: Tensor4D, kernel: Tensor4D): Tensor4D;
  /** Gradients of maps and kernel; what is not needed costs nothing in recorded steps. */
  backward(dy: Tensor4D, maps: Tensor4D, kernel: Tensor4D): [Tensor4D, Tensor4D];
}

/** Runs an operation with gradients of its own. */
export function withGradients(x: Tensor4D, kernel: Tensor4D, passes: ConvolutionPasses): Tensor4D {
  const operation = tf.customGrad((...inputs) => {
    const [maps, weights] = inputs as Tensor4D[];
    (inputs[2] as unknown as (tensors: Tensor[]) => void)([maps, weights]);
    return {
      value: passes.forward(maps, weights),
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        passes.backward(dy as Tensor4D, ...saved as [Tensor4D, Tensor4D]),
    };
  });
  return operation(x, kernel) as Tensor4D;
}

/** Gradient of the maps, of shape `inputShape`. */
export function inputGradient(dy: Tensor4D, kernel: Tensor4D, inputShape: Shape4D, stride = 1): Tensor4D {
  return runGradient(tf.Conv2DBackpropInput, { dy, filter: kernel }, { strides: stride, inputShape });
}

/** Gradient of the kernel, of shape `kernelShape`. */
export function kernelGradient(x: Tensor4D, dy: Tensor4D, kernelShape: Shape4D, stride = 1): Tensor4D {
  const backend = activeNativeBackend();
  if (backend !== null && fitsProducts(x.shape, kernelShape, stride)) {
    return kernelGradientByProducts(backend, x, dy, kernelShape, stride);
  }
  return runGradient(tf.Conv2DBackpropFilter, { x, dy }, { strides: stride, filterShape: kernelShape });
}

function runGradient(
  kernelName: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: Readonly<Record<string, number | Shape4D>>,
): Tensor4D {
  const all = { pad: "valid", dataFormat: "NHWC", ...attributes };
  return tf.engine().runKernel(kernelName, { ...inputs }, all as unknown as tf.NamedAttrMap) as Tensor4D;
}

/** Where products of matrices are faster than the library's kernel: measured, see docs/how_to/native.md. */
function fitsProducts([, H, W, I]: Shape4D, [kh, kw, , O]: Shape4D, stride: number): boolean {
  const depth = I * stride * stride;
  if ([H, W, kh, kw].some((length) => length % stride !== 0) || depth < 256) return false;
  return runningStep()?.precision === "bf16" ? I >= 128 : I < 128 && O >= 128;
}

/**
 * Blocks of stride × stride values become channels, so that the step is 1. In maps written row behind row, what meets one
 * place of the kernel lies a fixed number of rows further: without a copy, each place is one product of matrices. Where
 * the kernel would reach beyond the map, the output's gradient is filled up with zeros.
 */
function kernelGradientByProducts(
  backend: NativeBackend,
  x: Tensor4D,
  dy: Tensor4D,
  [kh, kw, I, O]: Shape4D,
  s: number,
): Tensor4D {
  const [B, H, W] = x.shape, h = H / s, w = W / s, rows = B * h * w, depth = I * s * s;
  const [, oh, ow] = dy.shape, heights = kh / s, widths = kw / s;
  const places = Array.from(
    { length: heights * widths },
    (_, i) => Math.floor(i / widths) * w + i % widths, // rows from the first to this place of the kernel
  );
  const length = rows - places[places.length - 1];
  const blocks = s === 1 ? x : tf.transpose(tf.reshape(x, [B, h, s, w, s, I]), [0, 1, 3, 2, 4, 5]);
  const flat = tf.reshape(blocks, [rows, depth]) as Tensor2D;
  const filled = tf.pad(dy, [[0, 0], [0, h - oh], [0, w - ow], [0, 0]]);
  const error = tf.slice(tf.reshape(filled, [rows, O]) as Tensor2D, 0, length);
  const products = places.map((first) => transposedProduct(backend, error, tf.slice(flat, first, length)));
  const parts = tf.reshape(tf.concat(products, 0), [heights, widths, O, s, s, I]);
  return tf.reshape(tf.transpose(parts, [0, 3, 1, 4, 5, 2]), [kh, kw, I, O]);
}

/**
 * aᵀb. Precision bf16 leaves products of matrices alone but for this one, which stands for a convolution: so it is another
 * operation there.
 */
function transposedProduct(backend: NativeBackend, a: Tensor2D, b: Tensor2D): Tensor2D {
  if (runningStep()?.precision !== "bf16") return tf.matMul(a, b, true);
  const attributes = [FLOAT_TYPE, boolAttribute("adj_x", true), boolAttribute("adj_y", false)];
  const batches = [a, b].map((matrix) => tf.reshape(matrix, [1, ...matrix.shape]));
  const [product] = runOperation(backend, CONVOLVING_PRODUCT, attributes, batches, 1);
  return tf.reshape(product, [a.shape[1], b.shape[1]]);
}
