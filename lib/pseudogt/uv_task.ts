/**
 * The task of the workers that make pseudo-ground-truth: one photograph projected to UV space and written.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { WorkerKind } from "../core/worker_pool.ts";
import { readSample } from "../datasets/read_sample.ts";
import type { SampleTask } from "../datasets/dataset.ts";
import { rgbaImage } from "../datasets/rgba_image.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { createFragments } from "../rendering/rasterize.ts";
import { type UvAnswer, writeUvSample } from "./files.ts";
import { isEmptyAlpha, makeUvMaps } from "./make_uv_maps.ts";
import { uvLayout } from "./uv_layout.ts";

/** What all tasks have in common. */
export interface UvShared {
  /** Side of the maps, R. */
  readonly resolution: number;
  /** Side of the projected images, S. */
  readonly projectionResolution: number;
  /** Side of the texture whose texels are tested for being seen. */
  readonly visibilitySide: number;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  readonly symmetric: boolean;
}

/** Colours in [−1, 1] times the mask, and the mask. */
export interface MaskedImage {
  /** Colours, `[S, S, 3]`. */
  readonly image: FloatImage;
  /** Share of the object in each pixel, `[S, S, 1]`. */
  readonly mask: FloatImage;
}

/** One photograph with what the network predicts for it. */
export interface UvTask {
  /** Name of the photograph. */
  readonly id: string;
  /** Number of its class. */
  readonly classIndex: number;
  /** The photograph at the projection's side, or how to read it. */
  readonly photograph: MaskedImage | SampleTask;
  /** Its pose. */
  readonly pose: Pose;
  /** Predicted positions in the object frame, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Predicted displacement, `[32, 32, 3]`. */
  readonly displacementMap: Float32Array;
  /** Predicted part distribution; null if the network predicts none. */
  readonly parts: FloatImage | null;
  /** File to write. */
  readonly file: string;
}

/** Makes the function that does one task. */
export function createRunner(
  { resolution, projectionResolution, visibilitySide, symmetric }: UvShared,
): (task: UvTask) => Promise<UvAnswer> {
  const topology = sphereTopology(), layout = uvLayout(topology, resolution);
  const fragments = createFragments(projectionResolution, projectionResolution, new Float32Array(0));
  return async ({ id, classIndex, photograph, pose, vertices, displacementMap, parts, file }) => {
    const image = "record" in photograph ? await readPhotograph(photograph) : photograph;
    const screen = Float32Array.from(projectVertices(vertices, pose));
    const settings = { layout, visibilitySide, symmetric };
    const maps = makeUvMaps(rgbaImage(image), screen, topology, settings, fragments);
    if (isEmptyAlpha(maps.alpha)) return "empty";
    await writeUvSample(file, { id, classIndex, displacementMap, parts, ...maps });
    return "written";
  };
}

/** Workers that make UV maps. */
export const UV_KIND: WorkerKind<UvShared, UvTask, UvAnswer> = {
  module: new URL(import.meta.url),
  createRunner,
};

/** The parts of the photograph are not needed. */
async function readPhotograph({ record, resolution, parts }: SampleTask): Promise<MaskedImage> {
  return await readSample({ ...record, partsPath: null, partRuns: undefined }, resolution, parts);
}
