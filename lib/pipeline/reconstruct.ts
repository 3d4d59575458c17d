/**
 * Training of the reconstruction with its files.
 *
 * @module
 */
import { dataset, mode, name, RUN_CONTROL_OPTIONS, tensorboard } from "../core/common_options.ts";
import { type OptionsInput, resolveOptions } from "../core/option.ts";
import { reconstructionFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { selectPoses } from "../pose/select_poses.ts";
import { evaluateReconstruction } from "../reconstruction/evaluate.ts";
import { loadReconstruction } from "../reconstruction/files.ts";
import {
  type MaskTarget,
  RECONSTRUCTION_OPTIONS,
  type ReconstructionOptions,
  resolveReconstructionOptions,
} from "../reconstruction/options.ts";
import type { ReconstructionParts } from "../reconstruction/own_parts.ts";
import { type ReconstructionResult, trainReconstruction } from "../reconstruction/train.ts";
import type { StepFigures } from "../reconstruction/training_step.ts";
import { runFolder } from "../training/run_folder.ts";
import { readRunSettings } from "../training/run_settings.ts";
import { openPosedDataset } from "./posed_dataset.ts";
import { openRunLog } from "./run_log.ts";

/** Options of the task `reconstruct`. */
export const RECONSTRUCT_OPTIONS = {
  name,
  dataset,
  mode,
  ...RECONSTRUCTION_OPTIONS,
  ...RUN_CONTROL_OPTIONS,
  tensorboard: tensorboard("tensorboard_recon"),
} as const;

/** A reconstruction's run by its options. */
export const RECONSTRUCTION_RUN = {
  stage: "reconstruction",
  options: RECONSTRUCT_OPTIONS,
  resolve: (options: OptionsInput<typeof RECONSTRUCT_OPTIONS>) => resolveReconstructionOptions(options, true),
} as const;

/** What a training came to. */
export interface ReconstructResult extends Omit<ReconstructionResult, "network"> {
  /** Folder of the run. */
  readonly folder: string;
  /** Mean figures on the photographs of the training; null if they were not asked for. */
  readonly measured: StepFigures | null;
}

/** Photographs that are measured at once. */
const MEASURED_AT_ONCE = 8;

/**
 * Trains a reconstruction network on a data set's posed photographs.
 *
 * @param request What it is trained on, and how; `leaveOut`: ids of posed photographs that are left out, such as those that
 *   a test is made with; `measure`: whether the trained network is measured on the photographs that it was trained with
 * @param callbacks Progress and scalars
 * @param parts A user's own network, objective and renderer
 * @throws {UserError} If inputs are missing or the run exists
 */
export async function runReconstruction(
  request: OptionsInput<typeof RECONSTRUCT_OPTIONS> & Pick<ReconstructionOptions, "classParts"> & {
    readonly leaveOut?: ReadonlySet<string>;
    readonly measure?: boolean;
  },
  callbacks: StageCallbacks = {},
  parts: ReconstructionParts = {},
): Promise<ReconstructResult> {
  const { name, dataset: datasetName, mode, tensorboard = false, leaveOut = new Set(), measure, ...rest } =
    request;
  const { continueTrain, whichEpoch, overwrite, ...options } = rest, folder = reconstructionFolder(name);
  const { dataset, templates, poses: all } = await openPosedDataset(datasetName, mode);
  const poses = selectPoses(all, (id) => !leaveOut.has(id));
  await using log = await openRunLog({
    ...{ folder, continueTrain, whichEpoch, firstStep: 1 },
    eventFolder: tensorboard ? `tensorboard_recon/${name}` : null,
  }, callbacks);
  const run = runFolder(folder, { continueTrain, whichEpoch, overwrite, settings: { name, mode } });
  const trained = await trainReconstruction(
    dataset,
    poses,
    templates,
    options,
    { ...log.callbacks, run },
    parts,
  );
  try {
    const settings = { ...resolveOptions(RECONSTRUCTION_OPTIONS, options), batchSize: MEASURED_AT_ONCE };
    const measured = measure
      ? await evaluateReconstruction(trained, dataset, poses, templates, settings)
      : null;
    const { network: _, ...result } = trained;
    return { folder, ...result, measured };
  } finally {
    trained.network.dispose();
  }
}

/**
 * Mean losses and IoU of a run's checkpoint on a data set's posed photographs; without a target of silhouettes that of
 * the run counts.
 */
export async function evaluateReconstructionRun(
  request:
    & Required<
      Pick<
        OptionsInput<typeof RECONSTRUCT_OPTIONS>,
        | "name"
        | "dataset"
        | "mode"
        | "whichEpoch"
        | "batchSize"
        | "meshRegularization"
        | "semiFraction"
        | "loss"
      >
    >
    & Pick<OptionsInput<typeof RECONSTRUCT_OPTIONS>, "maskTarget">,
): Promise<Record<string, number>> {
  const { name, mode, whichEpoch } = request;
  const { dataset, templates, poses } = await openPosedDataset(request.dataset, mode);
  const trained = await loadReconstruction(reconstructionFolder(name), whichEpoch);
  try {
    const stored = await readRunSettings(reconstructionFolder(name));
    const maskTarget = request.maskTarget ?? stored.maskTarget as MaskTarget;
    const options = { ...request, maskTarget };
    return { ...await evaluateReconstruction(trained, dataset, poses, templates, options) };
  } finally {
    trained.network.dispose();
  }
}
