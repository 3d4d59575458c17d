/**
 * Choosing exemplars: objects that their photographs show well, and that differ from each other.
 *
 * @module
 */
import { middleHalf, mirrorTexture } from "../../mesh/mirror_texture.ts";
import type { UvDataset } from "../uv_dataset.ts";
import { CELLS, type Exemplars } from "./exemplars.ts";
import { transportBiases } from "./latent_transport.ts";
import { seenCells } from "./seen_cells.ts";

/** Share of the objects, the best seen ones, among which is chosen. */
const WELL_SEEN = 0.4;

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
}

/**
 * Chooses objects, and takes their textures: completed ones where there are any.
 *
 * @param candidates Objects that may be chosen
 * @param most Most exemplars, K
 * @param seed Seed of the transport from latent codes
 */
export async function chooseExemplars(
  { dataset, base, rows, codes }: ExemplarCandidates,
  most: number,
  seed: number,
): Promise<Exemplars> {
  const R = dataset.resolution, length = codes.length / rows.length;
  const shares: number[] = [];
  for (const row of rows) shares.push((await betterSide(base, row)).share);
  const chosen = spreadChoice(shares, codes, length, most), K = chosen.length;
  const colours = new Uint8Array(K * R * R / 2 * 3), seen = new Float32Array(K * CELLS);
  for (const [k, index] of chosen.entries()) {
    const { texture, alpha, map } = await betterSide(dataset, rows[index]);
    colours.set(Uint8Array.from(texture, (value) => Math.round(127.5 * (value + 1))), k * R * R / 2 * 3);
    seen.set(seenCells(alpha, map, dataset.poses, rows[index]), k * CELLS);
  }
  const own = Float32Array.from(chosen.flatMap((i) => [...codes.subarray(i * length, (i + 1) * length)]));
  return { resolution: R, codes: own, biases: transportBiases(own, length, seed), colours, seen };
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
  const order = shares.map((_, i) => i).sort((a, b) => shares[b] - shares[a] || a - b);
  const free = order.slice(0, Math.max(most, Math.ceil(WELL_SEEN * order.length)));
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
