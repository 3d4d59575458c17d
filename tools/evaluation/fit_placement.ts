/**
 * Size and place of an object in a mask, by its rotation.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../../lib/core/arrays.ts";
import { shrinkImage } from "../../lib/core/shrink_image.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { hardSilhouette } from "../../lib/rendering/hard_silhouette.ts";
import { iou } from "../../lib/metrics/iou.ts";

/** Most pixels a side in which silhouettes are compared. */
const MOST_PIXELS = 128;
/** First and last step of the search: logarithm of the scale, and NDC. */
const FIRST_STEP = 0.04, LAST_STEP = 0.004;
/** How often area and centre are made equal before the search. */
const ALIGNMENTS = 3;

/**
 * Fits scale and translation, which cannot be told from another photograph of the object: silhouette and mask are given
 * equal area and centre, then the IoU of the hard silhouette is climbed, one value at a time with shrinking steps. The
 * result is at least as good as the given pose, as far as the search's pixels tell.
 *
 * @param vertices Object frame, `[V, 3]`
 * @param pose Rotation and perspective, which are kept, and a first guess of the rest
 * @param mask Share of the object in each pixel, `[S, S, 1]`
 * @returns The pose with another scale and translation
 */
export function fitPlacement(vertices: FloatArray, pose: Pose, mask: FloatImage): Pose {
  const factor = Math.max(1, Math.floor(mask.width / MOST_PIXELS)), size = Math.floor(mask.width / factor);
  const coarse = shrinkImage(mask, factor).data, target = momentsOf(coarse, size);
  if (target === null) return pose;
  const { faces } = sphereTopology(), screen = vertices.slice();
  const silhouette = (found: Pose) => hardSilhouette(projectVertices(vertices, found, screen), faces, size);
  const score = (found: Pose) => iou(silhouette(found), coarse);
  let best = pose, bestScore = score(pose), aligned = pose;
  const consider = (found: Pose) => {
    const foundIou = score(found);
    if (!(foundIou > bestScore)) return false;
    best = found, bestScore = foundIou;
    return true;
  };
  for (let k = 0; k < ALIGNMENTS; k++) {
    const own = momentsOf(silhouette(aligned), size);
    const growth = own ? Math.sqrt(target.area / own.area) : 1;
    const from = own ?? { x: aligned.translation[0], y: aligned.translation[1] };
    const [x, y] = [aligned.translation[0] + target.x - from.x, aligned.translation[1] + target.y - from.y];
    aligned = { ...aligned, scale: aligned.scale * growth, translation: [x, y] };
    consider(aligned);
  }
  for (let step = FIRST_STEP; step >= LAST_STEP; step /= 2) {
    while (MOVES.some((move) => consider(moved(best, move, step)))) continue;
  }
  return best;
}

/** Changes that are tried: scale, and place along x and y. */
const MOVES = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]] as const;

function moved(pose: Pose, [grow, right, down]: typeof MOVES[number], step: number): Pose {
  const { scale, translation } = pose;
  return {
    ...pose,
    scale: scale * Math.exp(grow * step),
    translation: [translation[0] + right * step, translation[1] + down * step],
  };
}

/** Area and centre of the pixels above ½, in NDC with y down; null if there are none. */
function momentsOf(mask: FloatArray, size: number): { area: number; x: number; y: number } | null {
  let area = 0, x = 0, y = 0;
  for (let i = 0; i < mask.length; i++) {
    if (!(mask[i] > 0.5)) continue;
    area++, x += i % size, y += Math.floor(i / size);
  }
  const toNdc = (sum: number) => 2 * (sum / area + 0.5) / size - 1;
  return area === 0 ? null : { area, x: toNdc(x), y: toNdc(y) };
}
