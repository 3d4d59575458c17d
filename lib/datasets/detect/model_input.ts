/**
 * Bringing images to a model's input.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import { resizeToRgb } from "../../io/resize_image.ts";
import type { Placement } from "./instance.ts";

/** Options of {@link modelInput}. */
export interface ModelInputOptions {
  /** Keep the proportions and fill the rest with grey, rather than stretch the image. */
  letterbox?: boolean;
  /** Shorter side of the input where the model takes any size; 0 keeps the image's. */
  size?: number;
  /** Blue, green, red in place of red, green, blue. */
  bgr?: boolean;
  /** What is subtracted from values from 0 to 255, in the order of the channels. */
  mean?: readonly [number, number, number];
  /** What values are divided by then. */
  deviation?: readonly [number, number, number];
}

/** Defaults of {@link ModelInputOptions}. */
export const MODEL_INPUT_DEFAULTS = {
  letterbox: false,
  size: 0,
  bgr: false,
  mean: [0, 0, 0],
  deviation: [255, 255, 255],
} as const satisfies Required<ModelInputOptions>;

/** Grey that a letterbox is filled with. */
const FILL = 114;
/** Sides of inputs of any size are multiples of this with a letterbox. */
const STRIDE = 32;

/**
 * The input of a model for an image.
 *
 * @param image Image, `[H, W, C]`
 * @param inputShape Lengths of the input's axes; null where any will do
 * @param options How it is brought to that shape
 * @returns Values `[3, h, w]` or `[1, 3, h, w]`, and where the image lies in them
 */
export function modelInput(
  image: ByteImage,
  inputShape: readonly (number | null)[],
  options: ModelInputOptions = {},
): { data: Float32Array; shape: readonly number[]; placement: Placement } {
  const { letterbox, size, bgr, mean, deviation } = { ...MODEL_INPUT_DEFAULTS, ...options };
  const [rows, columns] = sidesOf(image, inputShape, letterbox, size);
  const factor = Math.min(rows / image.height, columns / image.width);
  const height = letterbox ? Math.max(1, Math.round(image.height * factor)) : rows;
  const width = letterbox ? Math.max(1, Math.round(image.width * factor)) : columns;
  const offset = [Math.floor((columns - width) / 2), Math.floor((rows - height) / 2)] as const;
  const resized = resizeToRgb(image, height, width);
  const data = new Float32Array(3 * rows * columns); // [3, h, w]
  for (let c = 0; c < 3; c++) {
    const plane = data.subarray(c * rows * columns, (c + 1) * rows * columns);
    plane.fill((FILL - mean[c]) / deviation[c]);
    const source = bgr ? 2 - c : c;
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const value = resized.data[(i * width + j) * 3 + source];
        plane[(offset[1] + i) * columns + offset[0] + j] = (value - mean[c]) / deviation[c];
      }
    }
  }
  const shape = inputShape.length === 4 ? [1, 3, rows, columns] : [3, rows, columns];
  const scale = [width / image.width, height / image.height] as const;
  return { data, shape, placement: { scale, offset, height: image.height, width: image.width } };
}

/** Rows and columns of the input. */
function sidesOf(
  { height, width }: ByteImage,
  inputShape: readonly (number | null)[],
  letterbox: boolean,
  size: number,
): [number, number] {
  const [rows, columns] = inputShape.slice(-2);
  const factor = size > 0 ? size / Math.min(height, width) : 1;
  const free = (side: number) =>
    letterbox ? Math.ceil(side * factor / STRIDE) * STRIDE : Math.max(1, Math.round(side * factor));
  return [rows ?? free(height), columns ?? free(width)];
}
