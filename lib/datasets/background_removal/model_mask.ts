/**
 * The mask of the main object, from what a model tells of an image and from the image's colours.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import { resizeToRgb } from "../../io/resize_image.ts";
import { iou } from "../../metrics/iou.ts";
import { ColourVotes } from "./colour_votes.ts";
import {
  type BackgroundRemoval,
  backgroundRemovalSize,
  doubtOfArea,
  maskOnPlainBackground,
} from "./plain_background.ts";
import { labColours } from "./lab_colours.ts";
import { type FoundObject, objectOdds } from "./object_odds.ts";
import { resizeMap } from "./resize_map.ts";
import { tidyMask } from "./tidy_mask.ts";

/** How a model's map becomes a mask. */
export const MODEL_MASK_LIMITS = {
  /** Side of the cells in which colours vote, as a share of the image's longer side. */
  place: 0.2,
  /** Weight of the model's odds beside those of colours that tell object and background apart. */
  modelWeight: 0.3,
  /** Share of the sure pixels that colours must judge as the model does, from where they count and where wholly. */
  trust: [0.96, 0.99],
  /** Belief, from −1 to 1, from which on a pixel is sure. */
  sure: 0.7,
  /** Odds, as logarithms, within which pixels of large images are judged by their own colours. */
  unsure: 3,
  /** Least share of the largest piece that other pieces of the object hold. */
  leastPiece: 0.15,
  /** IoU from which on the contour of a plain background is taken in place of the model's, as it is more exact. */
  plainIou: 0.94,
  /** Sureness below which a mask is doubted. */
  leastSureness: 0.8,
} as const;

/**
 * Makes the mask of an image.
 *
 * Where the colours of sure pixels tell object and background apart, they vote, at the image's full size. Sureness is
 * the IoU of the mask with the shares that it was cut from, Σ min / Σ max.
 *
 * @param found What the model tells
 * @param image The image, `[H, W, C]`
 */
export function maskOfObject(found: FoundObject, image: ByteImage): BackgroundRemoval {
  const { height, width } = backgroundRemovalSize(image), limits = MODEL_MASK_LIMITS;
  const odds = resizeMap(objectOdds(found), height, width); // [h, w]
  const belief = odds.map((z) => Math.tanh(z / 2));
  const small = resizeToRgb(image, height, width), lab = labColours(small);
  const votes = new ColourVotes(lab, height, width, belief, { place: limits.place });
  const said = Float32Array.from(
    odds,
    (_, p) => votes.at(lab[3 * p], lab[3 * p + 1], lab[3 * p + 2], Math.floor(p / width), p % width),
  );
  const trust = trustIn(said, belief);
  const both = odds.map((z, p) => mixed(z, said[p], trust));
  const large = resizeMap({ data: both, height, width }, image.height, image.width); // [H, W]
  if (trust > 0 && image.height > height) {
    judgeBorder(
      large,
      image,
      trust,
      resizeMap({ data: odds, height, width }, image.height, image.width),
      votes,
    );
  }
  const mask = tidyMask(Uint8Array.from(large, (z) => z > 0 ? 1 : 0), image.height, image.width, {
    leastPiece: limits.leastPiece,
  });
  const sureness = surenessOf(both, height, width, mask, image);
  const doubt = found.doubt ?? doubtOf(mask, sureness),
    plain = doubt === null ? maskOnPlainBackground(small, image) : null;
  const agrees = plain !== null && iou(plain, mask) >= limits.plainIou;
  return { mask: agrees ? plain : mask, sureness, doubt };
}

/** Judges the unsure pixels of an image that was looked at smaller by their own colours. */
function judgeBorder(
  both: Float32Array,
  image: ByteImage,
  trust: number,
  odds: Float32Array,
  votes: ColourVotes,
): void {
  const { data, height, width, channels } = image, scale = backgroundRemovalSize(image).height / height;
  const unsure: number[] = [];
  both.forEach((z, p) => Math.abs(z) < MODEL_MASK_LIMITS.unsure && unsure.push(p));
  const colours = new Uint8Array(3 * unsure.length); // [1, N, 3]
  unsure.forEach((p, k) => {
    for (let c = 0; c < 3; c++) colours[3 * k + c] = data[p * channels + (channels >= 3 ? c : 0)];
  });
  const lab = labColours({ data: colours, height: 1, width: unsure.length, channels: 3 });
  unsure.forEach((p, k) => {
    const row = (Math.floor(p / width) + 0.5) * scale - 0.5, column = (p % width + 0.5) * scale - 0.5;
    const said = votes.at(lab[3 * k], lab[3 * k + 1], lab[3 * k + 2], row, column);
    both[p] = mixed(odds[p], said, trust);
  });
}

/** Odds of the model and what colours say, by how far these are trusted. */
function mixed(odds: number, said: number, trust: number): number {
  return odds * (1 - trust + MODEL_MASK_LIMITS.modelWeight * trust) + trust * said;
}

/** How far colours are trusted, 0 to 1: by how many of the sure pixels they judge as the model does. */
function trustIn(said: Float32Array, belief: Float32Array): number {
  const { sure, trust: [from, to] } = MODEL_MASK_LIMITS;
  const right = [0, 0], count = [0, 0];
  for (let p = 0; p < said.length; p++) {
    if (Math.abs(belief[p]) < sure) continue;
    const side = belief[p] > 0 ? 1 : 0;
    count[side]++;
    if (said[p] > 0 === (side === 1)) right[side]++;
  }
  if (count[0] === 0 || count[1] === 0) return 0;
  const share = (right[0] / count[0] + right[1] / count[1]) / 2;
  return Math.min(Math.max((share - from) / (to - from), 0), 1);
}

function surenessOf(
  odds: Float32Array,
  height: number,
  width: number,
  mask: Uint8Array,
  image: ByteImage,
): number {
  let least = 0, most = 0;
  for (let p = 0; p < odds.length; p++) {
    const i = Math.floor((Math.floor(p / width) + 0.5) * image.height / height);
    const j = Math.floor((p % width + 0.5) * image.width / width);
    const share = 1 / (1 + Math.exp(-odds[p])), is = mask[i * image.width + j];
    least += Math.min(share, is);
    most += Math.max(share, is);
  }
  return most > 0 ? least / most : 0;
}

function doubtOf(mask: Uint8Array, sureness: number): string | null {
  const { leastSureness } = MODEL_MASK_LIMITS;
  if (sureness >= leastSureness) return doubtOfArea(mask);
  return `the model is ${(100 * sureness).toFixed(0)} % sure (${100 * leastSureness} % are enough)`;
}
