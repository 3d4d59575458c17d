/**
 * The reconstruction network: one masked photograph to displacement map, texture and parts, all in UV space.
 *
 * @module
 */
import type { Prng } from "../core/prng.ts";
import { checkShapes } from "../core/shapes.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { relu, softmax } from "./layers/activations.ts";
import { conv } from "./layers/convolution.ts";
import type { ConditionedLayer, Layer, Norm } from "./layers/layer.ts";
import { linear } from "./layers/linear.ts";
import { affineNorm, classNorm, type NormKind } from "./layers/norms.ts";
import type { PaddingKind } from "./layers/padding.ts";
import { applyPoleRule, mirrorHalf } from "./layers/reflection.ts";
import { residualBlock } from "./layers/residual_block.ts";
import { upsampleBilinear } from "./layers/upsample.ts";
import { Parameters } from "./parameters.ts";
import { type PresetName, PRESETS, scaledChannels } from "./presets.ts";

/** What the network predicts besides the mesh. */
export type PredictionType = "none" | "texture" | "semantics" | "both";

/** Build of a reconstruction network; stored with its checkpoints. */
export interface ReconstructionConfig {
  /** Preset; checkpoints of different presets never mix. */
  preset: PresetName;
  /** Side of the input in pixels, a multiple of 32. */
  imageResolution: number;
  /** Multiplier of all inner channel counts. */
  width: number;
  /** Side of the texture: 64, 128 or 256 texels. */
  textureResolution: number;
  /** Heads besides the mesh. */
  predictionType: PredictionType;
  /** Part channels: the parts of all classes, and one for the object without part. */
  partChannels: number;
  /** Classes; with more than one, every norm is class-conditional. */
  classCount: number;
  /** Kind of normalisation. */
  norm: NormKind;
  /** Whether predictions are left-right symmetric. */
  symmetric: boolean;
  /** Up-sampling between blocks. */
  upsampling: "nearest" | "bilinear";
}

/** Build of a preset for one class without parts. */
export function reconstructionConfig(
  preset: PresetName,
  changes: Partial<ReconstructionConfig> = {},
): ReconstructionConfig {
  const { imageResolution, width, reconstructionTexture } = PRESETS[preset];
  return {
    preset,
    imageResolution,
    width,
    textureResolution: reconstructionTexture,
    predictionType: "both",
    partChannels: 1,
    classCount: 1,
    norm: "batch",
    symmetric: true,
    upsampling: "nearest",
    ...changes,
  };
}

/** Input of the network. */
export interface ReconstructionInput {
  /** Colours in [−1, 1] times the mask, then the mask, `[B, r, r, 4]`. */
  image: Tensor4D;
  /** One-hot classes, `[B, classes]`; null with one class. */
  classes?: Tensor2D | null;
  /** 1 for the part channels that the sample's class uses, `[B, partChannels]`; null if all do. */
  partPresence?: Tensor2D | null;
}

/** Output of the network, full UV maps. */
export interface ReconstructionOutput {
  /** Displacement along (normal, tangent, bitangent), `[B, 32, 32, 3]`. */
  displacementMap: Tensor4D;
  /** Colours in (−1, 1), `[B, R, R, 3]`. */
  texture: Tensor4D | null;
  /** Distribution over part channels, `[B, R, R, partChannels]`. */
  parts: Tensor4D | null;
}

/** Score of parts that a class does not have. */
const ABSENT_SCORE = -10000;

type Encoder = (image: Tensor4D, classes: Tensor2D | null, training: boolean) => Tensor4D;

/** The network with its parameters. */
export class ReconstructionNetwork {
  /** Build. */
  readonly config: ReconstructionConfig;
  /** Weights and running statistics. */
  readonly parameters: Parameters;
  readonly #encode: Encoder;
  readonly #decodeMesh: Encoder;
  readonly #decodeTexture: Encoder | null;
  readonly #textureHead: Layer | null;
  readonly #partsHead: Layer | null;

