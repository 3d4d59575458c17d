/**
 * Second stage of remeshing: every vertex moves until the silhouettes agree, held back by smoothness.
 *
 * @module
 */
import { flatLoss } from "../mesh/flat_loss.ts";
import { laplacianLoss } from "../mesh/laplacian_loss.ts";
import { lengthLoss } from "../mesh/length_loss.ts";
import type { SphereTopology } from "../mesh/sphere_topology.ts";
import { symmetriseVertices } from "../mesh/symmetrise_vertices.ts";
import { MomentumDescent } from "./momentum_descent.ts";
import { type RemeshSchedule, scheduleSteps } from "./schedule.ts";
import type { SilhouetteFit } from "./silhouette_fit.ts";

/** Weights of the terms beside the silhouettes. */
const FLAT_WEIGHT = 1e-5, LENGTH_WEIGHT = 0.01;

/** State of the deformation: positions = scale · vertices + translation. */
export interface Deformation {
  /** Positions before scale and shift, `[V, 3]`. */
  readonly vertices: Float64Array;
  /** Shift, `[3]`; x stays 0. */
  readonly translation: Float64Array;
  /** Scale, `[1]`. */
  readonly scale: Float64Array;
}

/** Losses of one step, before it was taken. */
export interface DeformationLosses extends Record<string, number> {
  /** Mean squared error of the silhouettes. */
  reconstruction: number;
  /** Flatness, without its weight. */
  flat: number;
  /** Laplacian, without its weight. */
  laplacian: number;
  /** Length, without its weight. */
  length: number;
  /** Weighted sum. */
  total: number;
}

/**
 * Moves the vertices of the aligned sphere by momentum descent on per-vertex normalised gradients.
 *
 * @param start Aligned sphere, `[V, 3]`
 * @param topology The template sphere
 * @param fit Silhouette term
 * @param schedule Learning rates and their end
 * @param onStep Called after each step with its number from 1 and the losses before it
 * @returns Final state
 */
export async function deformVertices(
  start: Float64Array,
  topology: SphereTopology,
  fit: SilhouetteFit,
  schedule: RemeshSchedule,
  onStep?: (step: number, losses: DeformationLosses, state: Deformation) => void | Promise<void>,
): Promise<Deformation> {
  const state = { vertices: start.slice(), translation: new Float64Array(3), scale: Float64Array.of(1) };
  const moveVertices = new MomentumDescent(state.vertices, 3);
  const moveTranslation = new MomentumDescent(state.translation, 3);
  const moveScale = new MomentumDescent(state.scale, 1);
  for (const { step, rate, laplacianWeight, sigma } of scheduleSteps(schedule)) {
    fit.sigma = sigma;
    const gradient = new Float64Array(start.length); // of the vertices, [V, 3]
    const gradientPlaced = new Float64Array(start.length); // of the positions, [V, 3]
    const losses = evaluate(state, topology, fit, laplacianWeight, gradient, gradientPlaced);
    const gradientTranslation = new Float64Array(3), gradientScale = new Float64Array(1);
    gradientPlaced.forEach((value, i) => {
      gradient[i] += value * state.scale[0];
      gradientTranslation[i % 3] += value;
      gradientScale[0] += value * state.vertices[i];
    });
    moveVertices.step(gradient, rate);
    moveTranslation.step(gradientTranslation, rate);
    moveScale.step(gradientScale, rate);
    symmetriseVertices(state.vertices, topology, state.vertices);
    state.translation[0] = 0;
    await onStep?.(step, losses, state);
  }
  return state;
}

/** Positions of a state, `[V, 3]`. */
export function placeVertices({ vertices, translation, scale }: Deformation): Float64Array {
  return vertices.map((value, i) => value * scale[0] + translation[i % 3]);
}

/** All terms: flatness and length on the vertices, silhouettes and Laplacian on their scaled and shifted positions. */
function evaluate(
  state: Deformation,
  topology: SphereTopology,
  fit: SilhouetteFit,
  laplacianWeight: number,
  gradient: Float64Array,
  gradientPlaced: Float64Array,
): DeformationLosses {
  const placed = placeVertices(state); // [V, 3]
  const reconstruction = fit.loss(placed, "squared", gradientPlaced);
  const laplacian = laplacianLoss(placed, topology, { gradient: gradientPlaced, weight: laplacianWeight });
  const flat = flatLoss(state.vertices, topology, { gradient, weight: FLAT_WEIGHT });
  const length = lengthLoss(state.vertices, topology, { gradient, weight: LENGTH_WEIGHT });
  const total = reconstruction + FLAT_WEIGHT * flat + LENGTH_WEIGHT * length + laplacianWeight * laplacian;
  return { reconstruction, flat, laplacian, length, total };
}
