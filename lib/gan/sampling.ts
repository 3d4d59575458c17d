/**
 * Images of generated objects, and the poses that lend them theirs.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { overColour } from "../core/over_colour.ts";
import { UserError } from "../core/errors.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { PoseMetadata } from "../pseudogt/files.ts";
import { type Pose, poseInRow, projectVertices } from "../rendering/cameras.ts";
import { renderImage } from "../rendering/render_image.ts";
import type { GanNetworks } from "./gan_networks.ts";
import { sampleVertices } from "./generate_samples.ts";

/**
 * The pose of a row of the metadata.
 *
 * @param poses Poses of a data set
 * @param row Which one
 * @param perspective Whether to keep its perspective; without, the camera is orthographic as the original's is
 */
export function poseOfRow(poses: PoseMetadata, row: number, perspective: boolean): Pose {
  const pose = poseInRow(poses, row);
  return perspective ? pose : { ...pose, perspective: Infinity };
}

/**
 * An image of an object from a pose, without light.
 *
 * @param map Displacement map, `[32, 32, 3]`
 * @param texture Colours in [−1, 1], `[R, R, 3]`
 * @param pose Pose
 * @param options `size`: side of the image; `supersample`: samples along each side of a pixel; `symmetric`:
 *   whether textures and maps are even reflections
 * @returns Colours (not premultiplied) and alpha in [0, 1], `[S, S, 4]`
 */
export function renderSample(
  map: FloatArray,
  texture: FloatImage,
  pose: Pose,
  { size, supersample, symmetric }: {
    readonly size: number;
    readonly supersample: number;
    readonly symmetric: boolean;
  },
): FloatImage {
  const vertices = projectVertices(sampleVertices(map, symmetric), pose);
  return renderImage({ ...sphereTopology(), vertices }, toUnitColours(texture), {
    size,
    supersample,
    symmetric,
  });
}

/**
 * Rows of the metadata of one class, or all rows.
 *
 * @param poses Poses of a data set
 * @param networks Build of the networks
 * @param filterClass Name of a class; all if left out
 * @param classNames Names of the classes
 * @throws {UserError} If the run is not conditional, the name unknown, or no row of that class
 */
export function rowsOfClass(
  poses: PoseMetadata,
  networks: Pick<GanNetworks, "classes">,
  filterClass: string | undefined,
  classNames: readonly string[],
): number[] {
  const rows = Array.from(poses.ids, (_, row) => row);
  if (!filterClass) return rows;
  if (networks.classes === 0) {
    throw new UserError(
      `'filterClass' needs a run that was trained with 'conditionalClass'; this one was not.`,
    );
  }
  const index = classNames.indexOf(filterClass);
  if (index < 0) {
    throw new UserError(
      `'filterClass' must be one of ${classNames.join(", ")}, current value is ${filterClass}.`,
    );
  }
  const found = rows.filter((row) => poses.classIndex[row] === index);
  if (found.length === 0) throw new UserError(`There is no posed photograph of the class ${filterClass}.`);
  return found;
}

/** Lays `[S, S, 4]` over the mid grey that all compared images have behind the object, `[S, S, 3]`. */
export function overGrey(image: FloatImage): FloatImage {
  return overColour(image, 0.5);
}
