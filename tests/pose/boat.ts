/** A boat-like template with two parts, and data sets of its images in memory. */
import type { Dataset, SampleRecord } from "../../lib/datasets/dataset.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { multiplyQuaternions, normalizeQuaternion } from "../../lib/rendering/quaternion.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import type { Hypotheses } from "../../lib/pose/files.ts";
import { startScale, startViews } from "../../lib/pose/start_views.ts";
import type { Template } from "../../lib/templates/template_file.ts";

/** Long in y, a cabin near the back, pointed in front. */
export function boatTemplate(): Template {
  const sphere = sphereTopology().vertices;
  const vertices = new Float32Array(sphere.length); // [V, 3]
  const partLabels = new Uint8Array(sphere.length / 3); // [V]
  for (let v = 0; v < partLabels.length; v++) {
    const [x, y, z] = sphere.subarray(3 * v, 3 * v + 3);
    const cabin = z > 0 ? 0.4 * z * Math.exp(-(((y - 0.35) / 0.25) ** 2)) : 0;
    vertices.set([x * (0.3 + 0.1 * y), y, 0.22 * z + cabin], 3 * v);
    partLabels[v] = y < -0.4 ? 1 : cabin > 0.1 ? 2 : 0;
  }
  return { name: "boat", category: "boat", vertices, partLabels, partNames: ["hull", "bow", "cabin"] };
}

/** A pose near start view `view`, turned a little by `turn`. */
export function poseNearView(view: number, turn: readonly number[] = [1, 0.04, -0.03, 0.05]): Pose {
  const start = startViews().subarray(4 * view, 4 * view + 4);
  const rotation = normalizeQuaternion(multiplyQuaternions(turn, start));
  const scale = startScale(boatTemplate().vertices, rotation);
  return { rotation, scale, translation: [0.02, -0.03], perspective: 2.5 };
}

/** Mask and part map (background, no part, bow, cabin) of the boat at a pose. */
export function boatImage(pose: Pose, size: number): { mask: Float32Array; parts: Float32Array } {
  const { vertices, partLabels } = boatTemplate();
  const { faces } = sphereTopology();
  const { faceIndex } = rasterize(projectVertices(vertices, pose), faces, size, size);
  const mask = Float32Array.from(faceIndex, (face) => face < 0 ? 0 : 1); // [S, S]
  const parts = new Float32Array(4 * size * size); // [S, S, 4]
  faceIndex.forEach((face, pixel) => parts[4 * pixel + (face < 0 ? 0 : 1 + partLabels[faces[3 * face]])] = 1);
  return { mask, parts };
}

/** Half a turn of azimuth: the front is taken for the back. */
export const flipped = (pose: Pose): Pose => ({
  ...pose,
  rotation: multiplyQuaternions(pose.rotation, [0, 0, 0, 1]),
});

/**
 * Two hypotheses for each image of a data set of the boat.
 *
 * @param pairs Both poses of the first image, then of the second, and so on
 * @param iou IoU of the k-th pose
 */
export function boatHypotheses(
  { records }: Dataset,
  pairs: readonly Pose[],
  iou: (k: number) => number,
): Hypotheses {
  return {
    N: records.length,
    H: 2,
    T: 1,
    rotation: Float32Array.from(pairs.flatMap((pose) => Array.from(pose.rotation))),
    scale: Float32Array.from(pairs, (pose) => pose.scale),
    translation: Float32Array.from(pairs.flatMap((pose) => Array.from(pose.translation))),
    perspective: Float32Array.from(pairs, (pose) => pose.perspective),
    weights: new Float32Array(pairs.length).fill(1),
    iou: Float32Array.from(pairs, (_, k) => iou(k)),
    ids: records.map((record) => record.id),
  };
}

/** A data set of images of the boat, with the parts "bow" and "cabin" if asked for. */
export function boatDataset(poses: readonly Pose[], hasParts = false): Dataset {
  const records = poses.map((truePose, i): SampleRecord => ({
    id: `boat_${i}`,
    imagePath: `boat_${i}.png`,
    maskPath: null,
    maskRuns: null,
    partsPath: null,
    classIndex: 0,
    width: 64,
    height: 64,
    box: [0, 0, 63, 63],
    truePose,
  }));
  const image = (data: Float32Array, side: number, channels: number) => ({
    data,
    height: side,
    width: side,
    channels,
  });
  return {
    name: "boats",
    category: "boat",
    classNames: ["boat"],
    partNames: hasParts ? ["bow", "cabin"] : [],
    length: records.length,
    records,
    sample: (i, side) => {
      const { mask, parts } = boatImage(poses[i], side);
      return Promise.resolve({
        id: records[i].id,
        classIndex: 0,
        image: image(new Float32Array(side * side * 3), side, 3),
        mask: image(mask, side, 1),
        parts: hasParts ? image(parts, side, 4) : null,
        crop: { x: 0, y: 0, size: 64 },
        truePose: poses[i],
      });
    },
  };
}
