/**
 * The pose of a predicted object in its photograph, which nothing but the photograph tells.
 *
 * @module
 */
import { resolveOptions } from "../core/option.ts";
import type { FloatImage } from "../core/arrays.ts";
import type { Sample } from "../datasets/dataset.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { PoseFitter } from "../pose/pose_fitter.ts";
import { ESTIMATE_OPTIONS } from "../pose/estimate_options.ts";
import type { StartPrediction } from "../refinement/refine_options.ts";
import { type Pose, poseInRow, projectVertices } from "../rendering/cameras.ts";
import { renderImage } from "../rendering/render_image.ts";

/** Side of the renders whose silhouettes are compared, and of those whose colours are, in pixels. */
export const SEARCH_SIZE = 128, COLOUR_SIZE = 64;
/** Poses whose IoU falls short of the best by more than this are not looked at, and how many are at most. */
const IOU_MARGIN = 0.04, MOST_POSES = 6;
/** What an IoU of 1 counts beside a colour difference of 1. */
const IOU_WEIGHT = 1;

/** A pose that the photograph may have. */
export interface LikelyPose {
  /** The pose. */
  readonly pose: Pose;
  /** IoU of silhouette and mask. */
  readonly iou: number;
  /** Root mean square difference of the colours; 0 where no texture is predicted. */
  readonly difference: number;
}

/**
 * Finds the pose: the predicted shape is fitted to the mask from all sides, and of the poses that fit about as well that is
 * taken in which the predicted texture looks most like the photograph.
 *
 * @param prediction Predicted shape and texture
 * @param read The photograph at a resolution
 */
export async function findPose(
  prediction: StartPrediction,
  read: (resolution: number) => Promise<Sample>,
): Promise<Pose> {
  const scoreOf = ({ iou, difference }: LikelyPose) => IOU_WEIGHT * iou - difference;
  return (await likelyPoses(prediction, read)).reduce((a, b) => scoreOf(b) > scoreOf(a) ? b : a).pose;
}

/** Poses that fit the mask about as well as the best one, which is the first. */
export async function likelyPoses(
  { vertices, texture }: StartPrediction,
  read: (resolution: number) => Promise<Sample>,
): Promise<LikelyPose[]> {
  const settings = resolveOptions(ESTIMATE_OPTIONS, { imageResolution: SEARCH_SIZE, schedule: "fast" });
  const { mask } = await read(SEARCH_SIZE), shown = await read(COLOUR_SIZE);
  const fitter = new PoseFitter(sphereTopology().faces, [vertices], settings);
  const fitted = fitter.fit(Float32Array.from(mask.data)), { iou } = fitted;
  const order = [...iou.keys()].sort((a, b) => iou[b] - iou[a] || a - b);
  const likely = order.filter((h) => iou[h] > iou[order[0]] - IOU_MARGIN).slice(0, MOST_POSES);
  return likely.map((h) => {
    const pose = poseInRow(fitted, h);
    return {
      pose,
      iou: iou[h],
      difference: texture ? colourDifference(vertices, texture, pose, shown) : 0,
    };
  });
}

/** Root mean square difference of a render to its photograph, where both show the object; 1 where they never do. */
function colourDifference(
  vertices: Float32Array,
  texture: FloatImage,
  pose: Pose,
  photograph: Sample,
): number {
  const screen = Float32Array.from(projectVertices(vertices, pose)), size = COLOUR_SIZE;
  const { data } = renderImage({ ...sphereTopology(), vertices: screen }, texture, { size, light: 0 });
  let sum = 0, weight = 0;
  for (let p = 0; p < size * size; p++) {
    const share = photograph.mask.data[p] > 0.98 ? data[4 * p + 3] : 0;
    if (share === 0) continue;
    weight += 3 * share;
    for (let c = 0; c < 3; c++) {
      sum += share * (data[4 * p + c] - (photograph.image.data[3 * p + c] / 2 + 0.5)) ** 2;
    }
  }
  return weight > 0 ? Math.sqrt(sum / weight) : 1;
}
