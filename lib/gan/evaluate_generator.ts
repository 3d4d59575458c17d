/**
 * FID or FD(network), KID, precision and recall of generated images.
 *
 * @module
 */
import { option, type OptionsInput, resolveOptions } from "../core/option.ts";
import { perspective } from "./sample_options.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { Prng } from "../core/prng.ts";
import type { FeatureNetwork } from "../metrics/feature_network.ts";
import type { GeneratorModel } from "./own_parts.ts";
import { truncatedLatent } from "./latent.ts";
import { type FeatureComparison, ImageFeatures } from "./image_features.ts";
import type { RealStatistics } from "./real_statistics.ts";
import { generateSamples, needsReals } from "./generate_samples.ts";
import { overGrey, poseOfRow, renderSample } from "./sampling.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Options of {@linkcode evaluateGenerator} that a run is evaluated with, too. */
export const EVALUATE_GENERATOR_OPTIONS = {
  batchSize: option.integer({
    doc: "Samples at once; does not change the result.",
    default: 32,
    minimum: 1,
  }),
  seed: option.integer({ doc: "Seed of latent codes and of the choice of rows.", default: 1234, minimum: 0 }),
  perspective,
  supersample: option.integer({
    doc: "Samples a pixel along each axis.",
    default: 1,
    minimum: 1,
    maximum: 8,
  }),
  hybrids: option.boolean({
    flag: null,
    doc: "Compare generated textures on real meshes, and generated meshes with real textures, too.",
    default: true,
  }),
  samples: option.integer({
    flag: null,
    doc: "Most generated images; auto is as many as real ones, at most 50,000.",
    minimum: 1,
    auto: -1,
  }),
} as const;

/** Options of {@linkcode evaluateGenerator}. */
export interface EvaluateGeneratorOptions extends OptionsInput<typeof EVALUATE_GENERATOR_OPTIONS> {
  /** Limit of the latent code's components; 1 if left out. */
  truncationSigma?: number;
  /** Rows of the metadata to take poses from; all if there are none. */
  rows?: readonly number[];
  /** Features of other real images, each `[M, D]`, by name; the KIDs to them are found too. */
  others?: Readonly<Record<string, Float32Array>>;
}

/** Everything that a distance depends on besides the generator; `recipe` in `evaluation.json`. */
export interface EvaluationConfig {
  /** Feature network. */
  readonly featureNetwork: string;
  /** SHA-256 of its weights. */
  readonly weightsHash: string;
  /** Side of the images. */
  readonly resolution: number;
  /** Limit of the latent code's components. */
  readonly truncationSigma: number;
  /** Generated images. */
  readonly samples: number;
  /** Real images. */
  readonly realImages: number;
  /** Data set of the real images. */
  readonly realDataset: string;
  /** Posed photographs that lent their poses. */
  readonly posedImages: number;
  /** Seed. */
  readonly seed: number;
  /** Whether perspective was used. */
  readonly perspective: boolean;
  /** Samples along each side of a pixel. */
  readonly supersample: number;
}

/** Distances between generated and real images; besides the Fréchet distances, all are of the combined images. */
export interface GeneratorDistances extends FeatureComparison {
  /** What they depend on. */
  readonly recipe: EvaluationConfig;
  /** Fréchet distance of generated meshes with generated textures. */
  readonly combined: number;
  /** Fréchet distance of real meshes with generated textures, or null. */
  readonly textureOnly: number | null;
  /** Fréchet distance of generated meshes with real textures, or null. */
  readonly meshOnly: number | null;
  /** KIDs to the other real images, where there are any. */
  readonly others?: Readonly<Record<string, number>>;
}

/** Config of an evaluation with these inputs. */
export function evaluationConfig(
  dataset: UvDataset,
  real: RealStatistics,
  network: FeatureNetwork,
  options: EvaluateGeneratorOptions,
): EvaluationConfig {
  const { seed, perspective, supersample, samples } = resolveOptions(EVALUATE_GENERATOR_OPTIONS, options);
  const { truncationSigma = 1, rows = [] } = options;
  const realImages = real.config.numImages;
  return {
    featureNetwork: network.name,
    weightsHash: network.weightsHash,
    resolution: network.resolution,
    truncationSigma,
    samples: Math.min(realImages, 50_000, samples > 0 ? Math.max(samples, 2) : Infinity),
    realImages,
    realDataset: real.config.dataset,
    posedImages: rows.length || dataset.length,
    seed,
    perspective,
    supersample,
  };
}

