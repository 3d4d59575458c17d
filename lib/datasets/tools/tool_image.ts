/**
 * What annotation tools say of one image, whichever tool it is.
 *
 * @module
 */
import type { MaskSource } from "../photo_source.ts";

/** One shape that was drawn in an image. */
export interface ToolShape {
  /** Name of its class. */
  readonly label: string;
  /** Shapes of one group are one object; null if it stands alone. */
  readonly group: string | null;
  /** Its mask; null if its kind has none, such as boxes and points. */
  readonly mask: Extract<MaskSource, { kind: "polygons" | "runs" }> | null;
  /** Kind of the shape, as the tool calls it. */
  readonly kind: string;
}

/** An image and its shapes. */
export interface ToolImage {
  /** Name of the image as the tool has it. */
  readonly name: string;
  /** Rows and columns that the tool states; null if it does not. */
  readonly size: readonly [height: number, width: number] | null;
  /** Shapes. */
  readonly shapes: readonly ToolShape[];
  /** What is wrong with what the tool says of it, in words; that is left out. */
  readonly problems?: readonly string[];
}

/** Corners of an ellipse. */
const ELLIPSE_CORNERS = 90;

/** Polygon of an ellipse, turned by an angle about its centre. */
export function ellipsePolygon(
  [x, y]: readonly [number, number],
  [radiusX, radiusY]: readonly [number, number],
  angleRadians = 0,
): number[] {
  const [c, s] = [Math.cos(angleRadians), Math.sin(angleRadians)];
  return Array.from({ length: ELLIPSE_CORNERS }, (_, k) => {
    const angle = 2 * Math.PI * k / ELLIPSE_CORNERS;
    const [u, v] = [radiusX * Math.cos(angle), radiusY * Math.sin(angle)];
    return [x + c * u - s * v, y + s * u + c * v];
  }).flat();
}
