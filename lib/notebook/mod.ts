/**
 * What notebooks and short programs show: images beside each other, meshes from around, contours over photographs,
 * charts, tables, and a mesh that can be turned by dragging.
 *
 * @module
 */
export { show, showAnimation, showCurves, showMesh, showTable } from "./display.ts";
export { meshView, type MeshViewOptions } from "./mesh_view.ts";
export { CONTOUR_DEFAULTS, type ContourOptions, poseOverlay, sampleImage } from "../report/overlay.ts";
export { toUnitColours } from "../core/unit_colours.ts";
export { type ChartOptions, type Curve, lineChart } from "../report/plot.ts";
export { RENDER_VIEWS_DEFAULTS, renderViews, type RenderViewsOptions } from "../report/render_views.ts";
export { imageGrid } from "../core/image_grid.ts";
