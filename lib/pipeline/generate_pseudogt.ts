/**
 * Pseudo-ground-truth with its files.
 *
 * @module
 */
import { type Mode, posesFile, reconstructionFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { readPoseEstimates } from "../pose/files.ts";
import {
  generatePseudoGroundTruth,
  type PseudoGroundTruthOptions,
  type PseudoGroundTruthResult,
} from "../pseudogt/generate.ts";
import { loadReconstruction } from "../reconstruction/files.ts";
import { checkInputFile } from "./result_file.ts";

/** Which photographs are projected, with which network. */
export interface PseudoGroundTruthRequest extends PseudoGroundTruthOptions {
  /** Name of the reconstruction run. */
  name: string;
  /** Name of the data set. */
  dataset: string;
  /** One template or several. */
  mode: Mode;
  /** Checkpoint of the run. */
  whichEpoch?: string;
}

/**
 * Projects a data set's posed photographs to UV space.
 *
 * @throws {UserError} If inputs are missing or do not belong together
 */
export async function runPseudoGroundTruth(
  request: PseudoGroundTruthRequest,
  callbacks: StageCallbacks = {},
): Promise<PseudoGroundTruthResult> {
  const { name, dataset: datasetName, whichEpoch = "latest", ...options } = request;
  const poseFile = posesFile(datasetName, options.mode);
  const dataset = await openDataset(datasetName);
  await checkInputFile(poseFile, `pose_step2 --dataset ${datasetName} --mode ${options.mode}`);
  const poses = await readPoseEstimates(poseFile);
  const trained = await loadReconstruction(reconstructionFolder(name), whichEpoch);
  try {
    return await generatePseudoGroundTruth(dataset, poses, trained, options, callbacks);
  } finally {
    trained.network.dispose();
  }
}
