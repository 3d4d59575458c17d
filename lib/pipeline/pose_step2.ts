/**
 * Pose step 2 with its files.
 *
 * @module
 */
import { dataset, mode, overwrite } from "../core/common_options.ts";
import type { OptionsInput } from "../core/option.ts";
import {
  correctionsFile,
  featuresFolder,
  hypothesesFile,
  poseChoiceFile,
  posesFile,
  semanticTemplateFile,
} from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { UserError } from "../core/errors.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { inspectPhotographs } from "../datasets/import_photographs.ts";
import { datasetOf, openDataset } from "../datasets/open_dataset.ts";
import { checkUnchanged } from "../datasets/unchanged.ts";
import { writePoseChoice } from "../pose/choice_file.ts";
import { CHOOSE_OPTIONS, type ChooseOptions, partsFrom } from "../pose/choose_options.ts";
import { readHypotheses, writePoseEstimates, writeSemanticTemplate } from "../pose/files.ts";
import { checkMadeFrom, madeFrom } from "../pose/made_from.ts";
import {
  applyPoseCorrections,
  describeCorrections,
  foreignTemplates,
  readPoseCorrections,
} from "../pose/pose_corrections.ts";
import { type FeatureSource, findObjectFeatures } from "../pose/object_features.ts";
import { findPatchModel } from "../vision/patch_model.ts";
import { spreadParts } from "../pose/spread_parts.ts";
import { choosePoses, type PoseChoice } from "../pose/step2.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import type { Template } from "../templates/template_file.ts";
import { checkInputFile, checkResultFile } from "./result_file.ts";

/** Options of the task `pose_step2`. */
export const POSE_STEP2_OPTIONS = {
  dataset,
  mode,
  ...CHOOSE_OPTIONS,
  partsFrom,
  overwrite,
} as const;

/** The choice, and what it was made for. */
export interface PoseStep2Result extends PoseChoice {
  /** The photographs. */
  readonly dataset: Dataset;
  /** Their templates. */
  readonly templates: readonly Template[];
}

/**
 * Chooses a pose for every image and writes the poses that are kept.
 *
 * @throws {UserError} If inputs are missing or the result exists
 */
export async function runPoseStep2(
  request: OptionsInput<typeof POSE_STEP2_OPTIONS> & Pick<ChooseOptions, "featureModel">,
  callbacks: StageCallbacks = {},
): Promise<PoseStep2Result> {
  const { dataset: name, mode, overwrite = false, partsFrom, ...options } = request;
  await checkResultFile(posesFile(name, mode), overwrite);
  const dataset = await openDataset(name);
  await checkInputFile(hypothesesFile(name, mode), `pose_step1 --dataset ${name} --mode ${mode}`);
  const templates = await loadTemplates(dataset.category, mode);
  await checkUnchanged(dataset);
  const origin = madeFrom(dataset, templates);
  await checkMadeFrom(
    hypothesesFile(name, mode),
    origin,
    `pose_step1 --dataset ${name} --mode ${mode} --overwrite`,
  );
  const corrections = await readPoseCorrections(correctionsFile(name));
  const featuresOf = async (photographs: Dataset) => {
    const model = await findPatchModel(options.featureModel);
    return await findObjectFeatures(photographs, model, featuresFolder(name), callbacks);
  };
  const found = await choosePoses(
    partsFrom === undefined ? dataset : await withPartsFrom(dataset, partsFrom, featuresOf, callbacks),
    templates,
    await readHypotheses(hypothesesFile(name, mode)),
    options,
    callbacks,
    () => featuresOf(dataset),
  );
  const choice = await applyPoseCorrections(found, corrections, dataset, templates);
  const told = describeCorrections(corrections);
  if (told !== null) callbacks.onMessage?.(`${told} (${correctionsFile(name)}).`);
  const foreign = foreignTemplates(corrections, templates);
  if (foreign.length > 0) {
    callbacks.onMessage?.(
      `Poses that a person set are of templates that are not in use with 'mode: ${mode}' (${
        foreign.join(", ")
      }): ` +
        `the template ${templates[0].name} stands for them.`,
    );
  }
  if (choice.semantics) await writeSemanticTemplate(semanticTemplateFile(name, mode), choice.semantics);
  await writePoseChoice(poseChoiceFile(name, mode), choice);
  await writePoseEstimates(posesFile(name, mode), choice.estimates, origin);
  return { ...choice, dataset, templates };
}

/** The data set with the parts of a few labelled photographs. */
async function withPartsFrom(
  dataset: Dataset,
  folder: string,
  featuresOf: (photographs: Dataset) => Promise<FeatureSource>,
  callbacks: StageCallbacks,
): Promise<Dataset> {
  const { name, category } = dataset; // features of both lie in one folder
  const { description } = await inspectPhotographs(folder, { name, category }, { signal: callbacks.signal });
  const labelled = description && datasetOf(description);
  if (!labelled || labelled.partNames.length === 0) {
    throw new UserError(
      `Cannot take parts from ${folder}: it has no photographs with part labels (images, masks and parts).`,
    );
  }
  const source = await featuresOf(dataset), known = await featuresOf(labelled);
  return await spreadParts(dataset, source, { dataset: labelled, source: known }, callbacks);
}
