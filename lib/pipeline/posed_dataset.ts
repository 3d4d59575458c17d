/**
 * A data set with its templates and poses, as the stages after pose step 2 take it.
 *
 * @module
 */
import type { Mode } from "../core/paths.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import type { Template } from "../templates/template_file.ts";
import { readPosesOf } from "./read_poses.ts";

/** Photographs and their poses. */
export interface PosedDataset {
  /** Photographs. */
  readonly dataset: Dataset;
  /** One template or several. */
  readonly mode: Mode;
  /** Templates with which the poses were estimated. */
  readonly templates: readonly Template[];
  /** Poses of the photographs that have one. */
  readonly poses: PoseEstimates;
}

/**
 * Opens a data set with its templates and poses.
 *
 * @throws {UserError} If one of them is missing, saying which call makes it, or they do not belong together
 */
export async function openPosedDataset(name: string, mode: Mode): Promise<PosedDataset> {
  const dataset = await openDataset(name);
  const templates = await loadTemplates(dataset.category, mode);
  return { dataset, mode, templates, poses: await readPosesOf(dataset, mode, templates) };
}
