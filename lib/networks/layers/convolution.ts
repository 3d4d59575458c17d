/**
 * Convolutions, with and without spectral normalisation.
 *
 * @module
 */
import { addBias } from "../../backend/ops/add_bias.ts";
import { conv2d } from "../../backend/ops/conv2d.ts";
import { upsampleConv2d } from "../../backend/ops/upsample_conv2d.ts";
import { fewChannelConv2d } from "../../backend/ops/few_channel_conv2d.ts";
import { type Tensor4D, tf, type Variable } from "../../core/tensor.ts";
import type { Parameters } from "../parameters.ts";
import type { Layer } from "./layer.ts";
import { type PaddingKind, padMap } from "./padding.ts";
import { spectralNormalize } from "./spectral_norm.ts";
import { upsampleNearest } from "./upsample.ts";

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
  /**
   * Whether the input is upsampled first, by 2 with nearest neighbours; false if not given. Fewer products are needed than
   * for the upsampled map, as long as kernels are 1×1, or 3×3 with a padding of 1.
   */
  upsample?: boolean;
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
  return (x) => tf.tidy(() => convolve(x, weight as unknown as Tensor4D, bias, options));
}

/** Channels of a convolution's input that are the same for all samples and steps. */
export interface ConstantChannels {
  /** Their values, `[1, H, W, C]`. */
  readonly map: Variable;
  /** Where they stand among the channels of the kernel. */
  readonly first: number;
}

/**
 * A convolution whose kernel is divided by its largest singular value, estimated by one power step per training
 * forward. The vectors u and v are constants for the gradient; the kernel in σ = uᵀWv is not.
 *
 * @param parameters Where `name.weight_orig`, `name.weight_u` `[O]`, `name.weight_v` `[kh kw I]` and `name.bias` go
 * @param name Name of the layer
 * @param options Build
 * @param constant Channels that the layer adds to its input; they are convolved once and not for each sample
 */
export function spectralConv(
  parameters: Parameters,
  name: string,
  options: ConvOptions,
  constant?: ConstantChannels,
): Layer {
  const { weight, bias } = addWeights(parameters, name, "weight_orig", options);
  const { inChannels, outChannels, kernel } = options;
  const rows = kernel * kernel * inChannels;
  const u = parameters.buffer(`${name}.weight_u`, [outChannels], parameters.unitVector(outChannels));
  const v = parameters.buffer(`${name}.weight_v`, [rows], parameters.unitVector(rows), "spectralV");
  return (x, training) =>
    tf.tidy(() => {
      const scaled = spectralNormalize(weight, u, v, training) as Tensor4D;
      return constant
        ? convolveWithConstant(x, constant, scaled, bias, options)
        : convolve(x, scaled, bias, options);
    });
}

/** Splits the kernel by channels; what the constant ones and the bias give is added to each sample. */
function convolveWithConstant(
  x: Tensor4D,
  { map, first }: ConstantChannels,
  weight: Tensor4D,
  bias: Variable | null,
  options: ConvOptions,
): Tensor4D {
  const count = map.shape[3]!, behind = options.inChannels - first - count;
  const sizes = behind > 0 ? [first, count, behind] : [first, count];
  const [before, own, ...after] = tf.split<Tensor4D>(weight, sizes, 2);
  const ofSamples = behind > 0 ? tf.concat([before, ...after], 2) : before;
  const y = convolve(x, ofSamples, null, options);
  const offset = convolve(map as unknown as Tensor4D, own, bias, options); // [1, H, W, O]
  const [batch, ...rest] = y.shape;
  return tf.reshape(addBias(tf.reshape(y, [batch, -1]), tf.reshape(offset, [-1])), [batch, ...rest]);
}

function convolve(x: Tensor4D, weight: Tensor4D, bias: Variable | null, options: ConvOptions): Tensor4D {
  const y = options.upsample ? convolveUpsampled(x, weight, options) : convolvePadded(x, weight, options);
  return bias ? addBias(y, bias) : y;
}

function convolvePadded(x: Tensor4D, weight: Tensor4D, options: ConvOptions): Tensor4D {
  const { stride = 1, padding = 0, paddingKind = "zero" } = options;
  const padded = padMap(x, padding, paddingKind);
  return stride === 1 ? fewChannelConv2d(padded, weight) : conv2d(padded, weight, stride);
}

function convolveUpsampled(x: Tensor4D, weight: Tensor4D, options: ConvOptions): Tensor4D {
  const { kernel, stride = 1, padding = 0, paddingKind = "zero" } = options;
  if (kernel === 1 && stride === 1 && padding === 0) {
    return upsampleNearest(convolvePadded(x, weight, options));
  }
  if (kernel === 3 && stride === 1 && padding === 1) {
    return upsampleConv2d(padMap(x, 1, paddingKind), weight); // the border of the upsampled map is that of the map, upsampled
  }
  return convolvePadded(upsampleNearest(x), weight, options);
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
