/**
 * GAN training with its files.
 *
 * @module
 */
import { ganFolder, type Mode, poseMetadataFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { evaluateGenerator } from "../gan/evaluate_generator.ts";
import { type GanOptions, resolveGanOptions } from "../gan/gan_options.ts";
import { type GanEvaluation, type GanResult, trainGan } from "../gan/train_gan.ts";
import { openUvDataset, type UvDataset } from "../gan/uv_dataset.ts";
import { type FeatureNetwork, loadFeatureNetwork } from "../metrics/feature_network.ts";
import { realStatisticsOf } from "./feature_statistics.ts";
import { checkInputFile } from "./result_file.ts";
import { openRunLog } from "./run_log.ts";

/** What a GAN is trained on. */
export interface TrainGanRequest extends GanOptions {
  /** Name of the run. */
  name: string;
  /** Name of the data set. */
  dataset: string;
  /** One template or several. */
  mode: Mode;
  /** Whether event files are written. */
  tensorboard?: boolean;
  /** Pictures of an evaluation while training; fewer than the data set has are quicker. */
  evaluationPictures?: number;
}

const EVALUATION_PICTURES = 256;

/**
 * Trains a GAN on a data set's pseudo-ground-truth; the distance to the real pictures is measured now and then, and the
 * best checkpoint kept.
 *
 * @throws {UserError} If inputs are missing or the run exists
 */
export async function runGan(request: TrainGanRequest, callbacks: StageCallbacks = {}): Promise<GanResult> {
  const { name, dataset, mode, tensorboard = false, evaluationPictures, ...options } = request;
  const { textureResolution } = resolveGanOptions(options);
  await openDataset(dataset); // a name that is not there is told as such
  await checkInputFile(
    poseMetadataFile(dataset, mode),
    `generate_pseudogt --name RUN --dataset ${dataset}`,
  );
  const uvDataset = await openUvDataset(dataset, mode, textureResolution);
  const network = await loadFeatureNetwork("auto", callbacks);
  try {
    await using log = await openRunLog({
      folder: ganFolder(name),
      eventFolder: tensorboard ? `tensorboard_gan/${name}` : null,
      continueTrain: options.continueTrain ?? false,
      stepAfter: (iterations) => iterations, // a step's scalars carry the number of steps before it
    }, callbacks);
    const samples = evaluationPictures ?? EVALUATION_PICTURES;
    const onEvaluate = await evaluator(dataset, uvDataset, network, samples, log.callbacks);
    return await trainGan(uvDataset, { name, mode }, options, { ...log.callbacks, onEvaluate });
  } finally {
    network.dispose();
  }
}

async function evaluator(
  name: string,
  uvDataset: UvDataset,
  network: FeatureNetwork,
  samples: number,
  callbacks: StageCallbacks,
): Promise<(evaluation: GanEvaluation) => Promise<number>> {
  const { onMessage, signal } = callbacks;
  const real = await realStatisticsOf(await openDataset(name), network, { onMessage, signal });
  return async ({ average, iteration }) => {
    const options = { hybrids: false, samples: Math.min(samples, real.recipe.numImages) };
    const { combined, kernel } = await evaluateGenerator(average, uvDataset, real, network, options, {
      signal,
    });
    const lastStep = iteration - 1;
    callbacks.onScalars?.(lastStep, { "distance/combined": combined, "distance/kernel": kernel });
    return combined;
  };
}
