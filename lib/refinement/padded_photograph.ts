/**
 * Photographs without their background, for projection onto a surface that may reach a little over the mask.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { Sample } from "../datasets/dataset.ts";
import { pushPull } from "./push_pull.ts";

/** Share of the object from which a pixel's colour is the object's own. */
const WHOLE = 0.98;

/**
 * Gives the pixels outside of the mask, and those at its rim, the colours of the object beside them, so that no background
 * bleeds in.
 *
 * @param sample Colours in [−1, 1] times the mask, and the mask, `[S, S]`
 * @param rim Pixels at the rim of the mask whose colours are not trusted
 * @returns Colours in [0, 1] everywhere, `[S, S, 3]`
 */
export function padPhotograph({ image, mask }: Pick<Sample, "image" | "mask">, rim: number): FloatImage & {
  data: Float32Array;
} {
  const { height, width } = mask;
  const values = Float32Array.from(image.data, (value) => value / 2 + 0.5); // right where the mask is 1
  let weight = erode(Float32Array.from(mask.data, (share) => share > WHOLE ? 1 : 0), height, width, rim);
  if (!weight.includes(1)) weight = Float32Array.from(mask.data, (share) => share > WHOLE ? 1 : 0); // a thin object
  const data = pushPull({ height, width, values, weight, wraps: false });
  return { data, height, width, channels: 3 };
}

/** Least value within a square of 2·rim + 1 pixels; 0 lies around the picture. */
function erode(values: Float32Array, height: number, width: number, rim: number): Float32Array {
  const least = (from: Float32Array, count: number, step: number, lines: number, stride: number) => {
    const out = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let i = rim; i < count - rim; i++) {
        let value = 1;
        for (let k = i - rim; k <= i + rim; k++) value = Math.min(value, from[line * stride + k * step]);
        out[line * stride + i * step] = value;
      }
    }
    return out;
  };
  return least(least(values, width, 1, height, width), height, width, width, 1);
}
