/**
 * Refinement: shape, pose and texture of the object in each posed photograph, with nothing trained.
 *
 * @module
 */
export { refinePhotographs } from "./refine.ts";
export type { Origin, StageFiles } from "../io/stage_folder.ts";
export * from "./refine_options.ts";
export * from "./files.ts";
export { type RefinedStore, refinedStore } from "./refined_store.ts";
export * from "./refinement.ts";
export {
  type FitState,
  type FittedShape,
  type OnShapeStep,
  ShapeFitter,
  type ShapeStep,
} from "./shape_fitter.ts";
export { SHAPE_FIT_DEFAULTS, type ShapeFitOptions } from "./shape_fit_options.ts";
export { type AxisFields, type SmoothFields, smoothFields } from "./smooth_fields.ts";
export type { Joint } from "./joints.ts";
export type { Appearance } from "./appearance_error.ts";
