/**
 * The distance between generated pictures and real ones.
 *
 * @module
 */
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { Prng } from "../core/prng.ts";
import { type FeatureNetwork, type FeatureNetworkName } from "../metrics/feature_network.ts";
import { FeatureAccumulator } from "../metrics/feature_statistics.ts";
import { frechetDistance } from "../metrics/frechet_distance.ts";
import { kernelDistance } from "../metrics/kernel_distance.ts";
import { meanPairDistance, precisionRecall } from "../metrics/precision_recall.ts";
import type { GeneratorModel } from "./own_parts.ts";
import { truncatedLatent } from "./latent.ts";
import { KEPT_FEATURES, type RealStatistics } from "./real_statistics.ts";
import { generateSamples, needsReals, overGrey, poseOfRow, samplePicture } from "./sampling.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Options of {@linkcode evaluateGenerator}. */
export interface EvaluateGeneratorOptions {
  /** Limit of the latent code's components. */
  truncationSigma?: number;
  /** Objects that are generated at once; does not change the result. */
  batchSize?: number;
  /** Seed of latent codes and of the choice of rows. */
  seed?: number;
  /** Whether pictures are rendered with the perspective of their poses. */
  perspective?: boolean;
  /** Samples along each side of a pixel. */
  supersample?: number;
  /** Also compares generated textures on real meshes, and generated meshes with real textures. */
  hybrids?: boolean;
  /** Most generated pictures; −1: as many as real ones, at most 50,000. */
  samples?: number;
  /** Rows of the metadata to take poses from; empty for all. */
  rows?: readonly number[];
}

/** Defaults of {@linkcode EvaluateGeneratorOptions}. */
export const EVALUATE_GENERATOR_DEFAULTS = {
  truncationSigma: 1,
  batchSize: 32,
  seed: 1234,
  perspective: false,
  supersample: 1,
  hybrids: true,
  samples: -1,
  rows: [],
} as const satisfies Required<EvaluateGeneratorOptions>;

