/**
 * What a segmentation model finds in an image.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import type { Box } from "../crop.ts";

/** An object or part in an image. */
export interface Instance {
  /** Name of its class. */
  readonly className: string;
  /** How sure the model is, 0 to 1. */
  readonly score: number;
  /** Box in continuous pixel coordinates. */
  readonly box: Box;
  /** 0 or 1, `[H, W]`. */
  readonly mask: Uint8Array;
}

/** Whether an object is of a class, in capitals or not. */
export function isClass({ className }: Pick<Instance, "className">, wanted: string): boolean {
  return className.trim().toLowerCase() === wanted.toLowerCase();
}

/** How an image was brought to a model's input: input = image · scale + offset, for columns and rows. */
export interface Placement {
  /** Factor of columns and rows. */
  readonly scale: readonly [x: number, y: number];
  /** First column and row of the image in the input. */
  readonly offset: readonly [x: number, y: number];
  /** Rows of the image. */
  readonly height: number;
  /** Columns of the image. */
  readonly width: number;
}

/** A box of the input in the image's coordinates, cut at its border. */
export function boxInImage(box: ArrayLike<number>, { scale, offset, height, width }: Placement): Box {
  const x = (value: number) => Math.min(Math.max((value - offset[0]) / scale[0], 0), width);
  const y = (value: number) => Math.min(Math.max((value - offset[1]) / scale[1], 0), height);
  return [x(box[0]), y(box[1]), x(box[2]), y(box[3])];
}

/**
 * Mask of the pixels in a box where a map is above a threshold.
 *
 * @param box Box in the image
 * @param placement Size of the image
 * @param map Values, `[h, w]`
 * @param height Rows of the map
 * @param width Columns of the map
 * @param threshold Least value of the object
 * @param place Where the centre of a pixel lies in the map, in its continuous coordinates
 * @returns 0 or 1, `[H, W]`
 */
export function maskOfMap(
  box: Box,
  placement: Placement,
  map: ArrayLike<number>,
  height: number,
  width: number,
  threshold: number,
  place: (x: number, y: number) => readonly [x: number, y: number],
): Uint8Array {
  const mask = new Uint8Array(placement.height * placement.width); // [H, W]
  const [x1, y1, x2, y2] = [Math.floor(box[0]), Math.floor(box[1]), Math.ceil(box[2]), Math.ceil(box[3])];
  for (let i = Math.max(0, y1); i < Math.min(placement.height, y2); i++) {
    for (let j = Math.max(0, x1); j < Math.min(placement.width, x2); j++) {
      const [x, y] = place(j + 0.5, i + 0.5);
      if (sampleMap(map, height, width, x - 0.5, y - 0.5) > threshold) mask[i * placement.width + j] = 1;
    }
  }
  return mask;
}

/** Bilinear value of a map, its edges repeated. */
function sampleMap(map: ArrayLike<number>, height: number, width: number, x: number, y: number): number {
  const column = Math.min(Math.max(x, 0), width - 1), row = Math.min(Math.max(y, 0), height - 1);
  const left = Math.floor(column), top = Math.floor(row);
  const right = Math.min(left + 1, width - 1), bottom = Math.min(top + 1, height - 1);
  const fx = column - left, fy = row - top;
  const upper = map[top * width + left] * (1 - fx) + map[top * width + right] * fx;
  const lower = map[bottom * width + left] * (1 - fx) + map[bottom * width + right] * fx;
  return upper * (1 - fy) + lower * fy;
}

/**
 * Finds objects of all classes in an image, one among others that it is told apart from by name; null if it knows nothing
 * of this image.
 */
export type FindObjects = (
  path: string,
  image: ByteImage,
  threshold: number,
  among?: readonly string[],
) => Promise<Instance[] | null>;
