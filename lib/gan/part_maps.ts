/**
 * Part maps as the networks see them.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";

/** Side of part maps in the networks. */
export const PART_MAP_SIDE = 128;
/** How much a part that is only a little likelier than others wins. */
const SHARPNESS = 100;

/**
 * Sharpens a part map: softmax(100 p) over its channels, on 128 × 128.
 *
 * @param parts Part probabilities, `[S, S, P]`, or null
 * @param id Photograph, for the message
 * @returns Nearly 0 and 1, `[128, 128, P]`
 * @throws {UserError} If there are no parts
 */
export function sharpenParts(parts: FloatImage | null, id: string): FloatImage {
  if (!parts) {
    throw new UserError(
      `Cannot condition on the parts of ${id}: its pseudo-ground-truth has none; run generate_pseudogt with a ` +
        "reconstruction that predicts parts.",
    );
  }
  const { channels, data, height, width } = parts, S = PART_MAP_SIDE;
  const sharp = floatImage(S, S, channels);
  for (let row = 0; row < S; row++) {
    for (let column = 0; column < S; column++) { // the nearest of its texels
      const to = (row * S + column) * channels;
      const from = (Math.floor(row * height / S) * width + Math.floor(column * width / S)) * channels;
      let largest = -Infinity, sum = 0;
      for (let c = 0; c < channels; c++) largest = Math.max(largest, data[from + c]);
      for (let c = 0; c < channels; c++) {
        sum += sharp.data[to + c] = Math.exp(SHARPNESS * (data[from + c] - largest));
      }
      for (let c = 0; c < channels; c++) sharp.data[to + c] /= sum;
    }
  }
  return sharp;
}
