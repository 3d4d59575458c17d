/**
 * A data set in memory for tests: one coloured, two-part ellipsoid from several sides.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import type { Dataset, Sample, SampleRecord } from "../../lib/datasets/dataset.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import type { PoseEstimates } from "../../lib/pose/files.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import type { Template } from "../../lib/templates/template_file.ts";

/** Half axes of the object. */
const AXES = [0.5, 1, 0.6];

/** Photographs, poses and template that belong together. */
export interface ToyInputs {
  dataset: Dataset;
  poses: PoseEstimates;
  templates: Template[];
  /** Texture of the object, colours in [0, 1]. */
  texture: FloatImage;
}

/** Makes `count` photographs; `classes` gives them classes in turn. */
export function makeToyInputs(count: number, classNames: string[] = ["thing"], parts = true): ToyInputs {
  const topology = sphereTopology();
  const vertices = Float32Array.from(topology.vertices, (value, i) => value * AXES[i % 3]);
  const texture = floatImage(16, 32, 3), partTexture = floatImage(16, 32, 3);
  for (let i = 0; i < 16 * 32; i++) {
    const row = Math.floor(i / 32), mirrored = Math.abs((i % 32) - 15.5) / 16;
    texture.data.set([row / 16, mirrored, 1 - row / 32], i * 3);
    partTexture.data.set(row < 8 ? [0, 1, 0] : [0, 0, 1], i * 3); // object, first part, second part
  }
  const prng = new Prng(5, "toy");
  const poses = Array.from({ length: count }, (): Pose => {
    const angle = prng.uniform(-Math.PI, Math.PI);
    const turn = [Math.SQRT1_2, -Math.SQRT1_2, 0, 0]; // z up on the screen
    const turned = [Math.cos(angle / 2), 0, 0, Math.sin(angle / 2)];
    const rotation = [
      turn[0] * turned[0],
      turn[1] * turned[0],
      -turn[1] * turned[3],
      turn[0] * turned[3],
    ];
    return { rotation, scale: prng.uniform(0.6, 0.8), translation: [0.05, -0.05], perspective: 3 };
  });
  const records = poses.map((truePose, i): SampleRecord => ({
    id: `toy${i}`,
    imagePath: "",
    maskPath: null,
    maskRuns: null,
    partsPath: null,
    classIndex: i % classNames.length,
    width: 64,
    height: 64,
    box: [0, 0, 63, 63],
    truePose,
  }));
  const sample = (i: number, resolution: number): Promise<Sample> => {
    const mesh = { ...topology, vertices: projectVertices(vertices, poses[i]) };
    const rendered = renderImage(mesh, texture, { size: resolution });
    const labels = renderImage(mesh, partTexture, { size: resolution });
    const image = floatImage(resolution, resolution, 3), mask = floatImage(resolution, resolution, 1);
    const partMap = floatImage(resolution, resolution, 4);
    for (let p = 0; p < resolution ** 2; p++) {
      const alpha = rendered.data[p * 4 + 3];
      mask.data[p] = alpha;
      partMap.data[p * 4] = 1 - alpha;
      for (let c = 0; c < 3; c++) {
        image.data[p * 3 + c] = (2 * rendered.data[p * 4 + c] - 1) * alpha;
        partMap.data[p * 4 + 1 + c] = labels.data[p * 4 + c] * alpha;
      }
    }
    return Promise.resolve({
      id: records[i].id,
      classIndex: records[i].classIndex,
      image,
      mask,
      parts: parts ? partMap : null,
      crop: { x: 0, y: 0, size: 64 },
      truePose: poses[i],
    });
  };
  const flatten = (pick: (pose: Pose) => ArrayLike<number>): Float32Array =>
    Float32Array.from(poses.flatMap((pose) => Array.from(pick(pose))));
  return {
    dataset: {
      name: "toy",
      category: "thing",
      classNames,
      partNames: parts ? ["top", "bottom"] : [],
      length: count,
      records,
      sample,
    },
    poses: {
      indices: Int32Array.from({ length: count }, (_, i) => i),
      rotation: flatten((pose) => pose.rotation),
      scale: flatten((pose) => [pose.scale]),
      translation: flatten((pose) => pose.translation),
      perspective: flatten((pose) => [pose.perspective]),
      weights: new Float32Array(count).fill(1),
      iou: Float32Array.from({ length: count }, (_, i) => 0.5 + i / 100),
      miou: new Float32Array(count).fill(0.5),
      ids: records.map(({ id }) => id),
    },
    templates: [{
      name: "ball",
      category: "thing",
      vertices: Float32Array.from(topology.vertices),
      partLabels: new Uint8Array(962),
      partNames: [],
    }],
    texture,
  };
}
