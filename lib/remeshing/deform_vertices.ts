/**
 * Second stage of remeshing: every vertex moves until the silhouettes agree, held back by smoothness.
 *
 * @module
 */
import { normalConsistencyLoss } from "../mesh/normal_consistency_loss.ts";
import { laplacianLoss } from "../mesh/laplacian_loss.ts";
import { edgeLengthLoss } from "../mesh/edge_length_loss.ts";
import type { SphereTopology } from "../mesh/sphere_topology.ts";
import { symmetriseVertices } from "../mesh/symmetrise_vertices.ts";
import type { ClassFit } from "./class_fit.ts";
import type { Deformation } from "./deformation.ts";
import type { PairTerm } from "./pair_placement.ts";
import { type RemeshSchedule, scheduleSteps } from "./schedule.ts";

/** Weights of the terms beside the silhouettes. */
const NORMAL_CONSISTENCY_WEIGHT = 1e-5, EDGE_LENGTH_WEIGHT = 0.01;

/** Losses of one step, before it was taken. */
export interface DeformationLosses extends Record<string, number> {
  /** Mean squared error of the silhouettes. */
  reconstruction: number;
  /** Normal consistency loss, without its weight. */
  normalConsistency: number;
  /** Laplacian loss, without its weight. */
  laplacian: number;
  /** Edge length loss, without its weight. */
  edgeLength: number;
  /** Distance of the templates from each other, without its weight. */
  distance: number;
  /** Weighted sum. */
  total: number;
}

/**
 * Moves the vertices by momentum descent on per-vertex normalised gradients.
 *
 * @param state Where it starts, changed in place; steps that it has behind it are left out
 * @param topology The template sphere
 * @param fit Silhouette term of the templates
 * @param options `schedule`: learning rates and their end; `symmetric`: whether each template stays its own mirror
 *   image; `pairTerm`: distance term
 * @param onStep Called after each step with its number from 1 and the losses before it
 * @returns The state
 */
export async function deformVertices(
  state: Deformation,
  topology: SphereTopology,
  fit: ClassFit,
  { schedule, symmetric = true, pairTerm = { weight: 0, free: false } }: {
    readonly schedule: RemeshSchedule;
    readonly symmetric?: boolean;
    readonly pairTerm?: PairTerm;
  },
  onStep?: (step: number, losses: DeformationLosses, state: Deformation) => void | Promise<void>,
): Promise<Deformation> {
  const size = topology.vertices.length;
  for (const { step, rate, laplacianWeight, sigma } of scheduleSteps(schedule)) {
    if (step <= state.stepsDone) continue;
    fit.sigma = sigma;
    const gradient = new Float64Array(state.vertices.length); // of the vertices, [T, V, 3]
    const gradientPlaced = new Float64Array(state.vertices.length); // of the positions, [T, V, 3]
    const placed = state.place(); // [T, V, 3]
    const reconstruction = await fit.loss(placed, "squared", gradientPlaced);
    const smooth = smoothness(state, placed, topology, laplacianWeight, gradient, gradientPlaced);
    const distance = state.placement.evaluate(placed, gradientPlaced);
    state.step(gradient, gradientPlaced, rate);
    if (symmetric) {
      for (let t = 0; t < state.count; t++) {
        const own = state.vertices.subarray(t * size, (t + 1) * size);
        symmetriseVertices(own, topology, own);
      }
    }
    const total = reconstruction + NORMAL_CONSISTENCY_WEIGHT * smooth.normalConsistency +
      EDGE_LENGTH_WEIGHT * smooth.edgeLength +
      laplacianWeight * smooth.laplacian + pairTerm.weight * distance;
    await onStep?.(step, { reconstruction, ...smooth, distance, total }, state);
  }
  return state;
}

/** Normal consistency and edge length losses of the vertices and Laplacian loss of the positions, each a mean over the templates. */
function smoothness(
  state: Deformation,
  placed: Float64Array,
  topology: SphereTopology,
  laplacianWeight: number,
  gradient: Float64Array,
  gradientPlaced: Float64Array,
): { normalConsistency: number; laplacian: number; edgeLength: number } {
  const { count } = state, size = placed.length / count;
  let normalConsistency = 0, laplacian = 0, edgeLength = 0;
  for (let t = 0; t < count; t++) {
    const part = (values: Float64Array) => values.subarray(t * size, (t + 1) * size);
    const own = part(state.vertices), ownGradient = part(gradient);
    laplacian += laplacianLoss(part(placed), topology, {
      gradient: part(gradientPlaced),
      weight: laplacianWeight / count,
    });
    normalConsistency += normalConsistencyLoss(own, topology, {
      gradient: ownGradient,
      weight: NORMAL_CONSISTENCY_WEIGHT / count,
    });
    edgeLength += edgeLengthLoss(own, topology, {
      gradient: ownGradient,
      weight: EDGE_LENGTH_WEIGHT / count,
    });
  }
  return {
    normalConsistency: normalConsistency / count,
    laplacian: laplacian / count,
    edgeLength: edgeLength / count,
  };
}
