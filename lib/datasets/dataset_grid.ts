/**
 * An image grid: crops with the background dimmed and the contours of their masks, for a look at a data set.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { imageGrid } from "../core/image_grid.ts";
import type { Dataset } from "./dataset.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { readCroppedPhotograph } from "./read_sample.ts";

/** Options of {@link datasetGrid}. */
export interface DatasetGridOptions {
  /** Most objects that are shown, spread evenly over the data set. */
  count?: number;
  /** Objects in a row. */
  columns?: number;
  /** Side of one crop in pixels. */
  resolution?: number;
  /** Colour of the contour, RGB in [0, 1]. */
  contour?: readonly [number, number, number];
  /** Ids of objects that get a frame, as something about them is in doubt. */
  framed?: readonly string[];
}

/**
 * Crops of a data set side by side, each with its background, dimmed, and the contour of its mask.
 *
 * @param dataset Data set
 * @param options How many, how large
 * @returns Colours in [0, 1], unused places white, `[rows · r, columns · r, 3]`
 * @throws {UserError} If an image cannot be read
 */
export async function datasetGrid(
  dataset: Dataset,
  { count = 48, columns = 8, resolution = 128, contour = [1, 0.1, 0.1], framed = [] }: DatasetGridOptions =
    {},
): Promise<FloatImage> {
  const shown = Math.min(count, dataset.length);
  const chosen = Array.from({ length: shown }, (_, k) => Math.floor(k * dataset.length / shown));
  const tiles = await mapConcurrently(chosen, 4, async (i) => {
    const { colours, mask } = await readCroppedPhotograph(dataset.records[i], resolution);
    dimBackground(colours, mask);
    drawContour(colours, mask, contour);
    if (framed.includes(dataset.records[i].id)) drawFrame(colours);
    return colours;
  });
  return imageGrid(tiles, { columns, gap: 0 });
}

/** Colour and width of frames. */
const FRAME = { colour: [1, 0.6, 0], width: 3 } as const;

function drawFrame({ data, height, width }: FloatImage): void {
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      if (Math.min(i, j, height - 1 - i, width - 1 - j) < FRAME.width) {
        data.set(FRAME.colour, (i * width + j) * 3);
      }
    }
  }
}

/** Share of its colour that the background keeps. */
const BACKGROUND_SHARE = 0.35;

/** Darkens what is not the object, so that an inverted mask is seen at once. */
function dimBackground(colours: FloatImage, { data: mask }: FloatImage): void {
  for (let p = 0; p < mask.length; p++) {
    if (mask[p] >= 0.5) continue;
    for (let c = 0; c < 3; c++) colours.data[3 * p + c] *= BACKGROUND_SHARE;
  }
}

/** Paints the object's pixels that have a neighbour outside. */
function drawContour(
  colours: FloatImage,
  { data, height, width }: FloatImage,
  colour: readonly number[],
): void {
  const inside = (i: number, j: number) =>
    i >= 0 && j >= 0 && i < height && j < width && data[i * width + j] >= 0.5;
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      if (!inside(i, j)) continue;
      if (inside(i - 1, j) && inside(i + 1, j) && inside(i, j - 1) && inside(i, j + 1)) continue;
      colours.data.set(colour, (i * width + j) * 3);
    }
  }
}
