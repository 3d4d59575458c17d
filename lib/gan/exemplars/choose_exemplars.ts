/**
 * Choosing exemplars: objects that their photographs show well, and that differ from each other; and donors of their detail.
 *
 * @module
 */
import { middleHalf, mirrorTexture } from "../../mesh/mirror_texture.ts";
import type { UvDataset } from "../uv_dataset.ts";
import type { BroadColours } from "./broad_colours.ts";
import { chooseDonors } from "./choose_donors.ts";
import { CELLS, type Exemplars } from "./exemplars.ts";
import { transportBiases } from "./latent_transport.ts";
import { seenCells } from "./seen_cells.ts";

/** Share of the objects, the best seen ones, among which is chosen. */
const WELL_SEEN = 0.4;
/** Objects, exemplars and the best seen others, for each donor that they choose. */
const SERVED_BY_DONOR = 2;

/** Objects that may be chosen. */
export interface ExemplarCandidates {
  /** Their even-reflected maps. */
  readonly dataset: UvDataset;
  /** The same with few texels. */
  readonly base: UvDataset;
  /** Their rows, N. */
  readonly rows: readonly number[];
  /** Their weights of the principal components, `[N, P]`. */
  readonly codes: Float32Array;
  /** Broad colours that generated textures have. */
  readonly broad: BroadColours;
}

/**
 * Chooses exemplars, and as many donors of detail.
 *
 * @param candidates Objects that may be chosen
 * @param most Most exemplars, K, and donors
 * @param seed Seed of the transport from latent codes
 */
export async function chooseExemplars(
  candidates: ExemplarCandidates,
  most: number,
  seed: number,
): Promise<Exemplars> {
  const { dataset, base, rows, codes } = candidates, length = codes.length / rows.length;
  const shares: number[] = [], seen = new Float32Array(rows.length * CELLS);
  for (const [i, row] of rows.entries()) {
    const { alpha, map, share } = await betterSide(base, row);
    shares.push(share);
    seen.set(seenCells(alpha, map, dataset.poses, row), i * CELLS);
  }
  const exemplars = spreadChoice(shares, codes, length, most), own = takeRows(codes, exemplars, length);
  const served = [...new Set([...exemplars, ...bestSeen(shares)])].slice(0, SERVED_BY_DONOR * most);
  const chosen = chooseDonors(
    { codes, seen },
    takeRows(codes, served, length),
    candidates.broad,
    Math.min(most, rows.length),
  );
  return {
    codes: own,
    biases: transportBiases(own, length, seed),
    donors: {
      resolution: dataset.resolution,
      codes: takeRows(codes, chosen, length),
      colours: await coloursOf(dataset, chosen.map((i) => rows[i])),
      seen: takeRows(seen, chosen, CELLS),
    },
  };
}

/** Textures with 8 bits a colour, `[D, R, R / 2, 3]`: completed ones where there are any. */
async function coloursOf(dataset: UvDataset, rows: readonly number[]): Promise<Uint8Array> {
  const length = dataset.resolution ** 2 / 2 * 3, colours = new Uint8Array(rows.length * length);
  for (const [d, row] of rows.entries()) {
    const { texture } = await betterSide(dataset, row);
    colours.set(Uint8Array.from(texture, (value) => Math.round(127.5 * (value + 1))), d * length);
  }
  return colours;
}

function takeRows(values: Float32Array, rows: readonly number[], length: number): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...values.subarray(row * length, (row + 1) * length)]));
}

/** Middle half of the textures, or of their mirror images where those show more, `[R, R / 2, C]`. */
async function betterSide(dataset: UvDataset, row: number) {
  const { texture, completed = texture, alpha, displacementMap: map } = await dataset.sample(row);
  const sides = [false, true].map((isMirrored) => {
    const { data } = middleHalf(isMirrored ? mirrorTexture(alpha) : alpha), shown = Float32Array.from(data);
    return { isMirrored, alpha: shown, share: shown.reduce((sum, value) => sum + value, 0) / shown.length };
  });
  const { isMirrored, ...side } = sides[sides[1].share > sides[0].share ? 1 : 0];
  return { ...side, map, texture: middleHalf(isMirrored ? mirrorTexture(completed) : completed).data };
}

/** Of the best seen objects one after the other, that which is farthest from all before it. */
function spreadChoice(
  shares: readonly number[],
  codes: Float32Array,
  length: number,
  most: number,
): number[] {
  const free = bestSeen(shares).slice(0, Math.max(most, Math.ceil(WELL_SEEN * shares.length)));
  const nearest = new Map(free.map((i) => [i, Infinity]));
  const chosen = [free[0]];
  while (chosen.length < Math.min(most, free.length)) {
    const last = chosen[chosen.length - 1];
    nearest.delete(last);
    let next = -1, farthest = -1;
    for (const [i, before] of nearest) {
      let squares = 0;
      for (let p = 0; p < length; p++) squares += (codes[i * length + p] - codes[last * length + p]) ** 2;
      const distance = Math.min(before, squares);
      nearest.set(i, distance);
      if (distance > farthest) [next, farthest] = [i, distance];
    }
    chosen.push(next);
  }
  return chosen;
}

/** Numbers of the objects, the best seen first. */
function bestSeen(shares: readonly number[]): number[] {
  return shares.map((_, i) => i).sort((a, b) => shares[b] - shares[a] || a - b);
}
