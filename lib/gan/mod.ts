/**
 * The GAN: generator and discriminators, their losses, training on pseudo-ground-truth, samples and their evaluation.
 *
 * @module
 */
export {
  GAN_OPTIONS,
  GAN_RECIPES,
  type GanOptions,
  type GanRecipe,
  type ResolvedGanOptions,
} from "./gan_options.ts";
export { type GanSettings } from "./gan_settings.ts";
export { type GanNetworks } from "./gan_networks.ts";
export {
  type GanCallbacks,
  type GanEvaluation,
  type GanEvaluationResult,
  type GanResult,
  trainGan,
} from "./train_gan.ts";
export { type Generated, Generator } from "./generator.ts";
export type { GeneratorOptions } from "./generator_options.ts";
export type * from "./own_parts.ts";
export { memoryUvDataset, type OwnObject } from "./memory_dataset.ts";
export { generatorOptions, makeGenerator } from "./make_generator.ts";
export {
  type DiscriminatorInput,
  type DiscriminatorOptions,
  Discriminators,
  type Score,
} from "./discriminators.ts";
export {
  discriminatorWeights,
  GAN_LOSS_KINDS,
  ganLoss,
  type GanLossKind,
  type GanLossRole,
} from "./gan_losses.ts";
export { closedLatentPath, interpolateLatents } from "./interpolate_latents.ts";
export { trainingLatents, truncatedLatent } from "./latent.ts";
export { type GeneratedSample, generateSamples, sampleVertices } from "./generate_samples.ts";
export { type LoadedGenerator, loadGenerator } from "./files.ts";
export { openUvDataset, type UvDataset, type UvDatasetFiles } from "./uv_dataset.ts";
export {
  GENERATE_OBJECTS_OPTIONS,
  type GeneratedObject,
  generateObjects,
  type ObjectSource,
} from "./generate_objects.ts";
export {
  EVALUATE_GENERATOR_OPTIONS,
  type EvaluateGeneratorOptions,
  type EvaluationConfig,
  type GeneratorDistances,
} from "./evaluate_generator.ts";
export type { EvaluationEntry } from "./files.ts";
export type { GanState } from "./gan_model.ts";
export type { PoseMetadata, UvSample } from "../pseudogt/files.ts";
export type { Donors, Exemplars } from "./exemplars/exemplars.ts";
export type { FeatureComparison } from "./image_features.ts";
export { type RunControl, runFolder } from "../training/run_folder.ts";
export { RUN_CONTROL_OPTIONS } from "../core/common_options.ts";
export { memoryRun, type TrainingRun } from "../training/training_run.ts";
export type { Checkpoint, CheckpointTag } from "../training/checkpoint.ts";
export type { RunSettings } from "../training/run_settings.ts";
