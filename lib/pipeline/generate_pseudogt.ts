/**
 * Pseudo-ground-truth with its files.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { featureStatisticsFile, type Mode, reconstructionFolder, refinedFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { loadFeatureNetwork } from "../metrics/load_feature_network.ts";
import { type PresetName, PRESETS } from "../networks/presets.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { PseudoGroundTruthWay } from "../pseudogt/files.ts";
import {
  generatePseudoGroundTruth,
  type PseudoGroundTruthOptions,
  type PseudoGroundTruthResult,
} from "../pseudogt/generate.ts";
import { generateRefinedPseudoGroundTruth } from "../pseudogt/generate_refined.ts";
import { loadReconstruction, type TrainedReconstruction } from "../reconstruction/files.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import { realStatisticsOf } from "./feature_statistics.ts";
import { readPosesOf } from "./read_poses.ts";
import { refinedObjects } from "./refined_objects.ts";

/** Which photographs maps are made of, how, and with which network. */
export interface PseudoGroundTruthRequest extends PseudoGroundTruthOptions {
  /** Name of the reconstruction run; null makes maps of objects that were refined from the mean shape, without parts. */
  name?: string | null;
  /** Name of the data set. */
  dataset: string;
  /** One template or several. */
  mode: Mode;
  /** From refined objects, or as the original does, which needs a run. */
  pseudogt?: PseudoGroundTruthWay;
  /** Checkpoint of the run. */
  whichEpoch?: string;
  /** Sizes where there is no run. */
  preset?: PresetName;
  /** Whether the statistics of all photographs of the data set are made too, with which generated pictures are compared. */
  statistics?: boolean;
}

/** Defaults of `PseudoGroundTruthRequest`. */
export const PSEUDOGT_REQUEST_DEFAULTS = {
  pseudogt: "refined",
  preset: "paper",
  whichEpoch: "latest",
  statistics: false,
} as const satisfies Partial<PseudoGroundTruthRequest>;

/**
 * Brings a data set's posed photographs to UV space, on all cores if nothing else is asked for. Objects that are not refined
 * yet are refined first.
 *
 * @throws {UserError} If inputs are missing or do not belong together
 */
export async function runPseudoGroundTruth(
  request: PseudoGroundTruthRequest,
  callbacks: StageCallbacks = {},
): Promise<PseudoGroundTruthResult> {
  const { name = null, dataset: datasetName, whichEpoch, statistics, pseudogt, ...others } = {
    ...PSEUDOGT_REQUEST_DEFAULTS,
    workers: null,
    ...request,
  };
  const options = { ...others, run: name };
  const dataset = await openDataset(datasetName);
  const templates = await loadTemplates(dataset.category, options.mode);
  const poses = await readPosesOf(dataset, options.mode, templates);
  if (name === null && pseudogt === "original") {
    throw new UserError(
      "Cannot make pseudo-ground-truth as the original does without a reconstruction run: give its 'name', or " +
        "'pseudogt: refined'.",
    );
  }
  const trained = name === null ? null : await loadReconstruction(reconstructionFolder(name), whichEpoch);
  try {
    const result = trained && pseudogt === "original"
      ? await generatePseudoGroundTruth(dataset, poses, trained, options, callbacks)
      : await fromRefined({ name, dataset, poses, trained, whichEpoch, options }, callbacks);
    if (statistics) await makeStatistics(dataset, callbacks);
    return result;
  } finally {
    trained?.network.dispose();
  }
}

/** What maps of refined objects need. */
interface RefinedRequest {
  readonly name: string | null;
  readonly dataset: Dataset;
  readonly poses: PoseEstimates;
  readonly trained: TrainedReconstruction | null;
  readonly whichEpoch: string;
  readonly options: PseudoGroundTruthOptions & { readonly preset: PresetName };
}

/** Refines objects, or takes those that are refined already, and makes maps of them. */
async function fromRefined(
  { name, dataset, poses, trained, whichEpoch, options }: RefinedRequest,
  callbacks: StageCallbacks,
): Promise<PseudoGroundTruthResult> {
  const { mode, workers, overwrite } = options;
  const preset = trained?.network.config.preset ?? options.preset;
  const pseudogtResolution = options.pseudogtResolution || PRESETS[preset].textureResolution;
  const symmetric = trained?.network.config.symmetric ?? true;
  const refined = refinedFolder(dataset.name, mode, name);
  await refinedObjects({
    dataset: dataset.name,
    ...{ mode, name, whichEpoch, symmetric, workers, overwrite },
    shape: true,
    leastResolution: pseudogtResolution,
  }, callbacks);
  const result = await generateRefinedPseudoGroundTruth(
    dataset,
    poses,
    { refinedFolder: refined, symmetric, trained },
    { ...options, pseudogtResolution },
    callbacks,
  );
  callbacks.onMessage?.(
    `Maps show the refined shapes to ${
      result.residual.toFixed(4)
    } half lengths (mean distance of the vertices).`,
  );
  return result;
}

/** Statistics of all photographs, those without a pose too, as the original makes them. */
async function makeStatistics(dataset: Dataset, callbacks: StageCallbacks): Promise<void> {
  const { onMessage, signal } = callbacks;
  const network = await loadFeatureNetwork("auto", callbacks);
  try {
    const { recipe } = await realStatisticsOf(dataset, network, { onMessage, signal });
    onMessage?.(
      `Statistics of ${recipe.numImages} photographs: ${featureStatisticsFile(dataset.name, network.name)}`,
    );
  } finally {
    network.dispose();
  }
}
