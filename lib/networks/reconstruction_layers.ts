/**
 * The parts that a reconstruction network is made of: encoder, decoders and heads.
 *
 * @module
 */
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { relu } from "./layers/activations.ts";
import { conv } from "./layers/convolution.ts";
import type { ConditionedLayer, Layer, Norm } from "./layers/layer.ts";
import { linear } from "./layers/linear.ts";
import { affineNorm, classNorm } from "./layers/norms.ts";
import type { PaddingKind } from "./layers/padding.ts";
import { residualBlock } from "./layers/residual_block.ts";
import { upsampleBilinear } from "./layers/upsample.ts";
import type { Parameters } from "./parameters.ts";
import { scaledChannels } from "./presets.ts";
import type { ReconstructionConfig } from "./reconstruction_config.ts";

/** Makes maps of maps, for the classes of the samples. */
export type Encoder = (image: Tensor4D, classes: Tensor2D | null, training: boolean) => Tensor4D;

function makeNorm(
  parameters: Parameters,
  config: ReconstructionConfig,
  name: string,
  channels: number,
): Norm {
  return config.classCount > 1
    ? classNorm(parameters, name, channels, config.classCount, config.norm)
    : affineNorm(parameters, `${name}.norm`, channels, config.norm);
}

/** What lies beyond the edge of a UV map: half maps repeat it, whole maps go round. */
function uvPadding(config: ReconstructionConfig): PaddingKind {
  return config.symmetric ? "replicateX" : "circularX";
}

function buildBlock(
  parameters: Parameters,
  config: ReconstructionConfig,
  name: string,
  inChannels: number,
  outChannels: number,
  upsample = false,
): ConditionedLayer {
  return residualBlock(parameters, name, {
    inChannels: scaledChannels(inChannels, config.width),
    middleChannels: scaledChannels(inChannels, config.width),
    outChannels: scaledChannels(outChannels, config.width),
    paddingKind: uvPadding(config),
    upsample,
    makeConv: conv,
    makeNorm: (normName, channels) => makeNorm(parameters, config, normName, channels),
    normName: "bn",
    activation: relu,
  });
}

/** A block on its upsampled input. */
function buildUpsamplingBlock(
  parameters: Parameters,
  config: ReconstructionConfig,
  name: string,
  inChannels: number,
  outChannels: number,
): ConditionedLayer {
  const isNearest = config.upsampling === "nearest";
  const block = buildBlock(parameters, config, name, inChannels, outChannels, isNearest);
  return isNearest ? block : (x, condition, training) => block(upsampleBilinear(x), condition, training);
}

/** Photographs to the maps that all decoders begin with, `[B, 16, 8 or 16, C]`. */
export function buildEncoder(parameters: Parameters, config: ReconstructionConfig): Encoder {
  const { width, imageResolution } = config;
  const channels = [64, 128, 256, 512, 64].map((count) => scaledChannels(count, width));
  const stages = channels.map((outChannels, i) => {
    const first = i === 0;
    const name = `${i + 1}e`;
    const layer = conv(parameters, `conv${name}`, {
      inChannels: first ? 4 : channels[i - 1],
      outChannels,
      kernel: first ? 5 : 3,
      stride: 2,
      padding: first ? 2 : 1,
      bias: false,
    });
    return { layer, norm: makeNorm(parameters, config, `bn${name}`, outChannels) };
  });
  const side = imageResolution / 32, flat = side * side * channels[4];
  const [hidden, code, seed] = [256, 1024, 256].map((count) => scaledChannels(count, width));
  const seedWidth = config.symmetric ? 2 : 4;
  const fc1 = linear(parameters, "fc1e", flat, hidden, false);
  const norm1 = makeNorm(parameters, config, "bnfc1e", hidden);
  const fc3 = linear(parameters, "fc3e", hidden, code, false);
  const norm3 = makeNorm(parameters, config, "bnfc3e", code);
  const fcTexture = linear(parameters, "fc1_tex", code, seed * 4 * seedWidth);
  const blocks = [
    buildBlock(parameters, config, "blk1", 256, 512),
    buildUpsamplingBlock(parameters, config, "blk2", 512, 256),
    buildUpsamplingBlock(parameters, config, "blk3", 256, 256),
  ];
  return (image, classes, training) => {
    let x = image;
    for (const { layer, norm } of stages) x = relu(norm(layer(x, training), classes, training));
    const channelsFirst = tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [x.shape[0], flat]) as Tensor2D;
    const first = relu(norm1(fc1(channelsFirst), classes, training));
    const second = relu(norm3(fc3(first), classes, training));
    const map = tf.reshape(fcTexture(second), [x.shape[0], seed, 4, seedWidth]);
    let trunk = tf.transpose(map, [0, 2, 3, 1]) as Tensor4D; // [B, 4, 2, C]
    for (const block of blocks) trunk = block(trunk, classes, training);
    return trunk; // [B, 16, 8, C]
  };
}

/** Those to halves of displacement maps, or whole ones. */
export function buildMeshDecoder(parameters: Parameters, config: ReconstructionConfig): Encoder {
  const block = buildUpsamplingBlock(parameters, config, "blk4_mesh", 256, 64);
  const head = buildHead(parameters, "conv_mesh", config, 3, true);
  return (trunk, classes, training) => head(block(trunk, classes, training), training);
}

/** Those to the features that heads for texture and parts share. */
export function buildTextureDecoder(parameters: Parameters, config: ReconstructionConfig): Encoder {
  const extra = ["blk3b_tex", "blk3c_tex"].slice(0, Math.log2(config.textureResolution / 64));
  const blocks = extra.map((name) => buildUpsamplingBlock(parameters, config, name, 256, 256));
  blocks.push(buildUpsamplingBlock(parameters, config, "blk4_tex", 256, 128));
  blocks.push(buildUpsamplingBlock(parameters, config, "blk5_tex", 128, 64));
  return (trunk, classes, training) => {
    let x = trunk;
    for (const block of blocks) x = block(x, classes, training);
    return x;
  };
}

/** ReLU and a 5×5 convolution. */
export function buildHead(
  parameters: Parameters,
  name: string,
  config: ReconstructionConfig,
  outChannels: number,
  zero = false,
): Layer {
  const inChannels = scaledChannels(64, config.width);
  const layer = conv(parameters, name, {
    inChannels,
    outChannels,
    kernel: 5,
    padding: 2,
    paddingKind: uvPadding(config),
    zero,
  });
  return (x, training) => layer(relu(x), training);
}
