/**
 * Pose step 1 with its files.
 *
 * @module
 */
import { dataset, mode, overwrite } from "../core/common_options.ts";
import type { OptionsInput } from "../core/option.ts";
import { hypothesesFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { checkUnchanged } from "../datasets/unchanged.ts";
import type { HypothesisCounts } from "../pose/hypothesis_row.ts";
import { ESTIMATE_OPTIONS } from "../pose/estimate_options.ts";
import { estimateHypothesesToFile } from "../pose/step1.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import { checkResultFile } from "./result_file.ts";

/** Options of the task `pose_step1`. */
export const POSE_STEP1_OPTIONS = { dataset, mode, ...ESTIMATE_OPTIONS, overwrite } as const;

/**
 * Fits the templates to every image's mask and writes all hypotheses. A stopped run resumes where it was.
 *
 * @returns Numbers of images, hypotheses of each, and templates
 * @throws {UserError} If inputs are missing or the result exists
 */
export async function runPoseStep1(
  request: OptionsInput<typeof POSE_STEP1_OPTIONS>,
  callbacks: StageCallbacks = {},
): Promise<HypothesisCounts> {
  const { dataset: name, mode, overwrite = false, ...options } = request;
  const resultFile = hypothesesFile(name, mode);
  await checkResultFile(resultFile, overwrite);
  const dataset = await openDataset(name);
  const templates = await loadTemplates(dataset.category, mode);
  await checkUnchanged(dataset);
  return await estimateHypothesesToFile(resultFile, dataset, templates, options, callbacks);
}
