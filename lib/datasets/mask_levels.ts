/**
 * From which value on a pixel of a mask image is the object.
 *
 * @module
 */
import { borderPixels, type MaskValues } from "./mask_background.ts";

/** Exact images with at most this many values besides 0 may be label images. */
const MOST_LABELS = 64;
/** Share of the pixels of a value that lie between lower and higher ones, from which it is one of a soft edge. */
const EDGE_SHARE = 0.8;
/** Share of the border that is not exactly of the background's value where the background is noisy. */
const NOISY_BORDER = 0.05;
/** Mean share of equal neighbours below which the pixels of a value are noise. */
const SPECKLED = 0.4;
/** Pixels inwards from the background in which a soft edge reaches its full value. */
const EDGE_WIDTH = 4;
/** Least full value behind an edge, and least share of such edges, for a mask to be of one level, relative to its largest value. */
const FULL_VALUE = 0.5, FULL_EDGES = 0.9;
/** How much a value that still rises behind an edge grows over the last pixels. */
const RISE = 1.3;
/** Value of the first pixel behind an edge, relative to the full one, above which most edges are sharp. */
const SHARP_EDGE = 0.62;
/** Share of the largest value below which a lossy format may have changed the background. */
const LOSSY_BACKGROUND = 0.06;

/** What separates object and background. */
export interface ObjectThreshold {
  /** Least value of the object. */
  readonly threshold: number;
  /** Whether the values are colours of an object on an even background rather than those of a mask. */
  readonly isObjectImage: boolean;
}

/**
 * Half of the largest value for masks of one level with sharp or soft edges; half of the least label for labels; half of
 * the least value behind the edges for images of the object.
 *
 * @param mask Values, 0 = background, `[H, W]`
 * @returns The least value of the object, above 0
 */
export function objectThreshold(mask: MaskValues): ObjectThreshold {
  const counts = countValues(mask.values);
  const most = counts.length - 1, half = Math.max(1, Math.ceil(most / 2));
  const labels = mask.isLossy ? null : labelsOf(mask, counts);
  if (labels) return { threshold: Math.max(1, Math.ceil(labels[0] / 2)), isObjectImage: false };
  const isNoisy = mask.isLossy || hasNoisyBackground(mask, most);
  const background = isNoisy ? Math.floor(LOSSY_BACKGROUND * most) : 0;
  const edges = edgesOf(mask, background);
  const low = edges.filter(({ value }) => value < FULL_VALUE * most);
  if (low.length <= (1 - FULL_EDGES) * edges.length) return { threshold: half, isObjectImage: false };
  const level = low.filter(({ rises }) => !rises).map(({ value }) => value);
  if (level.length <= low.length / 2) return { threshold: half, isObjectImage: false }; // they rise slowly: a soft mask
  const ratios = edges.map(({ first, value }) => first / value).sort((a, b) => a - b);
  if (!isNoisy && ratios[ratios.length >> 1] > SHARP_EDGE) return { threshold: 1, isObjectImage: true };
  const least = level.sort((a, b) => a - b)[Math.floor(level.length / 20)];
  return { threshold: Math.max(background + 1, Math.ceil(least / 2)), isObjectImage: true };
}

/** Whether the border is not exactly of the background's value, as after a lossy format that the image had before. */
function hasNoisyBackground({ values, height, width }: MaskValues, most: number): boolean {
  const border = borderPixels(height, width),
    noisy = border.filter((p) => values[p] > 0 && values[p] <= LOSSY_BACKGROUND * most);
  return noisy.length > NOISY_BORDER * border.length;
}

/** How often each value occurs, up to the largest one. */
function countValues(values: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(65536); // [65536]
  let most = 0;
  for (let p = 0; p < values.length; p++) {
    counts[values[p]]++;
    if (values[p] > most) most = values[p];
  }
  return counts.subarray(0, most + 1);
}

/** The labels of a label image, ascending; null if its values are not labels. */
function labelsOf({ values, height, width }: MaskValues, counts: Uint32Array): number[] | null {
  const found: number[] = [];
  counts.forEach((count, value) => value > 0 && count > 0 && found.push(value));
  if (found.length === 1) return found;
  if (found.length === 0 || found.length > MOST_LABELS) return null;
  const between = new Uint32Array(counts.length); // pixels with lower and with higher neighbours
  const equal = new Float64Array(counts.length); // shares of equal neighbours, summed
  for (let p = 0, i = 0; i < height; i++) {
    for (let j = 0; j < width; j++, p++) {
      const value = values[p];
      if (value === 0) continue;
      let isLower = false, isHigher = false, same = -1, all = -1; // without itself
      for (let y = Math.max(0, i - 1); y <= Math.min(height - 1, i + 1); y++) {
        for (let x = Math.max(0, j - 1); x <= Math.min(width - 1, j + 1); x++) {
          const other = values[y * width + x];
          all++;
          if (other === value) same++;
          if (other < value) isHigher = true;
          if (other > value) isLower = true;
        }
      }
      if (isLower && isHigher) between[value]++;
      equal[value] += same / Math.max(1, all);
    }
  }
  const labels = found.filter((value) =>
    between[value] < EDGE_SHARE * counts[value] && equal[value] >= SPECKLED * counts[value]
  );
  return labels.length > 0 ? labels : null;
}

/** What lies behind a place where the background ends. */
interface Edge {
  /** Largest value of a few pixels inwards. */
  readonly value: number;
  /** Value of the first one. */
  readonly first: number;
  /** Whether values still rise there. */
  readonly rises: boolean;
}

/** Largest value a few pixels inwards of each place where the background ends, and whether it still rises there. */
function edgesOf({ values, height, width }: MaskValues, background: number): Edge[] {
  const edges: Edge[] = [];
  const walk = (p: number, step: number, room: number) => {
    if (values[p] > background || room < 1 || values[p + step] <= background) return;
    const inwards: number[] = [];
    for (let k = 1; k <= Math.min(EDGE_WIDTH, room) && values[p + k * step] > background; k++) {
      inwards.push(values[p + k * step]);
    }
    const [, second, third, fourth] = inwards;
    const isShort = inwards.length < EDGE_WIDTH; // thin things tell nothing
    const rises = isShort || second <= third && third <= fourth && fourth > RISE * second;
    edges.push({ value: Math.max(...inwards), first: inwards[0], rises });
  };
  for (let p = 0, i = 0; i < height; i++) {
    for (let j = 0; j < width; j++, p++) {
      walk(p, 1, width - 1 - j);
      walk(p, -1, j);
      walk(p, width, height - 1 - i);
      walk(p, -width, i);
    }
  }
  return edges;
}
