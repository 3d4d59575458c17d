/**
 * Drawing a posed shape over its photograph, the front in another colour.
 *
 * @module
 */
import type { FloatImage } from "../lib/core/arrays.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import type { PhotoCrop } from "../lib/photo/photo_crop.ts";
import { type Pose, projectVertices } from "../lib/rendering/cameras.ts";
import { renderImage } from "../lib/rendering/render_image.ts";

/** A shape in its pose. */
export interface PosedShape {
  /** Vertices in the object frame, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Pose in the crop. */
  readonly pose: Pose;
}

const ROWS = 32, FRONT_ROWS = 9;
const BODY = [0.42, 0.66, 1], FRONT = [1, 0.62, 0.2];
/** Share of the shape's colour over the photograph. */
const COVER = 0.62;

/** Texture whose front, v near 0, has a colour of its own. */
const PAINT: FloatImage = {
  data: Float32Array.from({ length: ROWS * ROWS * 3 }, (_, k) => {
    return (Math.floor(k / 3 / ROWS) >= ROWS - FRONT_ROWS ? FRONT : BODY)[k % 3];
  }),
  ...{ height: ROWS, width: ROWS, channels: 3 },
};

/**
 * The square around an object as a canvas, transparent where the photograph is, and outside of it.
 *
 * @param photo The square
 * @param image The photograph that it was cut out of
 */
export function photoCanvas(
  { image: { width, height }, crop: { x, y, size } }: PhotoCrop,
  image: ImageBitmap,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d");
  if (context === null) return canvas;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, x, y, size, size, 0, 0, width, height);
  return canvas;
}

/** The square around an object with the colours that it holds, as a canvas. */
export function cropCanvas({ image: { data, width, height } }: PhotoCrop): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height), pixels = new ImageData(width, height);
  for (let p = 0; p < width * height; p++) {
    pixels.data.set([data[3 * p], data[3 * p + 1], data[3 * p + 2], 255], 4 * p);
  }
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas;
}

/** An image with alpha as a canvas. */
export function imageCanvas({ data, width, height }: FloatImage, opacity = 1): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height), pixels = new ImageData(width, height);
  for (let k = 0; k < data.length; k++) pixels.data[k] = 255 * data[k] * (k % 4 === 3 ? opacity : 1);
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas;
}

/**
 * Draws a photograph and a shape over it.
 *
 * @param canvas Square canvas that is filled
 * @param photo The photograph
 * @param shape The shape; null draws the photograph alone
 * @param size Side at which the shape is drawn, pixels
 */
export function drawPosed(
  canvas: HTMLCanvasElement,
  photo: OffscreenCanvas,
  shape: PosedShape | null,
  size: number,
): void {
  const context = canvas.getContext("2d"), { width, height } = canvas;
  if (context === null) return;
  context.imageSmoothingQuality = "high";
  context.clearRect(0, 0, width, height);
  context.drawImage(photo, 0, 0, width, height);
  if (shape === null) return;
  const vertices = Float32Array.from(projectVertices(shape.vertices, shape.pose));
  const drawn = renderImage({ ...sphereTopology(), vertices }, PAINT, {
    size,
    supersample: 1,
    light: 0.75,
  });
  context.drawImage(imageCanvas(drawn, COVER), 0, 0, width, height);
}
