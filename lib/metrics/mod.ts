/**
 * Figures: IoUs, rotations, distances of shapes and of sets of images.
 *
 * @module
 */
export { iou } from "./iou.ts";
export { geodesicDistance, rotationAngleDegrees } from "./geodesic_distance.ts";
export { chamferDistance } from "./chamfer_distance.ts";
export { frechetDistance } from "./frechet_distance.ts";
export { kid } from "./kid.ts";
export { type PrecisionRecall, precisionRecall } from "./precision_recall.ts";
export { type FeatureStatistics, featureStatistics } from "./feature_statistics.ts";
export * from "./object_figures.ts";
export * from "./feature_pyramid.ts";
export { type FeatureNetwork, type FeatureNetworkName } from "./feature_network.ts";
export { loadFeatureNetwork } from "./load_feature_network.ts";
export type { PoseErrors } from "./pose_error.ts";
