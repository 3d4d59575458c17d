/**
 * One photograph and what was made of it, as a row of images.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { PosedReconstruction } from "../reconstruction/reconstruct_image.ts";
import { renderImage } from "../rendering/render_image.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { sampleImage } from "./overlay.ts";
import { IMAGE_BACKGROUND } from "./float_image.ts";
import { RENDER_VIEWS_DEFAULTS, renderViews } from "./render_views.ts";
import { overColour } from "../core/over_colour.ts";
import { toUnitColours } from "../core/unit_colours.ts";

/** Side of a tile in pixels. */
export const TILE_SIZE = 144;

/** Where silhouette and mask both are, where only the silhouette is, where only the mask is. */
const BOTH = [1, 1, 1], SURPLUS = [0.96, 0.62, 0.2], MISSED = [0.25, 0.5, 0.95];

/** What the tiles show, in their order. */
export const TILE_LEGEND: string =
  "photograph; predicted mask (white, orange beyond the true mask, blue where it falls short); reconstruction from the " +
  `same view; from ${
    RENDER_VIEWS_DEFAULTS.azimuths.map((azimuth) => `${azimuth}°`).join(", ")
  } around it (0° shows ` +
  "the front); texture in UV space";

/**
 * The row of images: photograph, predicted mask, same view, three new views and, with a texture, the UV texture.
 *
 * @param dataset Photographs
 * @param index Which one
 * @param result What was made of it
 * @param symmetric Whether texture columns lie as on a template with mirror symmetry
 * @returns Images in [0, 1], `[S, S, 3]` each
 */
export async function reconstructionTiles(
  dataset: Dataset,
  index: number,
  { screen, vertices, texture }: Pick<PosedReconstruction, "screen" | "vertices" | "texture">,
  symmetric: boolean,
): Promise<FloatImage[]> {
  const shown = await dataset.sample(index, TILE_SIZE);
  const topology = sphereTopology(), colours = texture && toUnitColours(texture);
  const same = renderImage({ ...topology, vertices: screen }, colours, {
    size: TILE_SIZE,
    symmetric,
    light: colours ? 0 : RENDER_VIEWS_DEFAULTS.light,
  });
  return [
    sampleImage(shown),
    maskImage(screen, shown.mask.data),
    overColour(same, IMAGE_BACKGROUND),
    ...renderViews({ ...topology, vertices }, colours, { size: TILE_SIZE, symmetric }),
    ...(colours ? [nearestTile(colours)] : []),
  ];
}

function maskImage(screen: FloatArray, mask: FloatArray): FloatImage {
  const silhouette = new SoftSilhouette(sphereTopology().faces, screen.length / 3, TILE_SIZE);
  silhouette.forward(screen);
  const predicted = silhouette.image();
  const image = floatImage(TILE_SIZE, TILE_SIZE, 3);
  for (let i = 0; i < predicted.length; i++) {
    const inside = predicted[i] > 0.5, observed = mask[i] > 0.5;
    if (inside || observed) image.data.set(inside ? (observed ? BOTH : SURPLUS) : MISSED, 3 * i);
  }
  return image;
}

/** A square image at the side of a tile, by nearest texels. */
function nearestTile({ data, width }: FloatImage): FloatImage {
  const tile = floatImage(TILE_SIZE, TILE_SIZE, 3);
  const place = (i: number) => Math.floor((i + 0.5) * width / TILE_SIZE);
  for (let i = 0; i < TILE_SIZE; i++) {
    for (let j = 0; j < TILE_SIZE; j++) {
      const from = 3 * (place(i) * width + place(j));
      tile.data.set(data.subarray(from, from + 3), 3 * (i * TILE_SIZE + j));
    }
  }
  return tile;
}
