/**
 * What a generator's outputs start from: means of the data, their principal components, and objects that lend their detail.
 *
 * @module
 */
import { type Tensor2D, type Tensor4D, tf, type Variable } from "../core/tensor.ts";
import { mirrorHalf } from "../networks/layers/reflection.ts";
import type { Parameters } from "../networks/parameters.ts";
import { broadColours } from "./exemplars/broad_colours.ts";
import { ExemplarMixture } from "./exemplars/exemplar_mixture.ts";
import type { Exemplars } from "./exemplars/exemplars.ts";
import { componentSide, DISPLACEMENT_RESOLUTION, type GeneratorOptions } from "./generator_options.ts";

/** Values of textures and of displacement maps. */
interface Values {
  readonly texture: Variable;
  readonly map: Variable;
}

/** The start of one generator; of one that does not start from the data it adds nothing. */
export class GeneratorStart {
  readonly #options: GeneratorOptions;
  readonly #mean: Values | null;
  readonly #components: Values | null;
  readonly #baseResolution: number;
  #mixture: ExemplarMixture | null = null;

  /**
   * Makes the values, which are 0.
   *
   * @param parameters Where they are kept
   * @param options Build of the generator
   */
  constructor(parameters: Parameters, options: GeneratorOptions) {
    this.#options = options;
    const base = this.#baseResolution = options.baseResolution ?? options.textureResolution;
    const zeros = (name: string, side: number) => parameters.constant(name, [1, side, side, 3]);
    this.#mean = options.startFromMean
      ? { texture: zeros("mean_texture", base), map: zeros("mean_map", DISPLACEMENT_RESOLUTION) }
      : null;
    const components = options.components ?? 0, mapSide = DISPLACEMENT_RESOLUTION;
    const side = componentSide(options);
    const rows = (name: string, length: number) => parameters.constant(name, [components, length]);
    this.#components = components > 0
      ? {
        texture: rows("component_textures", side * side * 3),
        map: rows("component_maps", mapSide * mapSide * 3),
      }
      : null;
  }

  /** See `Generator.setComponents`. */
  setComponents(texture: Float32Array, map: Float32Array): void {
    if (!this.#components) {
      throw new TypeError("Cannot set components: the generator must have some, current value is 0");
    }
    assign(this.#components, texture, map);
  }

  /** See `Generator.setExemplars`. */
  async setExemplars(exemplars: Exemplars, training: boolean): Promise<void> {
    const { exemplars: count = 0, components = 0, textureResolution: R } = this.#options;
    const given = exemplars.biases.length, { resolution } = exemplars.donors;
    if (given !== count || resolution !== R || !this.#mean || !this.#components) {
      throw new TypeError(
        `Cannot set exemplars: there must be ${count} of ${R} texels, current value is ${given} of ${resolution} texels`,
      );
    }
    const [texture, map] = await Promise.all(
      [this.#mean.texture, this.#mean.map].map((x) => x.data<"float32">()),
    );
    const broad = broadColours(
      { texture, map },
      await this.#components.texture.data<"float32">(),
      components,
    );
    const base = this.#baseResolution;
    this.#mixture?.dispose();
    this.#mixture = new ExemplarMixture(exemplars, broad, [...new Set(training ? [base, R] : [R])]);
  }

  /** See `Generator.setMean`. */
  setMean(texture: Float32Array, map: Float32Array): void {
    if (!this.#mean) {
      throw new TypeError("Cannot set means: startFromMean must be true, current value is false");
    }
    assign(this.#mean, texture, map);
  }

  /**
   * Adds the start to what convolutions make.
   *
   * @param texture Textures before tanh, `[B, S, S, 3]`
   * @param map Displacement maps, `[B, 32, 32, 3]`
   * @param latent Latent codes, whose first entries weigh the components, `[B, Z]`
   * @param training Whether textures keep the rows and columns of the convolutions
   * @throws {TypeError} If exemplars are not set
   */
  add(texture: Tensor4D, map: Tensor4D, latent: Tensor2D, training: boolean): [Tensor4D, Tensor4D] {
    if (this.#mean) [texture, map] = [tf.add(texture, this.#mean.texture), tf.add(map, this.#mean.map)];
    if (this.#components) {
      const { texture: textures, map: maps } = this.#components,
        batch = latent.shape[0],
        count = this.#options.components!;
      const first = tf.slice(latent, [0, 0], [batch, count]);
      const weights = this.#needMixture()?.mixCodes(first) ?? first; // [B, K]
      const side = componentSide(this.#options);
      const broad = tf.reshape(tf.matMul(weights, textures as unknown as Tensor2D), [
        batch,
        side,
        side,
        3,
      ]) as Tensor4D;
      texture = tf.add(texture, enlarged(broad, this.#baseResolution));
      map = tf.add(map, tf.reshape(tf.matMul(weights, maps as unknown as Tensor2D), map.shape) as Tensor4D);
      if (this.#mixture) {
        const rows = training ? this.#baseResolution : this.#options.textureResolution;
        texture = tf.add(enlarged(texture, rows), mirrorHalf(this.#mixture.details(weights, rows)));
      }
    }
    return [texture, map];
  }

  /** Frees what exemplars take. */
  dispose(): void {
    this.#mixture?.dispose();
  }

  /** The exemplars' mixture, null for a generator without. */
  #needMixture(): ExemplarMixture | null {
    const { exemplars = 0 } = this.#options;
    if (exemplars > 0 && !this.#mixture) {
      throw new TypeError(`Cannot generate: ${exemplars} exemplars must be set, current value is 0`);
    }
    return this.#mixture;
  }
}

function assign({ texture, map }: Values, textures: Float32Array, maps: Float32Array): void {
  for (const [variable, values] of [[texture, textures], [map, maps]] as const) {
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
}

/** Bilinear interpolation to more rows and columns. */
function enlarged(x: Tensor4D, side: number): Tensor4D {
  return x.shape[1] === side ? x : tf.image.resizeBilinear(x, [side, side], false, true);
}
