/**
 * One built-in template: its solid wrapped, and where that is not enough fitted to the solid's silhouettes.
 *
 * @module
 */
import type { WorkerKind } from "../../lib/core/worker_pool.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { finishTemplate } from "./build_template.ts";
import { polygonize, type Surface } from "../../lib/templates/polygonize.ts";
import { TEMPLATE_CONFIGS } from "./template_configs.ts";
import { shrinkWrap } from "../../lib/templates/shrink_wrap.ts";
import type { Template } from "../../lib/templates/template_file.ts";
import { normalizeClass, toFrame } from "../../lib/remeshing/class_targets.ts";
import { type FitFigures, measureFit } from "../../lib/remeshing/measure_fit.ts";
import { remeshClass } from "../../lib/remeshing/remesh.ts";
import { QUICK_SCHEDULE } from "../../lib/remeshing/schedule.ts";

/** Which template. */
export interface BuildTask {
  /** Class of the object. */
  readonly category: string;
  /** Number of the config within its class. */
  readonly index: number;
}

/** Edge of the cells in which solids are turned into meshes, in object units. */
const CELL = 1 / 60;

/** Mesh of a built-in template's solid. */
export function builtInMesh(category: string, index: number): Surface {
  return polygonize(TEMPLATE_CONFIGS[category][index].shape(), CELL);
}

/** A built-in template and how well it stands for its solid. */
export interface BuiltTemplate {
  /** The template. */
  readonly template: Template;
  /** Figures from views that were not fitted. */
  readonly figures: FitFigures;
}

/**
 * Builds a built-in template; the same bits every time.
 *
 * @param task Class and number of the config
 */
export async function buildBuiltIn({ category, index }: BuildTask): Promise<BuiltTemplate> {
  const { name, shape, wrap, isFitted = false } = TEMPLATE_CONFIGS[category][index];
  const topology = sphereTopology(), solid = shape(), mesh = polygonize(solid, CELL);
  let vertices = shrinkWrap(solid, topology, wrap); // [V, 3]
  if (isFitted) {
    const { inMeshFrames } = await remeshClass([mesh], topology, {
      start: [vertices],
      schedule: QUICK_SCHEDULE,
    });
    vertices = inMeshFrames[0];
  }
  const { vertices: [target], frames: [frame] } = normalizeClass([mesh.vertices]);
  const figures = measureFit({ vertices: target, faces: mesh.faces }, toFrame(vertices, frame), topology);
  return { template: finishTemplate(name, solid, vertices), figures };
}

/** Makes the function that does one task. */
export function createRunner(): (task: BuildTask) => Promise<BuiltTemplate> {
  return buildBuiltIn;
}

/** Workers that build templates. */
export const BUILD_KIND: WorkerKind<null, BuildTask, BuiltTemplate> = {
  module: new URL(import.meta.url),
  createRunner,
};
