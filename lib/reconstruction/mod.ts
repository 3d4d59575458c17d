/**
 * Reconstruction of one photograph: the network, its losses, and its training.
 *
 * @module
 */
export {
  type ReconstructionCallbacks,
  type ReconstructionOptions,
  type ReconstructionResult,
  trainReconstruction,
} from "./train.ts";
export type { ReconstructionParts, ReconstructionRenderer, ReconstructionTerms } from "./own_parts.ts";
export { type MaskTarget, RECONSTRUCTION_OPTIONS } from "./options.ts";
export { loadReconstruction, type ReconstructionState, type TrainedReconstruction } from "./files.ts";
export {
  type PredictionType,
  type ReconstructionConfig,
  reconstructionConfig,
} from "../networks/reconstruction_config.ts";
export {
  type ReconstructionInput,
  type ReconstructionModel,
  ReconstructionNetwork,
  type ReconstructionOutput,
} from "../networks/reconstruction_network.ts";
export { Parameters, type TorchLayout } from "../networks/parameters.ts";
export { type Preset, type PresetName, PRESETS } from "../networks/presets.ts";
export type { NormKind } from "../networks/layers/norms.ts";
export {
  LOSS_WEIGHTS,
  meanIou,
  type PhotometricLoss,
  photometricLoss,
  symmetryLossTensor,
  templateLoss,
} from "./losses.ts";
export type { STEP_FIGURES, StepFigures } from "./training_step.ts";
export { Adam, type AdamOptions } from "../training/adam.ts";
export type { Checkpoint, CheckpointTag } from "../training/checkpoint.ts";
export type { RunSettings } from "../training/run_settings.ts";
export { computeGradients, type LossGradients } from "../training/gradients.ts";
export { type RunControl, runFolder } from "../training/run_folder.ts";
export { RUN_CONTROL_OPTIONS } from "../core/common_options.ts";
export { memoryRun, type TrainingRun } from "../training/training_run.ts";
