/**
 * What a report draws over pictures: the outline of a posed mesh.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { Sample } from "../datasets/dataset.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";

/** Colour of outlines, RGB in [0, 1]. */
export const OUTLINE_COLOUR = [0.93, 0.2, 0.15] as const;

/** A sample's picture on mid grey, `[r, r, 3]` in [0, 1]. */
export function samplePicture(sample: Sample): FloatImage {
  const { data, height, width, channels } = sample.image;
  return { data: Float32Array.from(data, (value) => value / 2 + 0.5), height, width, channels };
}

/**
 * Draws the border of a silhouette over a picture.
 *
 * @param picture Picture in [0, 1], `[H, W, 3]`
 * @param silhouette Values in [0, 1], inside above ½, `[H, W]`
 * @returns A new picture
 */
export function drawOutline(
  picture: FloatImage,
  silhouette: FloatArray,
  colour: readonly [number, number, number] = OUTLINE_COLOUR,
): FloatImage {
  const { height, width } = picture;
  checkShapes("draw an outline", { silhouette: [silhouette, [height, width]] });
  const inside = (row: number, column: number) =>
    row >= 0 && row < height && column >= 0 && column < width && silhouette[row * width + column] > 0.5;
  const data = Float32Array.from(picture.data);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!inside(row, column)) continue;
      const edge = !inside(row - 1, column) || !inside(row + 1, column) || !inside(row, column - 1) ||
        !inside(row, column + 1);
      if (edge) data.set(colour, (row * width + column) * 3);
    }
  }
  return { ...picture, data };
}

/** A sample's picture with the outline of a mesh at a pose. */
export function poseOverlay(sample: Sample, vertices: FloatArray, faces: Int32Array, pose: Pose): FloatImage {
  const silhouette = new SoftSilhouette(faces, vertices.length / 3, sample.image.width);
  silhouette.forward(projectVertices(vertices, pose));
  return drawOutline(samplePicture(sample), silhouette.image());
}
