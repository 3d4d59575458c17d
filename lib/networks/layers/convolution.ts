/**
 * Convolutions, plain and with spectral normalisation.
 *
 * @module
 */
import { addBias } from "../../backend/ops/add_bias.ts";
import { type Tensor4D, tf, type Variable } from "../../core/tensor.ts";
import type { Parameters } from "../parameters.ts";
import type { Layer } from "./layer.ts";
import { type PaddingKind, padMap } from "./padding.ts";
import { spectralNormalize } from "./spectral_norm.ts";

/** Build of a convolution. */
export interface ConvOptions {
  /** Channels in. */
  inChannels: number;
  /** Channels out. */
  outChannels: number;
  /** Side of the kernel. */
  kernel: number;
  /** Step; 1 if not given. */
  stride?: number;
  /** Rows and columns added on each side; 0 if not given. */
  padding?: number;
  /** What to add; zeros if not given. */
  paddingKind?: PaddingKind;
  /** Whether there is a bias; true if not given. */
  bias?: boolean;
  /** Whether weight and bias start at zero; false if not given. */
  zero?: boolean;
}

/** Makes a convolution from its options. */
export type ConvMaker = (parameters: Parameters, name: string, options: ConvOptions) => Layer;

/**
 * A convolution (cross-correlation) with weights uniform in ±1/√fan_in.
 *
 * @param parameters Where `name.weight` `[kh, kw, I, O]` and `name.bias` `[O]` go
 * @param name Name of the layer
 * @param options Build
 */
export function conv(parameters: Parameters, name: string, options: ConvOptions): Layer {
  const { weight, bias } = addWeights(parameters, name, "weight", options);
  const { stride = 1, padding = 0, paddingKind = "zero" } = options;
  return (x) =>
    tf.tidy(() => convolve(padMap(x, padding, paddingKind), weight as unknown as Tensor4D, bias, stride));
}

/**
 * A convolution whose kernel is divided by its largest singular value, estimated by one power step per training
 * forward. The vectors u and v are constants for the gradient; the kernel in σ = uᵀWv is not.
 *
 * @param parameters Where `name.weight_orig`, `name.weight_u` `[O]`, `name.weight_v` `[kh kw I]` and `name.bias` go
 * @param name Name of the layer
 * @param options Build
 */
export function spectralConv(parameters: Parameters, name: string, options: ConvOptions): Layer {
  const { weight, bias } = addWeights(parameters, name, "weight_orig", options);
  const { inChannels, outChannels, kernel, stride = 1, padding = 0, paddingKind = "zero" } = options;
  const rows = kernel * kernel * inChannels;
  const u = parameters.buffer(`${name}.weight_u`, [outChannels], parameters.unitVector(outChannels));
  const v = parameters.buffer(`${name}.weight_v`, [rows], parameters.unitVector(rows), "spectralV");
  return (x, training) =>
    tf.tidy(() => {
      const scaled = spectralNormalize(weight, u, v, training) as Tensor4D;
      return convolve(padMap(x, padding, paddingKind), scaled, bias, stride);
    });
}

function convolve(x: Tensor4D, weight: Tensor4D, bias: Variable | null, stride: number): Tensor4D {
  const y = tf.conv2d(x, weight, stride, "valid");
  return bias ? addBias(y, bias) : y;
}

function addWeights(
  parameters: Parameters,
  name: string,
  weightName: string,
  options: ConvOptions,
): { weight: Variable; bias: Variable | null } {
  const { inChannels, outChannels, kernel, bias = true, zero = false } = options;
  const shape = [kernel, kernel, inChannels, outChannels];
  const bound = zero ? 0 : 1 / Math.sqrt(kernel * kernel * inChannels);
  return {
    weight: parameters.uniform(`${name}.${weightName}`, shape, bound, "convolution"),
    bias: bias ? parameters.uniform(`${name}.bias`, [outChannels], bound) : null,
  };
}
