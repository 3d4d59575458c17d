/**
 * Large steps on vertices that keep a mesh smooth: B. Nicolet, A. Jacobson and W. Jakob, "Large Steps in Inverse
 * Rendering of Geometry" (2021).
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";

/** Squared residual at which a system counts as solved, as a share of that of its right side. */
const SOLVED = 1e-16;

/**
 * The matrix I + λ L of a mesh, L the Laplacian of its edges (the number of neighbours on the diagonal, −1 for each
 * neighbour). Parameters u = (I + λ L) x in place of vertices x make steps of descent smooth over about √λ edges, and
 * leave details to many steps.
 */
export class SmoothSteps {
  /** λ. */
  readonly smoothness: number;
  readonly #start: Int32Array; // [V + 1], into the list of neighbours
  readonly #neighbours: Int32Array;

  /**
   * Gathers the neighbours of each vertex.
   *
   * @param faces Vertex indices, `[F, 3]`
   * @param vertexCount V
   * @param smoothness λ, 0 or more; 10 to 50 for shapes that begin as a sphere
   * @throws {RangeError} If λ is negative or a face names no vertex
   */
  constructor(faces: Int32Array, vertexCount: number, smoothness: number) {
    if (!(smoothness >= 0)) {
      throw new RangeError(
        `Cannot smooth steps as smoothness must be 0 or more: current value is ${smoothness}`,
      );
    }
    const sets = Array.from({ length: vertexCount }, () => new Set<number>());
    faces.forEach((vertex, corner) => {
      const next = faces[corner % 3 === 2 ? corner - 2 : corner + 1];
      if (!(vertex in sets && next in sets)) {
        throw new RangeError(
          `Cannot smooth steps as faces must name the ${vertexCount} vertices: current value of face ${
            Math.floor(corner / 3)
          } is ${vertex}`,
        );
      }
      sets[vertex].add(next);
      sets[next].add(vertex);
    });
    this.smoothness = smoothness;
    this.#start = new Int32Array(vertexCount + 1);
    sets.forEach((set, v) => this.#start[v + 1] = this.#start[v] + set.size);
    this.#neighbours = Int32Array.from(sets.flatMap((set) => [...set]));
  }

  /**
   * The parameters u = (I + λ L) x.
   *
   * @param vertices Positions x, `[V, 3]`
   * @throws {TypeError} If there is another number of vertices
   */
  parametersOf(vertices: FloatArray): Float64Array {
    this.#check("find smooth parameters", vertices);
    const product = new Float64Array(vertices.length); // [V, 3]
    this.#multiply(vertices, product);
    return product;
  }

  /**
   * Solves (I + λ L) x = u, by conjugate gradients. The same makes the gradient of u of that of x.
   *
   * @param parameters u, `[V, 3]`
   * @returns Vertices x, `[V, 3]`
   * @throws {TypeError} If there is another number of vertices
   */
  verticesOf(parameters: FloatArray): Float64Array {
    this.#check("smooth vertices", parameters);
    const N = parameters.length, found = new Float64Array(N), residual = Float64Array.from(parameters);
    const direction = residual.slice(), product = new Float64Array(N);
    let square = dot(residual, residual);
    const enough = SOLVED * square;
    for (let round = 0; square > enough && round < N; round++) {
      this.#multiply(direction, product);
      const step = square / dot(direction, product);
      for (let i = 0; i < N; i++) {
        found[i] += step * direction[i];
        residual[i] -= step * product[i];
      }
      const next = dot(residual, residual);
      for (let i = 0; i < N; i++) direction[i] = residual[i] + next / square * direction[i];
      square = next;
    }
    return found;
  }

  /** Writes (I + λ L) x. */
  #multiply(x: FloatArray, product: Float64Array): void {
    const start = this.#start, neighbours = this.#neighbours, smoothness = this.smoothness;
    for (let v = 0; v + 1 < start.length; v++) {
      const degree = start[v + 1] - start[v];
      for (let axis = 0; axis < 3; axis++) {
        let sum = degree * x[3 * v + axis];
        for (let e = start[v]; e < start[v + 1]; e++) sum -= x[3 * neighbours[e] + axis];
        product[3 * v + axis] = x[3 * v + axis] + smoothness * sum;
      }
    }
  }

  #check(action: string, values: FloatArray): void {
    checkShapes(action, { vertices: [values, [this.#start.length - 1, 3]] });
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
