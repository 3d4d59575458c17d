/**
 * The discriminators: masked textures and displacement maps → a map of scores each.
 *
 * @module
 */
import type { Prng } from "../core/prng.ts";
import { type Tensor2D, type Tensor4D, tf, type Variable } from "../core/tensor.ts";
import { leakyRelu } from "../networks/layers/activations.ts";
import { type ConstantChannels, spectralConv } from "../networks/layers/convolution.ts";
import type { Layer } from "../networks/layers/layer.ts";
import { embedding } from "../networks/layers/linear.ts";
import { affineNorm, identityNorm } from "../networks/layers/norms.ts";
import { positionalPlanes } from "../networks/layers/positional_planes.ts";
import { Parameters } from "../networks/parameters.ts";
import { scaledChannels } from "../networks/presets.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator_options.ts";

/** Build of the discriminators. */
export interface DiscriminatorOptions {
  /** Side of the texture, R. */
  textureResolution: number;
  /** Multiplier of all inner channel counts; 1 is the original. */
  width: number;
  /** Texture and mesh (2), or also a coarse texture (3, from R = 512 on). */
  count: number;
  /** Number of classes to condition on; 0 for none. */
  classes: number;
  /** Normalisation from the second convolution on. */
  norm: "instance" | "none";
  /** Channels of part maps to condition on; 0 or not given for none. */
  parts?: number;
  /** Whether the second one looks at the texture at half its size instead of the mesh. */
  textureOnly?: boolean;
}

/** What the discriminators see. */
export interface DiscriminatorInput {
  /** Textures multiplied by alpha, `[B, R, R, 3]`. */
  readonly texture: Tensor4D;
  /** Share of each texel that a photograph shows, `[B, R, R, 1]`. */
  readonly alpha: Tensor4D;
  /** Displacement maps, `[B, 32, 32, 3]`. */
  readonly map: Tensor4D;
  /** Part maps, `[B, S, S, P]`, with part conditioning. */
  readonly parts?: Tensor4D | null;
}

/** Output of one discriminator. */
export interface Score {
  /** Large where the input looks real, `[B, h, w, 1]`. */
  readonly prediction: Tensor4D;
  /** Share of the known texels under each value, `[B, h, w, 1]`. */
  readonly mask: Tensor4D;
}

/** Positional planes behind the maps. */
const PLANES = 4;

/** A stack of convolutions over a whole UV map, and where its features are scored. */
type ScoreMap = (x: Tensor4D, oneHot: Tensor2D | null, training: boolean) => Tensor4D;

/** The texture discriminator, the mesh discriminator and, optionally, a coarse texture discriminator. */
export class Discriminators {
  /** Their values. */
  readonly parameters: Parameters;
  /** Their build. */
  readonly options: Readonly<DiscriminatorOptions>;
  readonly #scoreTexture: ScoreMap;
  readonly #scoreSecond: ScoreMap;
  readonly #scoreCoarse: ScoreMap | null;
  readonly #planes: readonly Variable[];

