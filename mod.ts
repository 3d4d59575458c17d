/**
 * texmesh: generative models of textured 3D meshes, learnt from ordinary photographs.
 *
 * Stages are functions of inputs, options and callbacks; the functions `run…` do the same with their files.
 *
 * @example A picture and a file of a template
 * ```ts
 * import { exportMesh, floatImage, loadTemplates, projectVertices, renderPicture, sphereTopology } from "./mod.ts";
 *
 * const [{ vertices }] = await loadTemplates("bird", "singletpl");
 * const mesh = { ...sphereTopology(), vertices };
 * const side = { rotation: [0.5, 0.5, 0.5, -0.5], scale: 0.8, translation: [0, 0], perspective: 4 };
 * const picture = renderPicture({ ...mesh, vertices: projectVertices(vertices, side) }, null, { light: 0.5 });
 * await exportMesh(mesh, floatImage(64, 64, 3), "output/bird", { formats: ["glb"] });
 * console.log(picture.width, picture.channels); // 256 4
 * ```
 *
 * @example Poses of photographs, here of drawn ones
 * ```ts
 * import { importPhotographs, makeSynthetic, runPoseStep1, runPoseStep2 } from "./mod.ts";
 *
 * await makeSynthetic("output/photographs", { category: "bird", count: 4, resolution: 96 });
 * await importPhotographs("output/photographs", { name: "birds", category: "bird" });
 * await runPoseStep1({ dataset: "birds", mode: "singletpl", schedule: "fast", imageResolution: 64 });
 * const { estimates } = await runPoseStep2({ dataset: "birds", mode: "singletpl", imageResolution: 64 });
 * console.log(estimates.ids.length, "photographs have a pose");
 * ```
 *
 * @module
 */
export * from "./lib/core/arrays.ts";
export * from "./lib/core/errors.ts";
export * from "./lib/core/paths.ts";
export * from "./lib/core/prng.ts";
export * from "./lib/core/progress.ts";

export * from "./lib/mesh/mesh.ts";
export * from "./lib/mesh/sphere_topology.ts";
export * from "./lib/mesh/displace_vertices.ts";

export * from "./lib/rendering/cameras.ts";
export * from "./lib/rendering/quaternion.ts";
export * from "./lib/rendering/rasterize.ts";
export * from "./lib/rendering/render_picture.ts";
export * from "./lib/rendering/soft_silhouette.ts";

export * from "./lib/io/export_mesh.ts";
export type { GlbExtra } from "./lib/io/glb_encoder.ts";
export type { MeshArrays } from "./lib/io/obj.ts";

export * from "./lib/templates/load_templates.ts";
export * from "./lib/templates/template_file.ts";

export * from "./lib/datasets/dataset.ts";
export type { SampleTask } from "./lib/datasets/sample_task.ts";
export type { PartReading } from "./lib/datasets/read_sample.ts";
export { type Box, type Crop } from "./lib/datasets/crop.ts";
export * from "./lib/datasets/import_report.ts";
export { IMPORT_DEFAULTS, type ImportOptions, importPhotographs } from "./lib/datasets/import_photographs.ts";
export { openDataset } from "./lib/datasets/open_dataset.ts";
export {
  makeSynthetic,
  SYNTHETIC_DEFAULTS,
  type SyntheticOptions,
  type SyntheticReport,
} from "./lib/datasets/synthetic/make_synthetic.ts";

export * from "./lib/backend/options.ts";
export { type ActiveBackend, useBackend } from "./lib/backend/select_backend.ts";

export { type PresetName, PRESETS } from "./lib/networks/presets.ts";
export type { Preset } from "./lib/networks/presets.ts";
export type { PoseErrors } from "./lib/metrics/pose_error.ts";
export * from "./lib/metrics/object_figures.ts";
export * from "./lib/metrics/feature_pyramid.ts";
export type { FeatureNetworkName } from "./lib/metrics/feature_network.ts";

export type { Choice, ChoiceRule } from "./lib/pose/choose.ts";
export type { PartsScores, Scored } from "./lib/pose/choose_job.ts";
export type { FitSettings, SilhouetteTarget } from "./lib/pose/pose_fitter.ts";
export * from "./lib/pose/choose_options.ts";
export * from "./lib/pose/evaluate.ts";
export * from "./lib/pose/files.ts";
export { choosePoses, type PoseChoice } from "./lib/pose/step2.ts";
export * from "./lib/pose/step1.ts";
export type { HypothesisCounts } from "./lib/pose/hypothesis_row.ts";

