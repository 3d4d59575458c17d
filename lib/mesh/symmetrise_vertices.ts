/**
 * The nearest mirror-symmetric shape.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { SphereTopology } from "./sphere_topology.ts";

/** The two sides and the plane between them. */
export type SymmetrySides = Pick<SphereTopology, "negativeIndices" | "positiveIndices" | "zeroIndices">;

/**
 * Averages each vertex of the side x > 0 with the mirror image of its partner, mirrors a mean that crossed the plane
 * back, writes both sides, and puts the vertices of the mirror plane on it.
 *
 * @param vertices Positions, `[V, 3]`
 * @param topology The sides
 * @param out Where to write, `[V, 3]`, which may be `vertices`; made if left out
 * @returns `out`
 */
export function symmetriseVertices(
  vertices: FloatArray,
  topology: SymmetrySides,
  out: FloatArray = zerosLike(vertices),
): FloatArray {
  checkShapes("symmetrise vertices", { vertices: [vertices, ["V", 3]], out: [out, ["V", 3]] });
  const { negativeIndices, positiveIndices, zeroIndices } = topology;
  if (out !== vertices) out.set(vertices);
  for (let i = 0; i < negativeIndices.length; i++) {
    const [negative, positive] = [3 * negativeIndices[i], 3 * positiveIndices[i]];
    const x = Math.abs((vertices[positive] - vertices[negative]) / 2);
    out[positive] = x;
    out[negative] = -x;
    for (let axis = 1; axis < 3; axis++) {
      out[positive + axis] = out[negative + axis] = (vertices[positive + axis] + vertices[negative + axis]) /
        2;
    }
  }
  for (const vertex of zeroIndices) out[3 * vertex] = 0;
  return out;
}

/**
 * The gradient of `symmetriseVertices`.
 *
 * @param vertices Positions before, `[V, 3]`
 * @param topology The sides
 * @param gradientOut Gradient with respect to the result, `[V, 3]`
 * @param gradientVertices Where the gradient is added, `[V, 3]`; made of zeros if left out
 * @returns `gradientVertices`
 */
export function symmetriseVerticesBackward(
  vertices: FloatArray,
  topology: SymmetrySides,
  gradientOut: FloatArray,
  gradientVertices: FloatArray = zerosLike(vertices),
): FloatArray {
  checkShapes("differentiate symmetrised vertices", {
    vertices: [vertices, ["V", 3]],
    gradientOut: [gradientOut, ["V", 3]],
    gradientVertices: [gradientVertices, ["V", 3]],
  });
  const { negativeIndices, positiveIndices, zeroIndices } = topology;
  for (let i = 0; i < negativeIndices.length; i++) {
    const [negative, positive] = [3 * negativeIndices[i], 3 * positiveIndices[i]];
    const sign = Math.sign(vertices[positive] - vertices[negative]);
    const x = sign * (gradientOut[positive] - gradientOut[negative]) / 2;
    gradientVertices[positive] += x;
    gradientVertices[negative] -= x;
    for (let axis = 1; axis < 3; axis++) {
      const mean = (gradientOut[positive + axis] + gradientOut[negative + axis]) / 2;
      gradientVertices[positive + axis] += mean;
      gradientVertices[negative + axis] += mean;
    }
  }
  for (const vertex of zeroIndices) {
    for (let axis = 1; axis < 3; axis++) {
      gradientVertices[3 * vertex + axis] += gradientOut[3 * vertex + axis];
    }
  }
  return gradientVertices;
}
