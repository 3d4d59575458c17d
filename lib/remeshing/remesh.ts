/**
 * Remeshing: class meshes of any topology to the sphere topology, by silhouettes alone.
 *
 * @module
 */
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { SphereTopology } from "../mesh/sphere_topology.ts";
import { shrinkWrap } from "../templates/shrink_wrap.ts";
import { alignSphere, applyAlignment } from "./align_sphere.ts";
import { type ClassFit, createClassFit } from "./class_fit.ts";
import {
  type ClassMesh,
  fromFrame,
  normalizeClass,
  type NormalizedClass,
  normalizeJointly,
  toFrame,
  viewRotations,
} from "./class_targets.ts";
import { deformVertices } from "./deform_vertices.ts";
import { Deformation } from "./deformation.ts";
import { type FitFigures, measureFit } from "./measure_fit.ts";
import { type PairTerm, pairTermOf } from "./pair_placement.ts";
import { FULL_SCHEDULE, HULL_SCHEDULE, type RemeshSchedule, scheduleLength } from "./schedule.ts";
import { renderTargets, type SilhouetteTargets } from "./silhouette_targets.ts";
import { visualHull } from "./visual_hull.ts";

/** Options of {@link remeshClass}. */
export interface RemeshOptions {
  /** Number of views of each mesh, drawn uniformly over all rotations. */
  views?: number;
  /** Rows and columns of the silhouettes. */
  resolution?: number;
  /** Seed of the views. */
  seed?: number;
  /** Where it starts: an ellipsoid that is fitted first, the wrapped visual hull, or given positions `[V, 3]`. */
  start?: "ellipsoid" | "hull" | readonly Float64Array[];
  /** Steps of the first stage, which fits the ellipsoid. */
  alignIterations?: number;
  /** Learning rates of the second stage, which moves the vertices. */
  schedule?: RemeshSchedule;
  /** What soft silhouettes are compared with: plain masks, which open gaps better, or masks with such a border. */
  maskTarget?: "soft" | "plain";
  /** Whether each template is its own mirror image. */
  symmetric?: boolean;
  /** Whether all meshes of the class share one centre: the animals. */
  aligned?: boolean;
  /** The original's rule of the shared box. */
  legacy?: boolean;
  /** Distance term; null is the original's. */
  pairTerm?: PairTerm | null;
  /** Worker threads over the views, 0 for none. Does not change the result. */
  workers?: number;
}

/** Defaults of {@link RemeshOptions}: a schedule of our own. */
export const REMESH_DEFAULTS = {
  views: 64,
  resolution: 160,
  seed: 1,
  start: "hull",
  alignIterations: 1000,
  schedule: HULL_SCHEDULE,
  maskTarget: "plain",
  symmetric: true,
  aligned: false,
  legacy: false,
  pairTerm: null,
  workers: 0,
} as const satisfies Required<RemeshOptions>;

/** The original's start, resolution and schedule. */
export const ORIGINAL_REMESH = {
  resolution: 256,
  start: "ellipsoid",
  schedule: FULL_SCHEDULE,
} as const satisfies RemeshOptions;

/** Keeps the state of the second stage between two calls. */
export interface RemeshCheckpoint {
  /** Puts a saved state into `state`; false if there is none. */
  load(state: Deformation): Promise<boolean>;
  /** Saves a state. */
  save(state: Deformation): Promise<void>;
}

/** Remeshed meshes of one class. */
export interface RemeshResult {
  /** Positions on the sphere topology, one box for all: centred, longest half extent 1, `[T][V, 3]`. */
  readonly templates: readonly Float32Array[];
  /** Positions in the frames of the meshes that were given, `[T][V, 3]`. */
  readonly inMeshFrames: readonly Float64Array[];
  /** Figures of each template. */
  readonly figures: readonly FitFigures[];
}

/** Steps between two reports, and between two checkpoints. */
const REPORT_EVERY = 20, SAVE_EVERY = 500;

/**
 * Deforms the template sphere until its silhouettes are those of a mesh, for each mesh of a class.
 *
 * @param meshes Closed or open, of any topology; z up, front at −y, mirror plane x = 0
 * @param topology The template sphere
 * @param options Views, start and schedule
 * @param callbacks Progress by step, losses now and then
 * @param checkpoint Where the state is kept
 * @returns Templates and how well they fit
 * @throws {RangeError} If a mesh has no extent
 * @throws {StoppedError} If the signal was aborted; the state is saved
 */
