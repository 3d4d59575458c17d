/**
 * Remeshing: a class mesh of any topology to the sphere topology, by silhouettes alone.
 *
 * @module
 */
import { Prng } from "../core/prng.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { Mesh } from "../mesh/mesh.ts";
import type { SphereTopology } from "../mesh/sphere_topology.ts";
import { normalizeQuaternion } from "../rendering/quaternion.ts";
import { alignSphere, applyAlignment } from "./align_sphere.ts";
import { deformVertices, placeVertices } from "./deform_vertices.ts";
import { FULL_SCHEDULE, type RemeshSchedule, scheduleLength } from "./schedule.ts";
import { SilhouetteFit } from "./silhouette_fit.ts";
import { normalizeClassMesh, renderTargets } from "./silhouette_targets.ts";

/** Options of {@link remesh}. */
export interface RemeshOptions {
  /** Number of views, drawn uniformly over all rotations. */
  views?: number;
  /** Rows and columns of the silhouettes. */
  resolution?: number;
  /** Seed of the views. */
  seed?: number;
  /** Steps of the first stage, which scales and shifts the sphere. */
  alignIterations?: number;
  /** Learning rates of the second stage, which moves the vertices. */
  schedule?: RemeshSchedule;
}

/** Defaults of {@link RemeshOptions}: the original's. */
export const REMESH_DEFAULTS = {
  views: 64,
  resolution: 256,
  seed: 1,
  alignIterations: 1000,
  schedule: FULL_SCHEDULE,
} as const satisfies Required<RemeshOptions>;

/** A remeshed class mesh. */
export interface RemeshResult {
  /** Positions on the sphere topology: symmetric, centred, longest half extent 1, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Mean overlap with the silhouettes that were fitted, before normalising. */
  readonly iou: number;
}

/** Steps between two reports. */
const REPORT_EVERY = 100;

/**
 * Deforms the template sphere until its silhouettes are those of a mesh.
 *
 * @param mesh Closed or open, of any topology; z up, front at −y, mirror plane x = 0
 * @param topology The template sphere
 * @param options Views and schedule
 * @param callbacks Progress by step, losses every 100 steps
 * @returns Vertices of the sphere topology
 * @throws {RangeError} If the mesh has no extent
 * @throws {StoppedError} If the signal was aborted
 */
export async function remesh(
  mesh: Pick<Mesh, "vertices" | "faces">,
  topology: SphereTopology,
  options: RemeshOptions = {},
  callbacks: StageCallbacks = {},
): Promise<RemeshResult> {
  const { views, resolution, seed, alignIterations, schedule } = { ...REMESH_DEFAULTS, ...options };
  const { vertices, scaling } = normalizeClassMesh(mesh.vertices);
  const targets = renderTargets({ vertices, faces: mesh.faces }, randomRotations(views, seed), resolution);
  if (targets.unfilled > 0) {
    callbacks.onMessage?.(
      `The mesh covers the upper left pixel in ${targets.unfilled} of ${views} views; their holes were not filled.`,
    );
  }
  const fit = new SilhouetteFit(topology.faces, topology.vertices.length / 3, targets);
  const total = alignIterations + scheduleLength(schedule);
  const report = async (done: number, values: Record<string, number>) => {
    throwIfStopped(callbacks.signal, "Remeshing");
    if (done % REPORT_EVERY !== 0 && done !== total) return;
    callbacks.onProgress?.({ done, total, values });
    callbacks.onScalars?.(done, values);
    await new Promise((resolve) => setTimeout(resolve)); // lets signals through
  };
  const alignment = await alignSphere(
    topology.vertices,
    scaling,
    fit,
    alignIterations,
    (step, loss) => report(step, { loss }),
  );
  const state = await deformVertices(
    applyAlignment(topology.vertices, alignment),
    topology,
    fit,
    schedule,
    (step, losses) => report(alignIterations + step, losses),
  );
  const placed = placeVertices(state);
  return { vertices: normalizeResult(placed), iou: fit.overlap(placed) };
}

/** Rotations uniform over all directions, `[N, 4]`. */
function randomRotations(views: number, seed: number): Float64Array {
  const prng = new Prng(seed, "remeshing", "views");
  const rotations = new Float64Array(4 * views); // [N, 4]
  for (let view = 0; view < views; view++) rotations.set(normalizeQuaternion(prng.normals(4)), 4 * view);
  return rotations;
}

/** Centres all three axes and divides by the largest coordinate. */
function normalizeResult(vertices: Float64Array): Float32Array {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  vertices.forEach((value, i) => {
    low[i % 3] = Math.min(low[i % 3], value);
    high[i % 3] = Math.max(high[i % 3], value);
  });
  const centred = vertices.map((value, i) => value - (low[i % 3] + high[i % 3]) / 2);
  const largest = centred.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Float32Array.from(centred, (value) => value / largest);
}
