/**
 * A mark that tells where the front of a posed template is, which its contour often does not.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";

/** A place in an image: column and row, in pixels. */
export type ImagePoint = readonly [number, number];

const COLOUR = [0.05, 0.35, 0.95] as const, HALO = [1, 1, 1] as const;
/** Radius of the dot, half of the line's thickness, and width of the halo, as multiples of the contour's thickness. */
const DOT = 5, LINE = 1.25, HALO_WIDTH = 1.25;

/**
 * Draws a line from the middle of a template to its front (−y), with a dot at the front.
 *
 * @param image Image in [0, 1], `[H, W, 3]`; drawn into
 * @param vertices Template in the object frame, `[V, 3]`
 * @param pose Pose of the template
 * @param thickness Thickness of the contour beside it, in pixels
 */
export function drawFrontMark(
  image: FloatImage,
  vertices: FloatArray,
  pose: Pose,
  thickness: number,
): void {
  const { height, width } = image;
  let front = 0;
  for (let i = 1; i < vertices.length; i += 3) front = Math.min(front, vertices[i]);
  const [x0, y0, , x1, y1] = projectVertices(Float64Array.of(0, 0, 0, 0, front, 0), pose);
  const place = (x: number, y: number): ImagePoint => [(1 + x) / 2 * width, (1 - y) / 2 * height];
  drawPin(image, place(x0, y0), place(x1, y1), thickness);
}

/** A line that ends in a dot, with a halo so that it is seen on any background. */
function drawPin(
  { data, height, width }: FloatImage,
  from: ImagePoint,
  to: ImagePoint,
  thickness: number,
): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const here = [column + 0.5, row + 0.5] as const;
      const outside = Math.min(
        Math.hypot(here[0] - to[0], here[1] - to[1]) - DOT * thickness,
        distanceToLine(here, from, to) - LINE * thickness,
      );
      if (outside < HALO_WIDTH * thickness) {
        data.set(outside < 0 ? COLOUR : HALO, 3 * (row * width + column));
      }
    }
  }
}

function distanceToLine([x, y]: ImagePoint, [ax, ay]: ImagePoint, [bx, by]: ImagePoint): number {
  const dx = bx - ax, dy = by - ay;
  const share = ((x - ax) * dx + (y - ay) * dy) / Math.max(dx * dx + dy * dy, 1e-9);
  const near = Math.min(1, Math.max(0, share));
  return Math.hypot(x - ax - near * dx, y - ay - near * dy);
}