export async function remeshClass(
  meshes: readonly ClassMesh[],
  topology: SphereTopology,
  options: RemeshOptions = {},
  callbacks: StageCallbacks = {},
  checkpoint?: RemeshCheckpoint,
): Promise<RemeshResult> {
  const all = { ...REMESH_DEFAULTS, ...options };
  const { views, resolution, seed, schedule, symmetric, aligned, legacy, workers } = all;
  const count = meshes.length;
  const normalised = normalizeClass(meshes.map(({ vertices }) => vertices), { aligned, legacy });
  const own = meshes.map(({ faces }, t): ClassMesh => ({ vertices: normalised.vertices[t], faces }));
  const targets = own.map((mesh, t) => ({
    ...renderTargets(mesh, viewRotations(views, seed, t), resolution),
    isSoft: all.maskTarget === "soft",
  }));
  warnOfUnfilled(targets, callbacks);
  const pairTerm = all.pairTerm ?? pairTermOf(count, aligned);
  using fit = await createClassFit(topology.faces, topology.vertices.length / 3, targets, workers);
  const alignSteps = all.start === "ellipsoid" ? all.alignIterations : 0;
  const report = reporter(alignSteps + scheduleLength(schedule), callbacks);
  const state = await startState(
    normalised,
    targets,
    topology,
    fit,
    { ...all, pairTerm },
    checkpoint,
    report,
  );
  try {
    await deformVertices(state, topology, fit, { schedule, symmetric, pairTerm }, async (step, losses) => {
      if (step % SAVE_EVERY === 0) await checkpoint?.save(state);
      await report(alignSteps + step, losses);
    });
  } catch (error) {
    await checkpoint?.save(state);
    throw error;
  }
  const size = topology.vertices.length, placed = state.place();
  const fitted = own.map((_, t) => placed.slice(t * size, (t + 1) * size));
  return {
    templates: normalizeJointly(state.finish()),
    inMeshFrames: fitted.map((vertices, t) => fromFrame(vertices, normalised.frames[t])),
    figures: own.map((mesh, t) => measureFit(mesh, fitted[t], topology)),
  };
}

async function startState(
  { vertices, scaling, frames }: NormalizedClass,
  targets: readonly SilhouetteTargets[],
  topology: SphereTopology,
  fit: ClassFit,
  { start, alignIterations, symmetric, pairTerm }: Required<RemeshOptions> & { pairTerm: PairTerm },
  checkpoint: RemeshCheckpoint | undefined,
  report: Reporter,
): Promise<Deformation> {
  const size = topology.vertices.length;
  const blank = new Deformation(new Float64Array(vertices.length * size), vertices.length, pairTerm);
  if (await checkpoint?.load(blank)) return blank;
  if (start === "ellipsoid") {
    const alignment = await alignSphere(
      topology.vertices,
      scaling,
      fit,
      { iterations: alignIterations, pairTerm },
      (step, loss) => report(step, { loss }),
    );
    const ellipsoids = applyAlignment(topology.vertices, alignment);
    return new Deformation(ellipsoids, vertices.length, pairTerm, alignment.placement);
  }
  targets.forEach((target, t) => {
    const positions = start === "hull"
      ? shrinkWrap(visualHull(target, { symmetric }), topology, { symmetric })
      : toFrame(start[t], frames[t]);
    blank.vertices.set(positions, t * size);
  });
  return blank;
}

type Reporter = (done: number, values: Record<string, number>) => Promise<void>;

function reporter(total: number, callbacks: StageCallbacks): Reporter {
  return async (done, values) => {
    if (done % REPORT_EVERY !== 0 && done !== total) return;
    callbacks.onProgress?.({ done, total, values });
    callbacks.onScalars?.(done, values);
    await new Promise((resolve) => setTimeout(resolve)); // lets signals through
    throwIfStopped(callbacks.signal, "Remeshing");
  };
}

function warnOfUnfilled(targets: readonly SilhouetteTargets[], callbacks: StageCallbacks): void {
  targets.forEach(({ unfilled, rotations }, t) => {
    if (unfilled === 0) return;
    callbacks.onMessage?.(
      `Mesh ${t + 1} covers the upper left pixel in ${unfilled} of ${
        rotations.length / 4
      } views; their holes were ` +
        `not filled.`,
    );
  });
}
