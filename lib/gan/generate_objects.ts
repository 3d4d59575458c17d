/**
 * Generated objects with the poses and classes of photographs, as they are exported.
 *
 * @module
 */
import { seed } from "../core/common_options.ts";
import { option, type OptionsInput, resolveOptions } from "../core/option.ts";
import { filterClass } from "./sample_options.ts";
import type { FloatImage } from "../core/arrays.ts";
import { Prng } from "../core/prng.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { PoseMetadata } from "../pseudogt/files.ts";
import { type GeneratedSample, generateSamples, needsReals } from "./generate_samples.ts";
import { truncatedLatent } from "./latent.ts";
import type { GeneratorModel } from "./own_parts.ts";
import { rowsOfClass } from "./sampling.ts";
import { shownTexture } from "./shown_texture.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Options of {@linkcode generateObjects}. */
export const GENERATE_OBJECTS_OPTIONS = {
  howMany: option.integer({ doc: "Meshes to export; auto is the batch size.", minimum: 1, auto: 32 }),
  seed,
  truncationSigma: option.number({
    doc: "Largest size of the latent code's components; auto is 1.",
    above: 0,
    auto: 1,
  }),
  filterClass,
  legacy: option.boolean({
    doc: "The original's axes, rounding and textures, not smoothed at the poles.",
    default: false,
  }),
} as const;

/** What lends objects their poses and classes. */
export interface ObjectSource {
  /** Poses of photographs. */
  readonly poses: PoseMetadata;
  /** Names of the classes, for `filterClass`. */
  readonly classNames?: readonly string[];
  /** UV maps of the photographs, for generators on part maps or of textures only. */
  readonly dataset?: UvDataset;
}

/** A generated object: displacement map, and the texture that is shown. */
export interface GeneratedObject extends GeneratedSample {
  /** Its number. */
  readonly index: number;
  /** Latent code. */
  readonly latent: Float32Array;
  /** Row of the poses that lent its pose. */
  readonly row: number;
  /** Class of that row. */
  readonly classIndex: number;
  /** Colours in [−1, 1], `[R, R, 3]`. */
  readonly texture: FloatImage;
}

/** Objects that a generator makes at once. */
const BATCH = 8;

/**
 * Generates objects. The same seed gives the same ones.
 *
 * @param generator Generator in evaluation mode
 * @param source Poses and classes
 * @param options {@linkcode GENERATE_OBJECTS_OPTIONS} tells what each is
 * @param callbacks Progress and stop
 * @returns The objects in turn
 * @throws {UserError} If an option or the class is not possible
 */
export async function* generateObjects(
  generator: GeneratorModel,
  { poses, classNames = [], dataset }: ObjectSource,
  options: OptionsInput<typeof GENERATE_OBJECTS_OPTIONS> = {},
  callbacks: StageCallbacks = {},
): AsyncGenerator<GeneratedObject> {
  const { howMany, seed, truncationSigma: sigma, filterClass, legacy } = resolveOptions(
    GENERATE_OBJECTS_OPTIONS,
    options,
  );
  const { latentLength } = generator.options;
  const rows = chooseRows(rowsOfClass(poses, generator.options, filterClass, classNames), howMany, seed);
  for (let start = 0; start < howMany; start += BATCH) {
    const part = rows.slice(start, start + BATCH);
    const latents = part.map((_, i) => truncatedLatent(seed, start + i, latentLength, sigma));
    const classes = part.map((row) => poses.classIndex[row]);
    const reals = needsReals(generator.options) && dataset
      ? await Promise.all(part.map((row) => dataset.sample(row)))
      : null;
    const samples = await generateSamples(generator, latents, classes, reals);
    for (const [i, { map, texture }] of samples.entries()) {
      yield {
        ...{ index: start + i, latent: latents[i], row: part[i], classIndex: classes[i], map },
        texture: legacy ? texture : shownTexture(texture, generator.options),
      };
      callbacks.onProgress?.({ done: start + i + 1, total: howMany });
      throwIfStopped(callbacks.signal, "The export");
    }
  }
}

/** Rows in random order, each at most once before all were taken. */
function chooseRows(rows: readonly number[], count: number, seed: number): number[] {
  const prng = new Prng(seed, "gan", "exported rows");
  const chosen: number[] = [];
  while (chosen.length < count) chosen.push(...prng.permutation(rows.length).map((i) => rows[i]));
  return chosen.slice(0, count);
}