  /**
   * Makes the parameters.
   *
   * @param config Build
   * @param prng Source of the initial weights
   * @throws {RangeError} If a size is not possible
   */
  constructor(config: ReconstructionConfig, prng: Prng) {
    checkConfig(config);
    this.config = config;
    this.parameters = new Parameters(prng);
    const { parameters } = this;
    const { predictionType, partChannels } = config;
    const hasTexture = predictionType === "texture" || predictionType === "both";
    const hasParts = predictionType === "semantics" || predictionType === "both";
    this.#encode = buildEncoder(parameters, config);
    this.#decodeTexture = hasTexture || hasParts ? buildTextureDecoder(parameters, config) : null;
    this.#textureHead = hasTexture ? buildHead(parameters, "conv_tex", config, 3) : null;
    this.#partsHead = hasParts ? buildHead(parameters, "conv_seg", config, partChannels) : null;
    this.#decodeMesh = buildMeshDecoder(parameters, config);
  }

  /** Name of the build's kind, stored with checkpoints. */
  get type(): string {
    return `reconstruction-${this.config.preset}`;
  }

  /**
   * Predicts maps.
   *
   * @param input Images and classes
   * @param training Whether batch statistics are used and running ones moved
   */
  predict(input: ReconstructionInput, training: boolean): ReconstructionOutput {
    const { imageResolution, symmetric } = this.config;
    const { image, classes = null, partPresence = null } = input;
    checkShapes("reconstruct", { image: [image, ["B", imageResolution, imageResolution, 4]] });
    let output!: ReconstructionOutput;
    tf.tidy(() => {
      const complete = (map: Tensor4D): Tensor4D => symmetric ? mirrorHalf(map) : map;
      const trunk = this.#encode(image, classes, training);
      const displacementMap = complete(applyPoleRule(this.#decodeMesh(trunk, classes, training)));
      const features = this.#decodeTexture?.(trunk, classes, training);
      const texture = features && this.#textureHead
        ? complete(tf.tanh(this.#textureHead(features, training)))
        : null;
      const parts = features && this.#partsHead
        ? complete(distribution(this.#partsHead(features, training), partPresence))
        : null;
      output = { displacementMap, texture, parts };
      return [displacementMap, texture, parts].filter((map) => map !== null);
    });
    return output;
  }

  /** Frees the parameters. */
  dispose(): void {
    this.parameters.dispose();
  }
}

/** What stages need of a network: maps of photographs, and parameters that are moved and stored. */
export type ReconstructionModel = Pick<ReconstructionNetwork, keyof ReconstructionNetwork>;

function checkConfig(
  { imageResolution, textureResolution, partChannels, classCount }: ReconstructionConfig,
): void {
  if (!Number.isInteger(imageResolution / 32) || imageResolution < 32) {
    throw new RangeError(
      `Cannot build the reconstruction network as imageResolution must be a multiple of 32: current value is ` +
        `${imageResolution}`,
    );
  }
  if (![64, 128, 256].includes(textureResolution)) {
    throw new RangeError(
      `Cannot build the reconstruction network as textureResolution must be 64, 128 or 256: current value is ` +
        `${textureResolution}`,
    );
  }
  for (const [name, value] of Object.entries({ partChannels, classCount })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Cannot build the reconstruction network as ${name} must be at least 1: current value is ${value}`,
      );
    }
  }
}

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

function buildEncoder(parameters: Parameters, config: ReconstructionConfig): Encoder {
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

function buildMeshDecoder(parameters: Parameters, config: ReconstructionConfig): Encoder {
  const block = buildUpsamplingBlock(parameters, config, "blk4_mesh", 256, 64);
  const head = buildHead(parameters, "conv_mesh", config, 3, true);
  return (trunk, classes, training) => head(block(trunk, classes, training), training);
}

function buildTextureDecoder(parameters: Parameters, config: ReconstructionConfig): Encoder {
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
function buildHead(
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

/** Softmax over the part channels that the sample's class has; exactly 0 on the others. */
function distribution(scores: Tensor4D, presence: Tensor2D | null): Tensor4D {
  if (!presence) return softmax(scores);
  const [B, channels] = presence.shape;
  const penalty = tf.mul(tf.sub(1, presence), ABSENT_SCORE);
  return softmax(tf.add(scores, tf.reshape(penalty, [B, 1, 1, channels])));
}