export type { NormKind } from "./lib/networks/layers/norms.ts";
export type { PredictionType, ReconstructionConfig } from "./lib/networks/reconstruction_network.ts";
export type { ReconstructionState } from "./lib/reconstruction/files.ts";
export type { STEP_FIGURES, StepFigures } from "./lib/reconstruction/training_step.ts";
export type { GanLossKind } from "./lib/gan/gan_losses.ts";
export type {
  EvaluateGeneratorOptions,
  EvaluationRecipe,
  GeneratorDistances,
} from "./lib/gan/evaluate_generator.ts";
export type { FeatureComparison } from "./lib/gan/picture_features.ts";
export type { ExportedSample } from "./lib/gan/export_samples.ts";
export type { ScheduleName, Sharpening } from "./lib/pose/schedule.ts";
export type { MaskTarget, ReconstructionOptions } from "./lib/reconstruction/options.ts";
export type { ReconstructionResult } from "./lib/reconstruction/train.ts";
export type { PseudoGroundTruthWay } from "./lib/pseudogt/files.ts";
export type { PseudoGroundTruthOptions, PseudoGroundTruthResult } from "./lib/pseudogt/generate.ts";
export type { GanNetworks, GanOptions, GanSettings } from "./lib/gan/gan_options.ts";
export type { GanResult } from "./lib/gan/train_gan.ts";
export type { EvaluateGanOptions, EvaluationEntry } from "./lib/gan/evaluate_gan.ts";
export type { ExportResult, ExportSamplesOptions } from "./lib/gan/export_samples.ts";

export * from "./lib/pipeline/pose_step1.ts";
export * from "./lib/pipeline/pose_step2.ts";
export * from "./lib/pipeline/reconstruct.ts";
export { type RefineRequest, runRefine } from "./lib/pipeline/refine.ts";
export * from "./lib/pipeline/refined_objects.ts";
export * from "./lib/refinement/refine.ts";
export * from "./lib/refinement/refine_options.ts";
export type { FitState } from "./lib/refinement/shape_fitter.ts";
export * from "./lib/refinement/files.ts";
export * from "./lib/refinement/refinement.ts";
export * from "./lib/pipeline/export_reconstructions.ts";
export * from "./lib/pipeline/generate_pseudogt.ts";
export {
  foundObjects,
  RECONSTRUCT_PHOTO_DEFAULTS,
  type ReconstructedPhoto,
  type ReconstructPhotoRequest,
  runReconstructPhoto,
} from "./lib/pipeline/reconstruct_photo.ts";
export * from "./lib/pipeline/evaluate_reconstruction.ts";
export type { ViewResult } from "./lib/pipeline/test_views.ts";
export * from "./lib/pipeline/evaluate_real.ts";
export type { DirectionCount, RealPoseRequest } from "./lib/pipeline/real_poses.ts";
export * from "./lib/pipeline/real_sets.ts";
export type { OnFigure, PoseFigure } from "./lib/pipeline/evaluate_poses.ts";
export * from "./lib/pipeline/measure_views.ts";
export type { PosedObject, PosedPhotograph, ViewMethod } from "./lib/pipeline/view_methods.ts";
export type { ByteImage } from "./lib/io/image_file.ts";
export type { FindObjects } from "./lib/pipeline/detect.ts";
export type { Instance } from "./lib/datasets/detect/instance.ts";
export * from "./lib/pipeline/train_gan.ts";
export * from "./lib/pipeline/evaluate.ts";
export * from "./lib/pipeline/export.ts";
export * from "./lib/pipeline/pipeline.ts";
export * from "./lib/pipeline/demo.ts";
export * from "./lib/pipeline/finish.ts";
export * from "./lib/pipeline/summary.ts";
export * from "./lib/pipeline/sizes.ts";
export { STAGE_NAMES, type StageName } from "./lib/pipeline/pipeline_stages.ts";
export type { StageOutcome, StageResult } from "./lib/pipeline/stage_record.ts";

export * from "./lib/photo/mod.ts";
