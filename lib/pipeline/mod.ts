/**
 * The stages with their files: each reads what the one before wrote, resumes after a stop, and tells its progress.
 *
 * @module
 */
export * from "./pose_step1.ts";
export * from "./pose_step2.ts";
export * from "./reconstruct.ts";
export { REFINE_TASK_OPTIONS, type RefinedFolder, runRefine } from "./refine.ts";
export * from "./export_reconstructions.ts";
export * from "./generate_pseudogt.ts";
export {
  RECONSTRUCT_PHOTO_OPTIONS,
  type ReconstructedPhoto,
  type ReconstructPhotoRequest,
  runReconstructPhoto,
} from "./reconstruct_photo.ts";
export * from "./train_gan.ts";
export * from "./evaluate.ts";
export * from "./export.ts";
export * from "./export_samples.ts";
export { EVALUATE_CHECKPOINTS_OPTIONS } from "./evaluate_checkpoints.ts";
export type { ObjectSource } from "../gan/generate_objects.ts";
export type { MeshFormat } from "../io/export_mesh.ts";
export * from "./pipeline.ts";
export * from "./pipeline_request.ts";
export * from "./finish.ts";
export * from "./summary.ts";
export * from "./sizes.ts";
export { STAGE_NAMES, type StageName } from "./pipeline_stages.ts";
export type { StageOutcome, StageResult } from "./stage_record.ts";
export {
  PHOTO_TO_MESH_OPTIONS,
  type PhotoCandidate,
  type PhotoResult,
  type PhotoToMeshCallbacks,
  type PhotoToMeshRequest,
  runPhotoToMesh,
} from "./photo_to_mesh.ts";
export { buildReport } from "../report/build_report.ts";
export * from "../core/paths.ts";
export type { PseudoGroundTruthWay } from "../pseudogt/files.ts";
export { PSEUDO_GROUND_TRUTH_OPTIONS } from "../pseudogt/options.ts";
export { openPseudoGroundTruth } from "./pseudogt_runs.ts";
export type { PseudoGroundTruthResult } from "../pseudogt/make_uv_files.ts";
export type { FindObjects, Instance } from "../datasets/detect/instance.ts";
export type { PhotoMask } from "../datasets/read_photo.ts";
export type { ReportRequest, ReportTable, StageTime } from "../report/report_request.ts";
export type { PatchModelOptions } from "../vision/patch_model.ts";