/**
 * Compares a generator with the statistics of real images. Fakes walk through the posed photographs in order, as
 * often as needed; those that count are chosen first, without replacement. Every fake has a latent code of its own.
 *
 * @param generator The generator, in evaluation mode
 * @param dataset Poses and, for the hybrids, UV maps
 * @param real Statistics of the real images
 * @param network Feature network, the one of `real`
 * @param options See {@linkcode EvaluateGeneratorOptions}
 * @param callbacks Progress and stop
 */
export async function evaluateGenerator(
  generator: GeneratorModel,
  dataset: UvDataset,
  real: RealStatistics,
  network: FeatureNetwork,
  options: EvaluateGeneratorOptions = {},
  callbacks: StageCallbacks = {},
): Promise<GeneratorDistances> {
  const { batchSize, hybrids } = resolveOptions(EVALUATE_GENERATOR_OPTIONS, options);
  const { rows = [], others = {} } = options;
  const config = evaluationConfig(dataset, real, network, options);
  const poseRows = rows.length > 0 ? rows : Array.from({ length: dataset.length }, (_, row) => row);
  const chosen = chooseFakes(config.samples, poseRows.length, config.seed);
  const isHybrid = hybrids && dataset.hasSamples && !generator.options.textureOnly;
  const kinds = Array.from(
    { length: isHybrid ? 3 : 1 },
    () => new ImageFeatures(network, real, chosen.length),
  );
  for (let start = 0; start < chosen.length; start += batchSize) {
    const fakes = chosen.slice(start, start + batchSize);
    const fakeRows = fakes.map((fake) => poseRows[fake % poseRows.length]);
    const byKind = await fakeImages(generator, dataset, config, fakes, fakeRows, isHybrid);
    for (const [kind, images] of byKind.entries()) await kinds[kind].add(images);
    callbacks.onProgress?.({ done: start + fakes.length, total: chosen.length });
    throwIfStopped(callbacks.signal, "The evaluation");
  }
  const found = Object.entries<Float32Array>(others).map((
    [name, features],
  ) => [name, kinds[0].kidTo(features)]);
  const [combined, textureOnly, meshOnly] = kinds.map((kind) => kind.distance());
  return {
    recipe: config,
    combined,
    textureOnly: textureOnly ?? null,
    meshOnly: meshOnly ?? null,
    ...kinds[0].compare(),
    ...(found.length > 0 && { others: Object.fromEntries(found) }),
  };
}

/**
 * Numbers of the fakes that count, ascending: `count` of ⌈count / posed⌉ · posed, without replacement.
 *
 * @param count Fakes that count
 * @param posed Posed photographs
 * @param seed Seed of the choice
 */
export function chooseFakes(count: number, posed: number, seed: number): number[] {
  const made = Math.ceil(count / posed) * posed;
  return new Prng(seed, "gan", "chosen fakes").permutation(made).slice(0, count).sort((a, b) => a - b);
}

/** Images of each kind: combined, and with `hybrids` generated texture on real mesh, real texture on generated mesh. */
async function fakeImages(
  generator: GeneratorModel,
  dataset: UvDataset,
  config: EvaluationConfig,
  fakes: readonly number[],
  rows: readonly number[],
  hybrids: boolean,
) {
  const { latentLength, symmetric } = generator.options;
  const { poses } = dataset;
  const reals = hybrids || needsReals(generator.options)
    ? await Promise.all(rows.map((row) => dataset.sample(row)))
    : null;
  const samples = await generateSamples(
    generator,
    fakes.map((fake) => truncatedLatent(config.seed, fake, latentLength, config.truncationSigma)),
    rows.map((row) => poses.classIndex[row]),
    reals,
  );
  const { resolution: size, supersample, perspective } = config;
  const render = (i: number, map: Float32Array, texture: (typeof samples)[0]["texture"]) =>
    overGrey(
      renderSample(map, texture, poseOfRow(poses, rows[i], perspective), { size, supersample, symmetric }),
    );
  const images = [samples.map(({ map, texture }, i) => render(i, map, texture))];
  if (reals && hybrids) {
    images.push(samples.map(({ texture }, i) => render(i, reals[i].displacementMap, texture)));
    images.push(samples.map(({ map }, i) => render(i, map, reals[i].texture)));
  }
  return images;
}
