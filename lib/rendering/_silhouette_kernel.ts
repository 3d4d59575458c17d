/**
 * What the kernels of the soft silhouette have in common: their interface, and the placing of vertices.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import type { ContourEdges } from "./_contour_edges.ts";

/** What one silhouette is made of. */
export interface SilhouetteShape {
  /** Vertex indices, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Edges of the faces. */
  readonly edges: ContourEdges;
  /** Number of vertices, V. */
  readonly vertexCount: number;
  /** Rows and columns, S. */
  readonly size: number;
  /** Growth of the faces' boxes, pixels. */
  readonly margin: number;
  /** Faces that a pixel remembers. */
  readonly maxFaces: number;
}

/**
 * Passes over one silhouette after another. All positions inside are in pixels, y down: column j and row i have their
 * centre at (j, i).
 */
export interface SilhouetteKernel {
  /**
   * Renders.
   *
   * @param vertices Screen positions, `[V, 3]` at `offset`
   * @param offset Index of the first value
   * @param sharpness p = exp(-sharpness d²), d in pixels
   */
  forward(vertices: FloatArray, offset: number, sharpness: number): void;
  /**
   * Writes the silhouette.
   *
   * @param image Overwritten, `[S, S]`
   */
  image(image: Float32Array): void;
  /**
   * Compares with a target and sets the weights of the gradient: factor · (value − target) · transparency.
   *
   * @param target `[S, S]`
   * @param factor Of the weights
   * @returns Σ value · (value − 2 target)
   */
  compare(target: Float32Array, factor: number): number;
  /**
   * Sets the weights of the gradient: factor · gradient · transparency.
   *
   * @param gradientImage `[S, S]`
   * @param factor Of the weights
   */
  weigh(gradientImage: FloatArray, factor: number): void;
  /**
   * Sums up the gradient of the vertices from the weights.
   *
   * @param gradient Overwritten with dL/dx and dL/dy (y up), `[V, 2]`
   */
  scatter(gradient: Float32Array): void;
}

/** Pixels that an object can touch; the end lies before the start when there are none. */
export interface PixelBox {
  /** First column. */
  columnStart: number;
  /** Last column. */
  columnEnd: number;
  /** First row. */
  rowStart: number;
  /** Last row. */
  rowEnd: number;
}

/**
 * Turns screen positions into pixels and finds the object's box, grown by the margin and cut by the image.
 *
 * @param positions Overwritten with column and row, `[V, 2]`
 * @param box Overwritten
 */
export function placeVertices(
  { size, margin }: SilhouetteShape,
  vertices: FloatArray,
  offset: number,
  positions: Float64Array,
  box: PixelBox,
): void {
  const half = size / 2, centre = (size - 1) / 2, last = size - 1;
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
  for (let i = 0, o = offset; i < positions.length; i += 2, o += 3) {
    const x = half * vertices[o] + centre, y = centre - half * vertices[o + 1];
    positions[i] = x;
    positions[i + 1] = y;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  const empty =
    !(right + margin >= 0 && left - margin <= last && bottom + margin >= 0 && top - margin <= last);
  box.columnStart = empty ? 0 : Math.max(0, Math.ceil(left - margin));
  box.columnEnd = empty ? -1 : Math.min(last, Math.floor(right + margin));
  box.rowStart = empty ? 0 : Math.max(0, Math.ceil(top - margin));
  box.rowEnd = empty ? -1 : Math.min(last, Math.floor(bottom + margin));
}
