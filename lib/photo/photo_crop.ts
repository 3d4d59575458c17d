/**
 * The object of a photograph in memory: a square around it, as small as textures can show.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { type Crop, cropOfBox } from "../datasets/crop.ts";
import { cropObject } from "../datasets/crop_object.ts";
import { measureMask } from "../datasets/measure_mask.ts";
import type { ByteImage } from "../io/byte_image.ts";
import type { PhotographReader } from "../refinement/fit_photograph.ts";

/** Side of the masks that poses are searched in, pixels. */
export const SEARCH_SIZE = 128;
/** Side of a crop from which its pixels are averaged, so that none of a large photograph are skipped. */
const LARGE_SIDE = 2048;
/** Least side of an object in pixels. */
const LEAST_SIDE = 8;

/** A square of a photograph around its object. */
export interface PhotoCrop {
  /** Its pixels, white outside of the photograph, `[S, S, 3]`. */
  readonly image: ByteImage;
  /** 1 where the object is, else 0, `[S, S]`. */
  readonly mask: Uint8Array;
  /** Where it lies in the photograph, whose pixels may be smaller. */
  readonly crop: Crop;
}

/**
 * Cuts the square around the object out of a photograph.
 *
 * @param image Photograph of any size, upright, `[H, W, C]`; grey, RGB, or either with alpha, which is left out
 * @param mask Non-zero where the object is, `[H, W]`
 * @returns The square
 * @throws {TypeError} If the mask or the values are not of the photograph's size
 * @throws {UserError} If the mask is empty, covers the whole photograph, or is too small
 */
export function cropPhoto(image: ByteImage, mask: Uint8Array): PhotoCrop {
  const { height, width, channels, data } = image;
  if (mask.length !== height * width || data.length !== height * width * channels) {
    throw new TypeError(
      `Cannot use a photograph of ${height} x ${width} x ${channels}: current value has ${data.length} values and a ` +
        `mask of ${mask.length}`,
    );
  }
  const { area, box } = measureMask(mask, height, width);
  if (area === 0) {
    throw new UserError(
      `The mask is empty (0 of ${height * width} pixels): mark the object in the photograph.`,
    );
  }
  if (area === height * width) {
    throw new UserError(
      `The mask covers the whole photograph (${area} pixels): leave out what is not the object.`,
    );
  }
  const longest = Math.max(box[2] - box[0], box[3] - box[1]);
  if (longest < LEAST_SIDE) {
    throw new UserError(
      `The object is ${longest} pixels large: take a larger photograph, or mark all of the object.`,
    );
  }
  const crop = cropOfBox(box), factor = Math.max(1, Math.floor(2 * crop.size / LARGE_SIDE));
  return cut(image, mask, { ...crop, size: crop.size - crop.size % factor }, factor);
}

/** Reads a crop at any resolution. */
export function readerOfCrop({ image, mask }: PhotoCrop): PhotographReader {
  const whole = { x: 0, y: 0, size: image.width };
  return {
    read: (resolution) => Promise.resolve(cropObject(image, mask, whole, resolution)),
    side: image.width,
  };
}

/** The pixels of a crop, each the mean of `factor`² pixels of the photograph. */
function cut(
  { data, height, width, channels }: ByteImage,
  whole: Uint8Array,
  crop: Crop,
  factor: number,
): PhotoCrop {
  const side = crop.size / factor, colours = new Uint8Array(3 * side * side).fill(255);
  const mask = new Uint8Array(side * side), step = channels >= 3 ? 1 : 0;
  const sum = new Float64Array(4);
  for (let i = 0, p = 0; i < side; i++) {
    for (let j = 0; j < side; j++, p++) {
      let inside = 0;
      sum.fill(0);
      for (let k = 0; k < factor * factor; k++) {
        const row = crop.y + i * factor + Math.floor(k / factor), column = crop.x + j * factor + k % factor;
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        const from = row * width + column;
        for (let c = 0; c < 3; c++) sum[c] += data[from * channels + c * step];
        sum[3] += whole[from] ? 1 : 0;
        inside++;
      }
      if (inside === 0) continue;
      for (let c = 0; c < 3; c++) colours[3 * p + c] = Math.round(sum[c] / inside);
      mask[p] = 2 * sum[3] >= factor * factor ? 1 : 0;
    }
  }
  return { image: { data: colours, height: side, width: side, channels: 3 }, mask, crop };
}
