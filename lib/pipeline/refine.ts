/**
 * Refinement with its files.
 *
 * @module
 */
import { type Mode, reconstructionFolder, refinedFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { checkSum } from "../io/stage_folder.ts";
import { reconstructImages, type Reconstruction } from "../networks/reconstruct_images.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { loadReconstruction, partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import { refinePhotographs } from "../refinement/refine.ts";
import type {
  RefineOptions,
  RefineResult,
  RefineStart,
  StartPrediction,
  StartTemplate,
} from "../refinement/refine_options.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import { readPosesOf } from "./read_poses.ts";

/** Which photographs are refined, and from what. */
export interface RefineRequest extends RefineOptions {
  /** Name of the data set. */
  dataset: string;
  /** One template or several. */
  mode: Mode;
  /** Reconstruction run whose predictions the shapes begin with; null begins with the mean shape of the photographs. */
  name?: string | null;
  /** Checkpoint of the run. */
  whichEpoch?: string;
}

/**
 * Refines a data set's posed photographs, on all cores if nothing else is asked for.
 *
 * @throws {UserError} If inputs are missing or do not belong together
 */
export async function runRefine(
  request: RefineRequest,
  callbacks: StageCallbacks = {},
): Promise<RefineResult> {
  const { dataset: datasetName, mode, name = null, whichEpoch = "latest", ...options } = request;
  const dataset = await openDataset(datasetName);
  const templates = await loadTemplates(dataset.category, mode);
  const poses = await readPosesOf(dataset, mode, templates);
  const folder = refinedFolder(datasetName, mode, name, options.shape);
  if (name === null) {
    const start = { templates, predict: null, origin: "mean shape" };
    return await refinePhotographs(folder, dataset, poses, start, options, callbacks);
  }
  const trained = await loadReconstruction(reconstructionFolder(name), whichEpoch);
  try {
    const start = await predictedStart(trained, dataset, poses, templates);
    return await refinePhotographs(folder, dataset, poses, start, options, callbacks);
  } finally {
    trained.network.dispose();
  }
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
    texture: texture && { ...texture, data: Float32Array.from(texture.data, (value) => value / 2 + 0.5) },
  };
}
