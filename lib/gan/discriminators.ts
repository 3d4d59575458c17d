/**
 * The discriminators: masked textures and displacement maps → a map of scores each.
 *
 * @module
 */
import type { Prng } from "../core/prng.ts";
import { type Tensor2D, type Tensor4D, tf, type Variable } from "../core/tensor.ts";
import { leakyRelu } from "../networks/layers/activations.ts";
import { spectralConv } from "../networks/layers/convolution.ts";
import type { Layer } from "../networks/layers/layer.ts";
import { embedding } from "../networks/layers/linear.ts";
import { affineNorm, identityNorm } from "../networks/layers/norms.ts";
import { positionalPlanes } from "../networks/layers/positional_planes.ts";
import { Parameters } from "../networks/parameters.ts";
import { scaledChannels } from "../networks/presets.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator.ts";

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
}

/** What the discriminators see. */
export interface DiscriminatorInput {
  /** Textures multiplied by alpha, `[B, R, R, 3]`. */
  readonly texture: Tensor4D;
  /** Share of each texel that a photograph shows, `[B, R, R, 1]`. */
  readonly alpha: Tensor4D;
  /** Displacement maps, `[B, 32, 32, 3]`. */
  readonly map: Tensor4D;
}

/** Output of one discriminator. */
export interface Score {
  /** Large where the input looks real, `[B, h, w, 1]`. */
  readonly prediction: Tensor4D;
  /** Share of the known texels under each value, `[B, h, w, 1]`. */
  readonly mask: Tensor4D;
}

/** A stack of convolutions over a whole UV map, and where its features are scored. */
type ScoreMap = (x: Tensor4D, oneHot: Tensor2D | null, training: boolean) => Tensor4D;

/** The texture discriminator, the mesh discriminator and, optionally, a coarse texture discriminator. */
export class Discriminators {
  /** Their values. */
  readonly parameters: Parameters;
  /** Their build. */
  readonly options: Readonly<DiscriminatorOptions>;
  readonly #scoreTexture: ScoreMap;
  readonly #scoreMesh: ScoreMap;
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
    const { textureResolution: R, count } = options;
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
        [1, resolution, resolution, 4],
        positionalPlanes(resolution),
        "planes",
      );
    this.#planes = [
      planes("d1", R),
      planes("d2", DISPLACEMENT_RESOLUTION),
      ...count === 3 ? [planes("d3", R / 4)] : [],
    ];
    this.#scoreTexture = this.#stack("d1", 8, [64, 128, 256, 512], firstStride(R, 1));
    this.#scoreMesh = this.#stack("d2", 11, [64, 128, 256], 1);
    this.#scoreCoarse = count === 3 ? this.#stack("d3", 8, [64, 128, 256, 512], firstStride(R, 4)) : null;
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
    const { texture, alpha, map } = input;
    const { textureResolution: R } = this.options;
    const x = tf.concat([texture, alpha], 3); // [B, R, R, 4]
    const scores = [{
      prediction: this.#scoreTexture(this.#withPlanes([x], 0), oneHot, training),
      mask: pool(alpha, 8 * firstStride(R, 1)),
    }, {
      prediction: this.#scoreMesh(
        this.#withPlanes([pool(x, R / DISPLACEMENT_RESOLUTION), map], 1),
        oneHot,
        training,
      ),
      mask: pool(alpha, R / DISPLACEMENT_RESOLUTION * 4),
    }];
    if (this.#scoreCoarse) {
      scores.push({
        prediction: this.#scoreCoarse(this.#withPlanes([pool(x, 4)], 2), oneHot, training),
        mask: pool(alpha, 4 * 8 * firstStride(R, 4)),
      });
    }
    return scores;
  }

  /** Frees their values. */
  dispose(): void {
    this.parameters.dispose();
  }

  #withPlanes(maps: readonly Tensor4D[], index: number): Tensor4D {
    const planes = tf.tile(this.#planes[index], [maps[0].shape[0], 1, 1, 1]) as Tensor4D;
    return tf.concat([...maps, planes], 3);
  }

  /** Convolutions `name.conv1`, `name.conv2`, … of which the last one gives the scores. */
  #stack(name: string, inChannels: number, channels: readonly number[], stride: 1 | 2): ScoreMap {
    const { width, classes, norm } = this.options;
    const parameters = this.parameters;
    const sizes = [inChannels, ...channels.map((count) => scaledChannels(count, width))];
    const layers = sizes.slice(1).map((outChannels, i): Layer => {
      const layer = spectralConv(parameters, `${name}.conv${i + 1}`, {
        inChannels: sizes[i],
        outChannels,
        paddingKind: "circularX",
        bias: i === 0 || norm === "none",
        ...i === 0 && stride === 1
          ? { kernel: 5, stride: 1, padding: 2 }
          : { kernel: 4, stride: 2, padding: 1 },
      });
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