/** Everything that a distance depends on besides the generator. */
export interface EvaluationRecipe {
  /** Feature network. */
  readonly featureNetwork: FeatureNetworkName;
  /** SHA-256 of its weights. */
  readonly weightsHash: string;
  /** Side of the pictures. */
  readonly resolution: number;
  /** Limit of the latent code's components. */
  readonly truncationSigma: number;
  /** Generated pictures. */
  readonly samples: number;
  /** Real pictures. */
  readonly realImages: number;
  /** Data set of the real pictures. */
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

/** Distances between generated and real pictures. */
export interface GeneratorDistances {
  /** What they depend on. */
  readonly recipe: EvaluationRecipe;
  /** Fréchet distance of generated meshes with generated textures. */
  readonly combined: number;
  /** Fréchet distance of real meshes with generated textures, or null. */
  readonly textureOnly: number | null;
  /** Fréchet distance of generated meshes with real textures, or null. */
  readonly meshOnly: number | null;
  /** Kernel distance of the combined pictures; null where the features of the real ones are not there. */
  readonly kernel: number | null;
  /** Share of the combined pictures that look like real ones, or null. */
  readonly precision: number | null;
  /** Share of the real pictures that the combined ones cover, or null. */
  readonly recall: number | null;
  /** Mean distance between the features of two combined pictures. */
  readonly diversity: number;
  /** The same of two real pictures, or null. */
  readonly realDiversity: number | null;
}

/** Recipe that an evaluation with these inputs follows. */
export function evaluationRecipe(
  dataset: UvDataset,
  real: RealStatistics,
  network: FeatureNetwork,
  options: EvaluateGeneratorOptions,
): EvaluationRecipe {
  const { truncationSigma, seed, perspective, supersample, samples, rows } = {
    ...EVALUATE_GENERATOR_DEFAULTS,
    ...options,
  };
  const realImages = real.recipe.numImages;
  return {
    featureNetwork: network.name,
    weightsHash: network.weightsHash,
    resolution: network.resolution,
    truncationSigma,
    samples: Math.min(realImages, 50_000, samples > 0 ? Math.max(samples, 2) : Infinity),
    realImages,
    realDataset: real.recipe.dataset,
    posedImages: rows.length || dataset.length,
    seed,
    perspective,
    supersample,
  };
}

/**
 * Compares a generator with the statistics of real pictures. Fakes walk through the posed photographs in order, as
 * often as needed; those that count are chosen first, without replacement. Every fake has a latent code of its own.
 *
 * @param generator The generator, in evaluation mode
 * @param dataset Poses and, for the hybrids, UV maps
 * @param real Statistics of the real pictures
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
  const { batchSize, hybrids, rows } = { ...EVALUATE_GENERATOR_DEFAULTS, ...options };
  const recipe = evaluationRecipe(dataset, real, network, options);
  const poseRows = rows.length > 0 ? rows : Array.from({ length: dataset.length }, (_, row) => row);
  const chosen = chooseFakes(recipe.samples, poseRows.length, recipe.seed);
  const isHybrid = hybrids && dataset.hasSamples && !generator.options.textureOnly;
  const kinds = isHybrid ? 3 : 1;
  const sums = Array.from(
    { length: kinds },
    () => new FeatureAccumulator(network.dimensions, real.statistics.mean),
  );
  const kept = new Float32Array(Math.min(chosen.length, KEPT_FEATURES) * network.dimensions); // [K, D]
  for (let start = 0; start < chosen.length; start += batchSize) {
    const fakes = chosen.slice(start, start + batchSize);
    const fakeRows = fakes.map((fake) => poseRows[fake % poseRows.length]);
    const pictures = await fakePictures(generator, dataset, recipe, fakes, fakeRows, kinds > 1);
    for (const [kind, images] of pictures.entries()) {
      const features = await network.features(images);
      sums[kind].add(features);
      const free = kept.length - start * network.dimensions;
      if (kind === 0 && free > 0) kept.set(features.subarray(0, free), start * network.dimensions);
    }
    callbacks.onProgress?.({ done: start + fakes.length, total: chosen.length });
    throwIfStopped(callbacks.signal, "The evaluation");
  }
  const [combined, textureOnly, meshOnly] = sums.map((sum) =>
    frechetDistance(sum.statistics(), real.statistics)
  );
  return {
    recipe,
    combined,
    textureOnly: textureOnly ?? null,
    meshOnly: meshOnly ?? null,
    ...compareFeatures(kept, real.features, network.dimensions),
  };
}

/** What two sets of pictures are compared by besides the Fréchet distance. */
export type FeatureComparison = Pick<
  GeneratorDistances,
  "kernel" | "precision" | "recall" | "diversity" | "realDiversity"
>;

/**
 * What needs the features themselves; fewer than 5 on a side tell nothing.
 *
 * @param fake Features, `[N, D]`
 * @param real Features, `[M, D]`
 * @param dimensions D
 */
export function compareFeatures(
  fake: Float32Array,
  real: Float32Array,
  dimensions: number,
): FeatureComparison {
  const diversity = meanPairDistance(fake, dimensions);
  if (Math.min(fake.length, real.length) < 5 * dimensions) {
    return { kernel: null, precision: null, recall: null, diversity, realDiversity: null };
  }
  return {
    kernel: kernelDistance(fake, real, dimensions),
    ...precisionRecall(fake, real, dimensions),
    diversity,
    realDiversity: meanPairDistance(real, dimensions),
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

/** Pictures of each kind: combined, and with `hybrids` generated texture on real mesh, real texture on generated mesh. */
async function fakePictures(
  generator: GeneratorModel,
  dataset: UvDataset,
  recipe: EvaluationRecipe,
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
    fakes.map((fake) => truncatedLatent(recipe.seed, fake, latentLength, recipe.truncationSigma)),
    rows.map((row) => poses.classIndex[row]),
    reals,
  );
  const { resolution: size, supersample, perspective } = recipe;
  const picture = (i: number, map: Float32Array, texture: (typeof samples)[0]["texture"]) =>
    overGrey(
      samplePicture(map, texture, poseOfRow(poses, rows[i], perspective), { size, supersample, symmetric }),
    );
  const pictures = [samples.map(({ map, texture }, i) => picture(i, map, texture))];
  if (reals && hybrids) {
    pictures.push(samples.map(({ texture }, i) => picture(i, reals[i].displacementMap, texture)));
    pictures.push(samples.map(({ map }, i) => picture(i, map, reals[i].texture)));
  }
  return pictures;
}
