/**
 * The reconstruction network: one masked photograph to displacement map, texture and parts, all in UV space.
 *
 * @module
 */
import type { Prng } from "../core/prng.ts";
import { checkShapes } from "../core/shapes.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { softmax } from "./layers/activations.ts";
import type { Layer } from "./layers/layer.ts";
import { applyPoleRule, mirrorHalf } from "./layers/reflection.ts";
import { Parameters } from "./parameters.ts";
import { checkConfig, type ReconstructionConfig } from "./reconstruction_config.ts";
import {
  buildEncoder,
  buildHead,
  buildMeshDecoder,
  buildTextureDecoder,
  type Encoder,
} from "./reconstruction_layers.ts";

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

/** Softmax over the part channels that the sample's class has; exactly 0 on the others. */
function distribution(scores: Tensor4D, presence: Tensor2D | null): Tensor4D {
  if (!presence) return softmax(scores);
  const [B, channels] = presence.shape;
  const penalty = tf.mul(tf.sub(1, presence), ABSENT_SCORE);
  return softmax(tf.add(scores, tf.reshape(penalty, [B, 1, 1, channels])));
}
