/**
 * The residual block of both networks.
 *
 * @module
 */
import { type Tensor4D, tf } from "../../core/tensor.ts";
import type { Parameters } from "../parameters.ts";
import type { ConvMaker } from "./convolution.ts";
import type { ConditionedLayer, Norm } from "./layer.ts";
import type { PaddingKind } from "./padding.ts";
import { upsampleNearest } from "./upsample.ts";

/** Build of a residual block. */
export interface ResidualBlockOptions {
  /** Channels in. */
  inChannels: number;
  /** Channels between the two convolutions. */
  middleChannels: number;
  /** Channels out. */
  outChannels: number;
  /** What lies beyond the left and right edge. */
  paddingKind: PaddingKind;
  /** Whether the input is upsampled first, by 2 with nearest neighbours; false if not given. */
  upsample?: boolean;
  /** `conv` or `spectralConv`. */
  makeConv: ConvMaker;
  /** Makes the norm behind each convolution; called with `name.<normName>1` and `name.<normName>2`. */
  makeNorm: (name: string, channels: number) => Norm;
  /** First part of the norms' names: `bn` in the reconstruction network, `norm` in the generator. */
  normName: string;
  /** Activation behind each norm. */
  activation: (x: Tensor4D) => Tensor4D;
}

/**
 * Twice { pad 1, 3×3 convolution without bias, norm, activation }, plus the input (through a 1×1 convolution if the
 * channels change). There is no activation behind the sum.
 *
 * With `upsample` all of this acts on the upsampled input.
 *
 * @param parameters Where the entries go
 * @param name Name of the block
 * @param options Build
 */
export function residualBlock(
  parameters: Parameters,
  name: string,
  options: ResidualBlockOptions,
): ConditionedLayer {
  const { inChannels, middleChannels, outChannels, paddingKind, upsample = false } = options;
  const { makeConv, makeNorm, normName, activation } = options;
  const common = { kernel: 3, padding: 1, paddingKind, bias: false };
  const entry = { ...common, inChannels, outChannels: middleChannels, upsample };
  const conv1 = makeConv(parameters, `${name}.conv1`, entry);
  const conv2 = makeConv(parameters, `${name}.conv2`, { ...common, inChannels: middleChannels, outChannels });
  const norm1 = makeNorm(`${name}.${normName}1`, middleChannels);
  const norm2 = makeNorm(`${name}.${normName}2`, outChannels);
  const shortcut = inChannels === outChannels
    ? (x: Tensor4D) => upsample ? upsampleNearest(x) : x
    : makeConv(parameters, `${name}.shortcut`, { inChannels, outChannels, kernel: 1, bias: false, upsample });
  return (x, condition, training) =>
    tf.tidy(() => {
      const first = activation(norm1(conv1(x, training), condition, training));
      const second = activation(norm2(conv2(first, training), condition, training));
      return tf.add(second, shortcut(x, training));
    });
}
