/**
 * Refinement with its files.
 *
 * @module
 */
import { dataset, mode, optionalName, whichEpoch } from "../core/common_options.ts";
import type { OptionsInput } from "../core/option.ts";
import { reconstructionFolder, refinedFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { checkSum } from "../io/stage_folder.ts";
import { reconstructImages, type Reconstruction } from "../networks/reconstruct_images.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { loadReconstruction, partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import { refinedStore } from "../refinement/refined_store.ts";
import { refinePhotographs } from "../refinement/refine.ts";
import {
  REFINE_OPTIONS,
  type RefineOptions,
  type RefineResult,
  type RefineStart,
  type StartPrediction,
  type StartTemplate,
} from "../refinement/refine_options.ts";
import { openPosedDataset, type PosedDataset } from "./posed_dataset.ts";

/** Options of the task `refine`. */
export const REFINE_TASK_OPTIONS = {
  dataset,
  mode,
  name: optionalName(
    "Reconstruction run whose predictions it begins with; without it the photographs' mean shape.",
  ),
  whichEpoch,
  ...REFINE_OPTIONS,
} as const;

/** What was refined, and where it is. */
export interface RefinedFolder extends RefineResult {
  /** Folder of the files. */
  readonly folder: string;
}

/**
 * Refines a data set's posed photographs, on all cores if nothing else is asked for.
 *
 * @param request Which photographs, and how; `name`: reconstruction run whose predictions the shapes begin with, null for
 *   the mean shape of the photographs
 * @param callbacks Progress and sentences
 * @throws {UserError} If inputs are missing or do not belong together
 */
export async function runRefine(
  { dataset, mode, name = null, whichEpoch = "latest", ...options }:
    & Omit<OptionsInput<typeof REFINE_TASK_OPTIONS>, "name">
    & RefineOptions
    & { readonly name?: string | null },
  callbacks: StageCallbacks = {},
): Promise<RefinedFolder> {
  const posed = await openPosedDataset(dataset, mode);
  const trained = name === null ? null : await loadReconstruction(reconstructionFolder(name), whichEpoch);
  try {
    return await refineDataset(posed, { name, trained }, options, callbacks);
  } finally {
    trained?.network.dispose();
  }
}

/** The network whose predictions refinement begins with; none begins with the mean shape of the photographs. */
export interface RefineBasis {
  /** Name of its run. */
  readonly name: string | null;
  /** The network. */
  readonly trained: TrainedReconstruction | null;
}

/**
 * Refines photographs that are open to the folder of their data set.
 *
 * @throws {UserError} If inputs do not belong together
 */
export async function refineDataset(
  { dataset, mode, templates, poses }: PosedDataset,
  { name, trained }: RefineBasis,
  { overwrite, ...options }: RefineOptions,
  callbacks: StageCallbacks,
): Promise<RefinedFolder> {
  const folder = refinedFolder(dataset.name, mode, name, options.shape);
  const start = trained
    ? await predictedStart(trained, dataset, poses, templates)
    : { templates, predict: null, origin: "mean shape" };
  const store = refinedStore(folder, overwrite);
  return { folder, ...await refinePhotographs(store, dataset, poses, start, options, callbacks) };
}

/**
 * Shapes and textures that a network predicts, to begin refinement with.
 *
 * @param trained Network of a run
 * @param dataset Photographs
 * @param poses Their poses
 * @param templates Templates of the poses
 */
export async function predictedStart(
  trained: TrainedReconstruction,
  dataset: Dataset,
  poses: PoseEstimates,
  templates: readonly StartTemplate[],
): Promise<RefineStart> {
  const { network, state } = trained, side = network.config.imageResolution;
  const weights = Object.values(await network.parameters.toArrays()).map(({ data }) => data);
  return {
    templates,
    origin: checkSum(weights),
    predict: async (rows) => {
      const samples = await Promise.all(rows.map((row) => dataset.sample(poses.indices[row], side)));
      return (await reconstructImages(network, samples, partPresence(state))).map(startOf);
    },
  };
}

/** A network's prediction as refinement begins with it. */
export function startOf(
  { vertices, texture }: Pick<Reconstruction, "vertices" | "texture">,
): StartPrediction {
  return {
    vertices: Float32Array.from(vertices),
    texture: texture && toUnitColours(texture),
  };
}
