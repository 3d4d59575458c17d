/**
 * The displacement map of a given shape.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { choleskyFactor, solveCholesky } from "../core/cholesky.ts";
import { checkShapes } from "../core/shapes.ts";
import { displaceVertices } from "../mesh/displace_vertices.ts";
import { type DisplacementSampling, displacementSampling } from "../mesh/displacement_sampling.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";

/** A map, and how well it shows the shape that it was fitted to. */
export interface FittedMap {
  /** Displacement along (normal, tangent, bitangent), `[32, 32, 3]`. */
  readonly displacementMap: Float32Array;
  /** Mean distance of a displaced vertex from that of the shape, in the shape's unit. */
  readonly residual: number;
}

/** Rows and columns of the map. */
const SIDE = 32;
/**
 * Weight of the second differences along a row beside the distances. Vertices read the mean of two columns, so that a change of
 * sign from column to column is hardly seen; this keeps it away.
 */
const SMOOTHNESS = 3e-4;
/** Weight of the differences between rows, for a pole whose direction no vertex reads. */
const TIE = 1e-6;

/**
 * Fits maps to shapes, by least squares: vertices are linear in the map, and the system is the same for all shapes. The three
 * channels are fitted one by one, as the directions of a vertex are at right angles.
 */
export class DisplacementFitter {
  readonly #symmetric: boolean;
  readonly #sampling: DisplacementSampling;
  /** Number of each texel's unknown, `[32, 32]`. */
  readonly #unknowns: Int32Array;
  /** Factor of each channel's system. */
  readonly #factors: readonly Float64Array[];
  readonly #count: number;

  /**
   * Prepares the systems.
   *
   * @param symmetric Whether maps are even reflections, and the side x < 0 mirrors the side x > 0
   */
  constructor(symmetric: boolean) {
    this.#symmetric = symmetric;
    this.#sampling = displacementSampling(sphereTopology(), SIDE, SIDE, symmetric);
    this.#unknowns = unknownsOf(symmetric);
    this.#count = Math.max(...this.#unknowns) + 1;
    this.#factors = [0, 1, 2].map((channel) => choleskyFactor(this.#matrixOf(channel), this.#count));
  }

  /**
   * Fits a map to a shape. It has one value in each pole's row, and is its own mirror image if the fitter is symmetric.
   *
   * @param vertices Shape, `[V, 3]`
   * @throws {TypeError} If there are not as many vertices as the sphere has
   */
  fit(vertices: FloatArray): FittedMap {
    const sphere = sphereTopology(), { texels, weights, frames } = this.#sampling;
    checkShapes("fit a displacement map", { vertices: [vertices, [sphere.vertices.length / 3, 3]] });
    const displacementMap = new Float32Array(SIDE * SIDE * 3); // [32, 32, 3]
    for (let channel = 0; channel < 3; channel++) {
      const right = new Float64Array(this.#count);
      for (let i = 0; i < vertices.length / 3; i++) {
        let along = 0;
        for (let k = 0; k < 3; k++) {
          along += frames[9 * i + 3 * channel + k] * (vertices[3 * i + k] - sphere.vertices[3 * i + k]);
        }
        for (let corner = 4 * i; corner < 4 * i + 4; corner++) {
          right[this.#unknowns[texels[corner]]] += weights[corner] * along;
        }
      }
      const solution = solveCholesky(this.#factors[channel], right);
      this.#unknowns.forEach((unknown, texel) => displacementMap[3 * texel + channel] = solution[unknown]);
    }
    const found = displaceVertices(sphere, displacementMap, SIDE, SIDE, { symmetric: this.#symmetric });
    return { displacementMap, residual: meanDistance(found, vertices) };
  }

  /** Normal equations of a channel, `[N, N]`. */
  #matrixOf(channel: number): Float64Array {
    const { texels, weights, frames } = this.#sampling, N = this.#count, unknowns = this.#unknowns;
    const matrix = new Float64Array(N * N);
    const add = (places: readonly number[], values: readonly number[], weight: number) => {
      for (const [a, place] of places.entries()) {
        for (const [b, other] of places.entries()) {
          matrix[unknowns[place] * N + unknowns[other]] += weight * values[a] * values[b];
        }
      }
    };
    for (let i = 0; i < weights.length / 4; i++) {
      const direction = 9 * i + 3 * channel;
      if (Math.hypot(...frames.subarray(direction, direction + 3)) < 0.5) continue; // across the mirror plane: no shift
      add(Array.from(texels.subarray(4 * i, 4 * i + 4)), Array.from(weights.subarray(4 * i, 4 * i + 4)), 1);
    }
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        const around = [column + SIDE - 1, column, column + 1].map((j) => row * SIDE + j % SIDE);
        add(around, [1, -2, 1], SMOOTHNESS);
        if (row > 0) add([(row - 1) * SIDE + column, row * SIDE + column], [1, -1], TIE);
      }
    }
    return matrix;
  }
}

/** One unknown for each pole's row; elsewhere one for each texel, or for each pair of mirror images. */
function unknownsOf(symmetric: boolean): Int32Array {
  const unknowns = new Int32Array(SIDE * SIDE); // [32, 32]
  let count = 0;
  for (let row = 0; row < SIDE; row++) {
    const isPole = row === 0 || row === SIDE - 1;
    for (let column = 0; column < SIDE; column++) {
      const texel = row * SIDE + column, mirror = (SIDE / 2 - 1 - column + SIDE) % SIDE;
      if (isPole && column > 0) unknowns[texel] = unknowns[texel - 1];
      else if (symmetric && mirror < column) unknowns[texel] = unknowns[row * SIDE + mirror];
      else unknowns[texel] = count++;
    }
  }
  return unknowns;
}

function meanDistance(a: FloatArray, b: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 3) {
    sum += Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1], a[i + 2] - b[i + 2]);
  }
  return sum / (a.length / 3);
}
