/**
 * Poses, masks, reconstructions and single photographs measured where the truth is known, beside their targets.
 *
 * @module
 */
export * from "./evaluate_reconstruction.ts";
export type { ViewResult } from "./measure_methods.ts";
export * from "./evaluate_real.ts";
export type { DirectionCount, RealPoseRequest } from "./real_poses.ts";
export * from "./real_sets.ts";
export type { OnFigure, PoseFigure } from "./evaluate_poses.ts";
export * from "./measure_views.ts";
export type { PosedObject, PosedPhotograph, ViewMethod } from "./view_methods.ts";
