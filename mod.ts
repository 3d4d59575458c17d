/**
 * texmesh: generative models of textured 3D meshes, learnt from ordinary photographs.
 *
 * Stages are functions of inputs, options and callbacks; the functions `run…` do the same with their files.
 *
 * @example An image and a file of a template
 * ```ts
 * import { exportMesh, floatImage, loadTemplates, projectVertices, renderImage, sphereTopology } from "@texmesh/texmesh";
 *
 * const [{ vertices }] = await loadTemplates("bird", "singletpl");
 * const mesh = { ...sphereTopology(), vertices };
 * const side = { rotation: [0.5, 0.5, 0.5, -0.5], scale: 0.8, translation: [0, 0], perspective: 4 };
 * const image = renderImage({ ...mesh, vertices: projectVertices(vertices, side) }, null, { light: 0.5 });
 * await exportMesh(mesh, floatImage(64, 64, 3), "output/bird", { formats: ["glb"] });
 * console.log(image.width, image.channels); // 256 4
 * ```
 *
 * @example Poses of photographs, here of drawn ones
 * ```ts
 * import { importPhotographs, makeSynthetic, runPoseStep1, runPoseStep2 } from "@texmesh/texmesh";
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
import "./original/register.ts";

export { type FloatImage, floatImage } from "./lib/core/arrays.ts";
export { StoppedError, UserError } from "./lib/core/errors.ts";
export { Prng } from "./lib/core/prng.ts";
export type { StageCallbacks } from "./lib/core/progress.ts";

export {
  type Dataset,
  type ImportOptions,
  importPhotographs,
  loadTemplates,
  openDataset,
  type Template,
} from "./lib/datasets/mod.ts";

export { type Mesh, sphereTopology } from "./lib/mesh/mod.ts";
export { exportMesh, readMesh } from "./lib/io/mod.ts";

export {
  type Camera,
  lookAtCamera,
  orthographicCamera,
  perspectiveCamera,
  type Pose,
  poseCamera,
  stackCameras,
} from "./lib/rendering/mod.ts";
export { renderMesh } from "./lib/rendering/tensor/mod.ts";
export { projectVertices } from "./lib/rendering/cameras.ts";
export { renderImage, type RenderImageOptions } from "./lib/rendering/render_image.ts";

export { type BackendOptions, compileStep, useBackend } from "./lib/backend/mod.ts";
export { Adam, ReconstructionNetwork } from "./lib/reconstruction/mod.ts";
export { Discriminators, Generator } from "./lib/gan/mod.ts";
export { normalConsistencyLossTensor } from "./lib/mesh/mod.ts";
export { photometricLoss } from "./lib/reconstruction/mod.ts";
export { ganLoss } from "./lib/gan/mod.ts";

export { encodePhotoMesh, photoToMesh } from "./lib/photo/mod.ts";
export {
  type ChooseOptions,
  choosePoses,
  estimateHypotheses,
  type EstimateOptions,
  PoseFitter,
} from "./lib/pose/mod.ts";
export { type RefineOptions, refinePhotographs, type RefineResult } from "./lib/refinement/mod.ts";
export {
  type ReconstructionOptions,
  type ReconstructionResult,
  trainReconstruction,
} from "./lib/reconstruction/mod.ts";
export { type GanOptions, type GanResult, runFolder, trainGan } from "./lib/gan/mod.ts";

export {
  type PipelineRequest,
  runEvaluation,
  runExport,
  runGan,
  runPipeline,
  runPoseStep1,
  runPoseStep2,
  runPseudoGroundTruth,
  runReconstruction,
  runReconstructPhoto,
  runRefine,
} from "./lib/pipeline/mod.ts";
export { makeSynthetic } from "./demo/mod.ts";
