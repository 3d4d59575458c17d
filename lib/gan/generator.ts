/**
 * The generator: latent code → texture and displacement map.
 *
 * @module
 */
import type { Prng } from "../core/prng.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { leakyRelu } from "../networks/layers/activations.ts";
import { conv, spectralConv } from "../networks/layers/convolution.ts";
import type { ConditionedLayer, Layer } from "../networks/layers/layer.ts";
import { embedding, linear } from "../networks/layers/linear.ts";
import { conditionalNorm } from "../networks/layers/norms.ts";
import { applyPoleRule, mirrorHalf } from "../networks/layers/reflection.ts";
import { residualBlock } from "../networks/layers/residual_block.ts";
import type { Exemplars } from "./exemplars/exemplars.ts";
import { DISPLACEMENT_RESOLUTION, type GeneratorOptions, TEXTURE_RESOLUTIONS } from "./generator_options.ts";
import { GeneratorStart } from "./generator_start.ts";
import { Parameters } from "../networks/parameters.ts";
import { scaledChannels } from "../networks/presets.ts";

/** Length of a class's part of the conditioning vector. */
const CLASS_LENGTH = 64;

/** What a generator makes. */
export interface Generated {
  /** Colours in (−1, 1), `[B, R, R, 3]`; in training with the rows and columns that convolutions make. */
  readonly texture: Tensor4D;
  /** Displacement maps, `[B, 32, 32, 3]`. */
  readonly map: Tensor4D;
}

/** The generator of textures and displacement maps. */
export class Generator {
  /** Its values. */
  readonly parameters: Parameters;
  /** Its build. */
  readonly options: Readonly<GeneratorOptions>;
  readonly #embedClass: ((oneHot: Tensor2D) => Tensor2D) | null;
  readonly #start: ((condition: Tensor2D) => Tensor2D) | null;
  readonly #partLayers: Layer[]; // in place of #start
  readonly #trunk: ConditionedLayer[];
  readonly #texture: ConditionedLayer[];
  readonly #textureEnd: ConditionedLayer;
  readonly #mapEnd: ConditionedLayer | null;
  readonly #toTexture: Layer;
  readonly #toMap: Layer | null;
  readonly #data: GeneratorStart;

  /**
   * Makes a generator with fresh values.
   *
   * @param options Build
   * @param prng Source of the initial values
   * @throws {RangeError} If the texture resolution is unknown
   */
  constructor(options: GeneratorOptions, prng: Prng) {
    const { textureResolution, width, symmetric, latentLength, classes, norm } = options;
    if (!TEXTURE_RESOLUTIONS.some((resolution) => resolution === textureResolution)) {
      throw new RangeError(
        `Cannot make a generator: the texture resolution must be one of ${TEXTURE_RESOLUTIONS.join(", ")}, ` +
          `current value is ${textureResolution}`,
      );
    }
    this.options = { ...options };
    const base = options.baseResolution ?? textureResolution;
    this.parameters = new Parameters(prng);
    const parameters = this.parameters;
    const conditionLength = latentLength + (classes > 0 ? CLASS_LENGTH : 0);
    const paddingKind = symmetric ? "replicateX" : "circularX";
    const [c512, c256, c128, c64] = [512, 256, 128, 64].map((channels) => scaledChannels(channels, width));
    const block = (name: string, inChannels: number, outChannels: number, upsample = true) =>
      residualBlock(parameters, name, {
        inChannels,
        middleChannels: Math.min(inChannels, outChannels),
        outChannels,
        paddingKind,
        upsample,
        makeConv: spectralConv,
        makeNorm: (normName, channels) =>
          conditionalNorm(parameters, normName, channels, conditionLength, norm),
        normName: "norm",
        activation: leakyRelu,
      });
    this.#embedClass = classes > 0 ? embedding(parameters, "emb_class", classes, CLASS_LENGTH) : null;
    const parts = options.parts ?? 0;
    this.#start = parts > 0 ? null : linear(parameters, "fc", conditionLength, c512 * 8 * this.#startColumns);
    this.#partLayers = parts === 0
      ? []
      : [c64, c128, c256, c512].map((outChannels, i, all) =>
        spectralConv(parameters, `enc${i + 1}`, {
          inChannels: i === 0 ? parts : all[i - 1],
          outChannels,
          kernel: 3,
          stride: 2,
          padding: 1,
          paddingKind,
        })
      );
    this.#trunk = [block("blk1", c512, c512, false), block("blk2", c512, c256)];
    this.#texture = ["blk3a", "blk3b", "blk3c"]
      .filter((_, i) => base >= 256 << i).map((name) => block(name, c256, c256));
    this.#texture.push(block("blk4", c256, c128));
    if (base >= 128) this.#texture.push(block("blk5", c128, c128));
    this.#textureEnd = block("blk6", c128, c64);
    const last = { inChannels: c64, outChannels: 3, kernel: 5, padding: 2, paddingKind } as const;
    this.#toTexture = conv(parameters, "conv_final", { ...last, zero: (options.components ?? 0) > 0 });
    this.#mapEnd = options.textureOnly ? null : block("blk3_mesh", c256, c64);
    this.#toMap = options.textureOnly ? null : conv(parameters, "conv_mesh", { ...last, zero: true });
    this.#data = new GeneratorStart(parameters, options);
  }

