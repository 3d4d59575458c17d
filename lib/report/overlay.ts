/**
 * What a report draws over pictures: the outline of a posed mesh.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { Sample } from "../datasets/dataset.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";

/** A sample's picture on mid grey, `[r, r, 3]` in [0, 1]. */
export function samplePicture(sample: Sample): FloatImage {
  const { data, height, width, channels } = sample.image;
  return { data: Float32Array.from(data, (value) => value / 2 + 0.5), height, width, channels };
}

/** How an outline is drawn. */
export interface OutlineOptions {
  /** Colour of the line just inside of the border, RGB in [0, 1]. */
  colour?: readonly [number, number, number];
  /** Colour of the line just outside of it, so that it is seen on any ground; RGB in [0, 1]. */
  halo?: readonly [number, number, number];
  /** Thickness of each of the two lines in pixels. */
  thickness?: number;
}

/** Defaults of {@link OutlineOptions}. */
export const OUTLINE_DEFAULTS = {
  colour: [0.93, 0.16, 0.12],
  halo: [1, 1, 1],
  thickness: 1,
} as const satisfies Required<OutlineOptions>;

/**
 * Draws the border of a silhouette over a picture.
 *
 * @param picture Picture in [0, 1], `[H, W, 3]`
 * @param silhouette Values in [0, 1], inside above ½, `[H, W]`
 * @param options Colours and thickness
 * @returns A new picture
 */
export function drawOutline(
  picture: FloatImage,
  silhouette: FloatArray,
  options: OutlineOptions = {},
): FloatImage {
  const { colour, halo, thickness } = { ...OUTLINE_DEFAULTS, ...options };
  const { height, width } = picture;
  checkShapes("draw an outline", { silhouette: [silhouette, [height, width]] });
  const inside = (row: number, column: number) =>
    row >= 0 && row < height && column >= 0 && column < width && silhouette[row * width + column] > 0.5;
  const isBorder = (row: number, column: number) => {
    const here = inside(row, column);
    for (let i = -thickness; i <= thickness; i++) {
      const reach = thickness - Math.abs(i);
      for (let j = -reach; j <= reach; j++) if (inside(row + i, column + j) !== here) return true;
    }
    return false;
  };
  const data = Float32Array.from(picture.data);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!isBorder(row, column)) continue;
      data.set(inside(row, column) ? colour : halo, (row * width + column) * 3);
    }
  }
  return { ...picture, data };
}

/**
 * A sample's picture with the outline of a mesh at a pose.
 *
 * @param sample The photograph
 * @param mesh Vertices in the object frame, `[V, 3]`, and faces, `[F, 3]`
 * @param pose Pose of the mesh
 * @param options Look of the outline
 * @returns Colours in [0, 1], `[r, r, 3]`
 */
export function poseOverlay(
  sample: Sample,
  mesh: Pick<Mesh, "vertices" | "faces">,
  pose: Pose,
  options: OutlineOptions = {},
): FloatImage {
  const silhouette = new SoftSilhouette(mesh.faces, mesh.vertices.length / 3, sample.image.width);
  silhouette.forward(projectVertices(mesh.vertices, pose));
  return drawOutline(samplePicture(sample), silhouette.image(), options);
}
