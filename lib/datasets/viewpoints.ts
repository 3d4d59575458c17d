/**
 * Whether objects are seen from several sides, judged by their silhouettes.
 *
 * @module
 */
import { type Crop, cropAndResize } from "./crop.ts";

/** Side of the silhouettes that are compared. */
const SIDE = 32;
/** Pairs that are compared at most. */
const MOST_PAIRS = 2000;

/**
 * A small silhouette of an object's crop.
 *
 * @param mask Non-zero = object, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @param crop Square of the photograph
 * @returns 0 or 1, `[32, 32]`
 */
export function silhouetteOf(mask: Uint8Array, height: number, width: number, crop: Crop): Uint8Array {
  const { data } = cropAndResize({ data: mask, height, width, channels: 1 }, crop, SIDE, [0]);
  return Uint8Array.from(data, (value) => value >= 0.5 ? 1 : 0);
}

/**
 * How much silhouettes are alike: mean IoU (intersection over union) of pairs, each the better one of the two ways
 * round.
 *
 * @param silhouettes Silhouettes, each `[32, 32]`
 * @returns Mean IoU, 0 to 1; NaN of fewer than two
 */
export function silhouetteLikeness(silhouettes: readonly Uint8Array[]): number {
  const count = silhouettes.length;
  const mirrored = silhouettes.map(mirror);
  let sum = 0, pairs = 0;
  const step = Math.max(1, Math.ceil(count * (count - 1) / 2 / MOST_PAIRS));
  for (let i = 0, k = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++, k++) {
      if (k % step !== 0) continue;
      sum += Math.max(iou(silhouettes[i], silhouettes[j]), iou(silhouettes[i], mirrored[j]));
      pairs++;
    }
  }
  return sum / pairs;
}

function mirror(silhouette: Uint8Array): Uint8Array {
  return silhouette.map((_, p) => silhouette[Math.floor(p / SIDE) * SIDE + SIDE - 1 - p % SIDE]);
}

function iou(a: Uint8Array, b: Uint8Array): number {
  let both = 0, any = 0;
  for (let p = 0; p < a.length; p++) {
    both += a[p] & b[p];
    any += a[p] | b[p];
  }
  return any > 0 ? both / any : 1;
}
