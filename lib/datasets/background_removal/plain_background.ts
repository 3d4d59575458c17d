/**
 * Removal of plain backgrounds, in memory; free of files, so that it runs in browsers too.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import { fitBackground } from "./background_model.ts";
import { labColours } from "./lab_colours.ts";
import { walkToObject } from "./random_walker.ts";
import { resizeMap } from "./resize_map.ts";
import { tidyMask } from "./tidy_mask.ts";
import { trimEdge } from "./trim_edge.ts";

/** From where on a background is not plain, and how pixels are judged. */
export const BACKGROUND_LIMITS = {
  /** Longest side at which an image is looked at, in pixels. */
  side: 512,
  /** Width of the border that is taken for background, as a share of the shorter side. */
  border: 0.03,
  /** Spreads from the background at which object and background are equally likely. */
  evenDistance: 4.5,
  /** Mean spread of the colours along the border, in units of L*a*b*, from which on a background is not plain. */
  plainSpread: 3,
  /** Least share of the border that fits the background. */
  plainBorder: 0.9,
  /** Share of the image that an object holds at least, and at most. */
  area: [0.005, 0.9],
} as const;

/** The object of a photograph whose background was removed. */
export interface BackgroundRemoval {
  /** 1 = object, `[H, W]` */
  readonly mask: Uint8Array;
  /** Why the mask is not to be trusted; null if it is. */
  readonly doubt: string | null;
  /** How sure a model is of it, 0 to 1; null where no model made it. */
  readonly sureness: number | null;
}

/** Rows and columns of a photograph. */
export type PhotoSize = Pick<ByteImage, "height" | "width">;

/** The size at which a photograph is looked at. */
export function backgroundRemovalSize(photo: PhotoSize): PhotoSize {
  const scale = Math.min(1, BACKGROUND_LIMITS.side / Math.max(photo.height, photo.width));
  return {
    height: Math.max(1, Math.round(photo.height * scale)),
    width: Math.max(1, Math.round(photo.width * scale)),
  };
}

/**
 * Removes the background of a photograph that was resized, as `removeBackground` does.
 *
 * @param small Photograph of the size of `backgroundRemovalSize`, `[h, w, 3]`
 * @param photo Size of the photograph, H and W
 * @returns Mask of the photograph's size, and whether to trust it
 */
export function removePlainBackground(small: ByteImage, photo: PhotoSize): BackgroundRemoval {
  const background = lookAtBackground(small), { mask, doubt } = findObject(background, small, photo);
  return { mask, sureness: null, doubt: background.doubt ?? doubt };
}

/**
 * Removes the background like {@link removePlainBackground}, but only where it is plain, which is told before the work.
 *
 * @param small Photograph of the size of `backgroundRemovalSize`, `[h, w, 3]`
 * @param photo Size of the photograph, H and W
 * @returns Mask; null where it would be doubted
 */
export function maskOnPlainBackground(small: ByteImage, photo: PhotoSize): Uint8Array | null {
  const background = lookAtBackground(small);
  if (background.doubt !== null) return null;
  const { mask, doubt } = findObject(background, small, photo);
  return doubt === null ? mask : null;
}

/** What the border tells of the background. */
interface Background {
  readonly lab: Float32Array;
  readonly border: readonly number[];
  readonly distance: Float32Array;
  readonly doubt: string | null;
}

function lookAtBackground(small: ByteImage): Background {
  const { height, width } = small, lab = labColours(small), border = borderPixels(height, width);
  const { distance, spread } = fitBackground(lab, height, width, border);
  const fitting = border.filter((p) => distance[p] < BACKGROUND_LIMITS.evenDistance).length;
  return { lab, border, distance, doubt: doubtOfBackground(spread, fitting / border.length) };
}

function findObject(
  { lab, border, distance }: Background,
  { height, width }: PhotoSize,
  photo: PhotoSize,
): { mask: Uint8Array; doubt: string | null } {
  let object = objectOf(lab, height, width, distance);
  const behind = border.filter((p) => distance[p] < BACKGROUND_LIMITS.evenDistance);
  for (let p = 0; p < object.length; p += 7) if (object[p] < 0.05) behind.push(p);
  if (behind.length >= border.length / 2) {
    object = objectOf(lab, height, width, fitBackground(lab, height, width, behind).distance);
  }
  const enlarged = resizeMap({ data: object, height, width }, photo.height, photo.width);
  const mask = tidyMask(
    Uint8Array.from(enlarged, (share) => share >= 0.5 ? 1 : 0),
    photo.height,
    photo.width,
  );
  return { mask, doubt: doubtOfArea(mask) };
}

/** Probability of the object, `[H, W]`. */
function objectOf(lab: Float32Array, height: number, width: number, distance: Float32Array): Float32Array {
  const { evenDistance } = BACKGROUND_LIMITS;
  const prior = distance.map((d) => 1 / (1 + Math.exp((evenDistance ** 2 - d * d) / 2)));
  return trimEdge(walkToObject(lab, height, width, prior), height, width, distance);
}

function borderPixels(height: number, width: number): number[] {
  const thickness = Math.max(2, Math.round(BACKGROUND_LIMITS.border * Math.min(height, width)));
  const pixels: number[] = [];
  for (let i = 0, p = 0; i < height; i++) {
    for (let j = 0; j < width; j++, p++) {
      const inside = Math.min(i, j, height - 1 - i, width - 1 - j);
      if (inside < thickness) pixels.push(p);
    }
  }
  return pixels;
}

function doubtOfBackground(spread: readonly number[], fitting: number): string | null {
  const mean = spread.reduce((sum, value) => sum + value, 0) / spread.length;
  const { plainSpread, plainBorder } = BACKGROUND_LIMITS;
  if (mean > plainSpread) {
    return `the colours along the border differ by ${mean.toFixed(1)} (plain is up to ${plainSpread})`;
  }
  if (fitting < plainBorder) {
    return `${(100 * (1 - fitting)).toFixed(0)} % of the border is not of the background's colour`;
  }
  return null;
}

/**
 * Why a mask is not to be trusted for its size; null if it is.
 *
 * @param mask 1 = object, `[H, W]`
 */
export function doubtOfArea(mask: Uint8Array): string | null {
  const share = mask.reduce((sum, value) => sum + value, 0) / mask.length;
  const { area: [least, most] } = BACKGROUND_LIMITS;
  return share >= least && share <= most
    ? null
    : `the object would hold ${(100 * share).toFixed(1)} % of the image`;
}