  /**
   * Makes the discriminators with fresh values.
   *
   * @param options Build
   * @param prng Source of the initial values
   * @throws {RangeError} If the number of discriminators is not possible
   */
  constructor(options: DiscriminatorOptions, prng: Prng) {
    const { textureResolution: R, count, textureOnly = false, parts = 0 } = options;
    if (count !== 2 && count !== 3) {
      throw new RangeError(
        `Cannot make discriminators: their number must be 2 or 3, current value is ${count}`,
      );
    }
    if (count === 3 && R < 512) {
      throw new RangeError(
        `Cannot make 3 discriminators: the texture resolution must be 512 or more, current value is ${R}`,
      );
    }
    this.options = { ...options };
    this.parameters = new Parameters(prng);
    const planes = (name: string, resolution: number) =>
      this.parameters.buffer(
        `${name}.pos_emb`,
        [1, resolution, resolution, PLANES],
        positionalPlanes(resolution),
        "planes",
      );
    this.#planes = [
      planes("d1", R),
      planes("d2", textureOnly ? R / 2 : DISPLACEMENT_RESOLUTION),
      ...count === 3 ? [planes("d3", R / 4)] : [],
    ];
    const ofTexture = (index: number, downsample: number) =>
      this.#stack(index, 4, parts, [64, 128, 256, 512], firstStride(R, downsample));
    this.#scoreTexture = ofTexture(0, 1);
    this.#scoreSecond = textureOnly ? ofTexture(1, 2) : this.#stack(1, 7, parts, [64, 128, 256], 1);
    this.#scoreCoarse = count === 3 ? ofTexture(2, 4) : null;
  }

  /** How many trainable values there are. */
  get parameterCount(): number {
    return this.parameters.count;
  }

  /**
   * Scores of all discriminators: texture, mesh, and coarse texture if there are three.
   *
   * @param input What they see
   * @param oneHot Classes, `[B, classes]`, or null without class conditioning
   * @param training Whether spectral norms take a power step
   */
  discriminate(input: DiscriminatorInput, oneHot: Tensor2D | null, training: boolean): Score[] {
    const { texture, alpha, map, parts = null } = input;
    const { textureResolution: R, textureOnly = false } = this.options;
    if ((parts !== null) !== ((this.options.parts ?? 0) > 0)) {
      throw new TypeError(
        `Cannot discriminate: part maps ${parts ? "must be null" : "are needed"}, ` +
          `current value is ${parts ? `[${parts.shape}]` : "null"}`,
      );
    }
    const x = tf.concat([texture, alpha], 3); // [B, R, R, 4]
    const ofTexture = (score: ScoreMap, downsample: number): Score => ({
      prediction: score(withParts([pool(x, downsample)], parts), oneHot, training),
      mask: pool(alpha, downsample * 8 * firstStride(R, downsample)),
    });
    const scores = [ofTexture(this.#scoreTexture, 1)];
    if (textureOnly) scores.push(ofTexture(this.#scoreSecond, 2));
    else {
      const maps = [pool(x, R / DISPLACEMENT_RESOLUTION), map];
      scores.push({
        prediction: this.#scoreSecond(withParts(maps, parts), oneHot, training),
        mask: pool(alpha, R / DISPLACEMENT_RESOLUTION * 4),
      });
    }
    if (this.#scoreCoarse) scores.push(ofTexture(this.#scoreCoarse, 4));
    return scores;
  }

  /** Frees their values. */
  dispose(): void {
    this.parameters.dispose();
  }

  /** Convolutions `d1.conv1`, `d1.conv2`, … of which the first sees the planes too and the last gives the scores. */
  #stack(
    index: number,
    mapChannels: number,
    parts: number,
    channels: readonly number[],
    stride: 1 | 2,
  ): ScoreMap {
    const { width, classes, norm } = this.options;
    const parameters = this.parameters, name = `d${index + 1}`;
    const planes: ConstantChannels = { map: this.#planes[index], first: mapChannels };
    const sizes = [mapChannels + PLANES + parts, ...channels.map((count) => scaledChannels(count, width))];
    const layers = sizes.slice(1).map((outChannels, i): Layer => {
      const layer = spectralConv(parameters, `${name}.conv${i + 1}`, {
        inChannels: sizes[i],
        outChannels,
        paddingKind: "circularX",
        bias: i === 0 || norm === "none",
        ...i === 0 && stride === 1
          ? { kernel: 5, stride: 1, padding: 2 }
          : { kernel: 4, stride: 2, padding: 1 },
      }, i === 0 ? planes : undefined);
      const normalise = i === 0
        ? identityNorm
        : affineNorm(parameters, `${name}.bn${i + 1}`, outChannels, norm);
      return (x, training) => tf.tidy(() => leakyRelu(normalise(layer(x, training), null, training)));
    });
    const last = sizes[sizes.length - 1];
    const score = spectralConv(parameters, `${name}.conv${sizes.length}`, {
      inChannels: last,
      outChannels: 1,
      kernel: 5,
      padding: 2,
      paddingKind: "circularX",
    });
    const project = classes > 0 ? embedding(parameters, `${name}.projector`, classes, last) : null;
    return (x, oneHot, training) => {
      const features = layers.reduce((map, layer) => layer(map, training), x);
      const y = score(features, training);
      if (!project || !oneHot) return y;
      const direction = tf.reshape(project(oneHot), [x.shape[0], 1, 1, last]);
      return tf.add(y, tf.sum(tf.mul(features, direction), 3, true));
    };
  }
}

/** Step of the first convolution of a texture discriminator that sees the texture coarsened by `downsample`. */
function firstStride(textureResolution: number, downsample: number): 1 | 2 {
  return (downsample === 1 && textureResolution >= 512) || textureResolution >= 1024 ? 2 : 1;
}

/** Means over blocks of `factor` × `factor`. */
function pool(x: Tensor4D, factor: number): Tensor4D {
  return factor === 1 ? x : tf.avgPool(x, factor, factor, "valid");
}

/** Maps, and part maps of the same side. */
function withParts(maps: readonly Tensor4D[], parts: Tensor4D | null): Tensor4D {
  const side = maps[0].shape[1];
  if (!parts) return maps.length === 1 ? maps[0] : tf.concat([...maps], 3);
  const resized = parts.shape[1] === side ? parts : tf.image.resizeBilinear(parts, [side, side], false, true);
  return tf.concat([...maps, resized], 3);
}
