/**
 * Image-boundary penalty: a loss that keeps vertices inside the image.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/**
 * Mean over vertices and the two axes of relu(|coordinate| − 1)², with its gradient.
 *
 * @param screen Screen positions, `[V, 3]`
 * @param gradient Added to, `[V, 2]`
 * @returns Loss
 */
export function addImageBoundaryPenalty(screen: FloatArray, gradient: FloatArray): number {
  const vertices = screen.length / 3;
  let sum = 0;
  for (let v = 0; v < vertices; v++) {
    for (let axis = 0; axis < 2; axis++) {
      const value = screen[3 * v + axis], beyond = Math.abs(value) - 1;
      if (beyond <= 0) continue;
      sum += beyond * beyond;
      gradient[2 * v + axis] += Math.sign(value) * beyond / vertices;
    }
  }
  return sum / (2 * vertices);
}