  /**
   * Sets the principal components that outputs start from, in units of their deviations.
   *
   * @param texture Textures before tanh, `[K, S · S · 3]` with S = `componentSide(options)`
   * @param map Displacement maps, `[K, 32 · 32 · 3]`
   * @throws {TypeError} If the generator was built without components
   */
  setComponents(texture: Float32Array, map: Float32Array): void {
    this.#data.setComponents(texture, map);
  }

  /**
   * Sets the objects that lend textures their detail; means and components must be set before.
   *
   * @param exemplars The objects
   * @param training Whether the generator will be trained too
   * @throws {TypeError} If the generator was built for another number of them
   */
  setExemplars(exemplars: Exemplars, training: boolean): Promise<void> {
    return this.#data.setExemplars(exemplars, training);
  }

  /**
   * Sets the means that outputs start from.
   *
   * @param texture Inverse tanh of the mean colours, `[1, S, S, 3]` with the S of the convolutions
   * @param map Mean displacement map, `[1, 32, 32, 3]`
   * @throws {TypeError} If the generator was not built with `startFromMean`
   */
  setMean(texture: Float32Array, map: Float32Array): void {
    this.#data.setMean(texture, map);
  }

  /** How many trainable values there are. */
  get parameterCount(): number {
    return this.parameters.count;
  }

  /**
   * Makes textures and displacement maps.
   *
   * @param latent Latent codes, `[B, Z]`
   * @param oneHot Classes, `[B, classes]`, or null without class conditioning
   * @param training Batch statistics and power iterations (true) or running ones (false)
   * @param parts Part maps, `[B, 128, 128, P]`, or null without part conditioning
   */
  generate(
    latent: Tensor2D,
    oneHot: Tensor2D | null,
    training: boolean,
    parts: Tensor4D | null = null,
  ): Generated {
    const { symmetric } = this.options;
    const condition = this.#condition(latent, oneHot);
    const batch = latent.shape[0];
    let x = this.#beginning(condition, parts, training); // [B, 8, 4 or 8, C]
    for (const block of this.#trunk) x = block(x, condition, training);
    let texture = x;
    for (const block of this.#texture) texture = block(texture, condition, training);
    texture = leakyRelu(this.#textureEnd(texture, condition, training));
    texture = this.#toTexture(texture, training);
    if (symmetric) texture = mirrorHalf(texture);
    let map: Tensor4D;
    if (this.#mapEnd && this.#toMap) {
      map = applyPoleRule(this.#toMap(leakyRelu(this.#mapEnd(x, condition, training)), training));
      if (symmetric) map = mirrorHalf(map);
    } else map = tf.zeros([batch, DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, 3]);
    [texture, map] = this.#data.add(texture, map, latent, training);
    return { texture: tf.tanh(texture), map };
  }

  /** Frees its values. */
  dispose(): void {
    this.parameters.dispose();
    this.#data.dispose();
  }

  /** The smallest map, from the conditioning vector or the part maps. */
  #beginning(condition: Tensor2D, parts: Tensor4D | null, training: boolean): Tensor4D {
    if ((parts !== null) !== (this.#start === null)) {
      throw new TypeError(
        `Cannot generate: ${this.#start ? "part maps must be null" : "part maps are needed"}, ` +
          `current value is ${parts ? `[${parts.shape}]` : "null"}`,
      );
    }
    if (this.#start) {
      const rows = tf.reshape(this.#start(condition), [condition.shape[0], -1, 8, this.#startColumns]);
      return tf.transpose<Tensor4D>(rows as Tensor4D, [0, 2, 3, 1]);
    }
    const [batch, side, , channels] = parts!.shape;
    const half = this.options.symmetric
      ? tf.slice(parts!, [0, 0, side / 4, 0], [batch, side, side / 2, channels])
      : parts!;
    return this.#partLayers.reduce((map, layer) => leakyRelu(layer(map, training)), half);
  }

  get #startColumns(): number {
    return this.options.symmetric ? 4 : 8;
  }

  #condition(latent: Tensor2D, oneHot: Tensor2D | null): Tensor2D {
    if ((oneHot !== null) !== (this.#embedClass !== null)) {
      throw new TypeError(
        `Cannot generate: ${this.#embedClass ? "classes are needed" : "classes must be null"}, ` +
          `current value is ${oneHot ? `[${oneHot.shape}]` : "null"}`,
      );
    }
    return oneHot && this.#embedClass ? tf.concat([latent, this.#embedClass(oneHot)], 1) : latent;
  }
}
