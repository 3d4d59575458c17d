/**
 * Grids of images of objects beside the photographs that they were made of.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import { sampleImage } from "../../lib/report/overlay.ts";
import { IMAGE_BACKGROUND } from "../../lib/report/float_image.ts";
import { renderViews } from "../../lib/report/render_views.ts";
import { overColour } from "../../lib/core/over_colour.ts";
import { toUnitColours } from "../../lib/core/unit_colours.ts";
import type { PosedObject } from "./view_methods.ts";

/** Side of a tile, pixels. */
const TILE_SIZE = 160;
/** Views from around the object in degrees: 0 shows the front, 90 its left side. */
const AZIMUTHS: readonly number[] = [30, 90, 150, 210, 270, 330];

/** What a row of the image grid shows. */
export const GRID_LEGEND = `photograph; the same view; from ${
  AZIMUTHS.join("°, ")
}° around it (0° shows the front)`;
/** Tiles of a row. */
export const GRID_COLUMNS: number = 2 + AZIMUTHS.length;

/**
 * One row of the image grid.
 *
 * @param dataset Photographs
 * @param index Which one
 * @param object What was made of it
 * @param symmetric Whether texture columns lie as on a template with mirror symmetry
 * @param azimuths Views from around it in degrees
 * @returns Images in [0, 1], `[S, S, 3]` each
 */
export async function objectRow(
  dataset: Dataset,
  index: number,
  { vertices, texture, pose }: PosedObject,
  symmetric: boolean,
  azimuths: readonly number[] = AZIMUTHS,
): Promise<FloatImage[]> {
  const topology = sphereTopology(), colours = texture && toUnitColours(texture);
  const screen = projectVertices(vertices, pose);
  const same = renderImage({ ...topology, vertices: screen }, colours, { size: TILE_SIZE, symmetric });
  const around = { azimuths, elevation: 10, size: TILE_SIZE, symmetric, light: 0 };
  return [
    sampleImage(await dataset.sample(index, TILE_SIZE)),
    overColour(same, IMAGE_BACKGROUND),
    ...renderViews({ ...topology, vertices }, colours, around),
  ];
}
