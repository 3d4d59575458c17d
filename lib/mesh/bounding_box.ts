/**
 * Boxes around vertices.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";

/** Smallest box that holds positions `[V, 3]`. */
export function boundingBox(vertices: FloatArray): BoundingBox {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i++) {
    low[i % 3] = Math.min(low[i % 3], vertices[i]);
    high[i % 3] = Math.max(high[i % 3], vertices[i]);
  }
  return { low, high };
}

/** Low and high corner. */
export interface BoundingBox {
  /** Smallest coordinates, `[3]`. */
  readonly low: number[];
  /** Largest coordinates, `[3]`. */
  readonly high: number[];
}
