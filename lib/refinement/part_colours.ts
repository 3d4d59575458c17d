/**
 * Colours of an object's parts: what a photograph shows of a part tells the colour of the rest of it.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { PartialTexture } from "./partial_texture.ts";
import type { TexelSurface } from "./texel_surface.ts";

/** Least share of the vertices that a part holds; smaller ones, such as lights, differ from place to place. */
const LEAST_PART = 0.04;
/** Least share of a part's texels that must be known for its colour to be taken. */
const LEAST_KNOWN = 0.1;
/** Sharpness of the borders between parts inside of a triangle: 1 is linear. */
const SHARPNESS = 4;
/** Rounds in which a vertex takes a part of its share from its neighbours. */
const ROUNDS = 1;
/** How much of it. */
const NEIGHBOURS = 0.4;
/** Steps of a channel in which colours are counted; neighbouring steps are alike. */
const STEPS = 12;
/** Least share of a part's known texels that must be of its most frequent colour. */
const LEAST_COMMON = 0.3;

/**
 * A texture in which each part has one colour, the most frequent one of its known texels.
 *
 * @param texture What is known, `[R, R]`
 * @param partLabels Part of each vertex, `[V]`
 * @param surface Places of the texels, `[R, R]`
 * @param areas How much each texel counts, `[R, R]`
 * @returns Colours where a part has one, `[R, R]`; confidence is 1 there, 0 elsewhere
 */
export function partColours(
  texture: PartialTexture,
  partLabels: ArrayLike<number>,
  surface: TexelSurface,
  areas: Float32Array,
): PartialTexture {
  const parts = largeParts(partLabels), count = parts.size, texels = texture.confidence.length;
  const sharp = partShares(partLabels, parts, surface, 0),
    shares = partShares(partLabels, parts, surface, ROUNDS);
  const common = Array.from({ length: count }, (_, p) => commonColour(texture, areas, sharp, p, count));
  const colours = new Float32Array(3 * texels), confidence = new Float32Array(texels);
  for (let texel = 0; texel < texels; texel++) {
    let total = 0;
    for (let p = 0; p < count; p++) {
      const share = shares[texel * count + p], colour = common[p];
      if (share === 0 || colour === null) continue;
      total += share;
      for (let c = 0; c < 3; c++) colours[3 * texel + c] += share * colour[c];
    }
    if (total < 0.5) continue;
    for (let c = 0; c < 3; c++) colours[3 * texel + c] /= total;
    confidence[texel] = 1;
  }
  return { resolution: texture.resolution, colours, confidence };
}

/**
 * Area of each texel on the screen, in any unit, `[R, R]`.
 *
 * @param screen Projected vertices, `[V, 3]`
 */
export function texelAreas(
  screen: FloatArray,
  { resolution: R, corners, weights }: TexelSurface,
): Float32Array {
  const place = new Float32Array(2 * R * R), areas = new Float32Array(R * R); // [R, R, 2]
  for (let k = 0; k < corners.length; k++) {
    const texel = Math.floor(k / 3);
    for (let c = 0; c < 2; c++) place[2 * texel + c] += weights[k] * screen[3 * corners[k] + c];
  }
  for (let texel = 0; texel < R * R; texel++) {
    const row = Math.floor(texel / R), next = texel % R === R - 1 ? texel - R + 1 : texel + 1;
    const below = row === R - 1 ? texel - R : texel + R;
    const [x, y] = [place[2 * texel], place[2 * texel + 1]];
    const ux = place[2 * next] - x, uy = place[2 * next + 1] - y;
    areas[texel] = Math.abs(ux * (place[2 * below + 1] - y) - uy * (place[2 * below] - x));
  }
  return areas;
}

/** Numbers of the parts that are large enough, by their labels. */
function largeParts(partLabels: ArrayLike<number>): Map<number, number> {
  const sizes = new Map<number, number>();
  for (let v = 0; v < partLabels.length; v++) sizes.set(partLabels[v], (sizes.get(partLabels[v]) ?? 0) + 1);
  const large = [...sizes].filter(([, size]) => size >= LEAST_PART * partLabels.length);
  return new Map(large.map(([label], p) => [label, p]));
}

/** How much each texel belongs to each part; vertices of small parts belong to none, `[R, R, P]`. */
function partShares(
  partLabels: ArrayLike<number>,
  parts: ReadonlyMap<number, number>,
  { corners, weights }: TexelSurface,
  rounds: number,
): Float32Array {
  const count = parts.size, ofVertices = smoothShares(partLabels, parts, rounds);
  const shares = new Float32Array(corners.length / 3 * count);
  for (let k = 0; k < corners.length; k++) {
    const to = Math.floor(k / 3) * count, from = corners[k] * count;
    for (let p = 0; p < count; p++) shares[to + p] += weights[k] * ofVertices[from + p];
  }
  for (let start = 0; start < shares.length; start += count) {
    let total = 0;
    for (let p = start; p < start + count; p++) total += shares[p] = shares[p] ** SHARPNESS;
    for (let p = start; p < start + count; p++) shares[p] /= Math.max(total, 1e-12);
  }
  return shares;
}

/** How much each vertex belongs to each part, after rounds that round the parts' borders, `[V, P]`. */
function smoothShares(
  partLabels: ArrayLike<number>,
  parts: ReadonlyMap<number, number>,
  rounds: number,
): Float32Array {
  const count = parts.size, { faces } = sphereTopology();
  let shares = new Float32Array(partLabels.length * count); // [V, P]
  for (let v = 0; v < partLabels.length; v++) {
    const part = parts.get(partLabels[v]);
    if (part !== undefined) shares[v * count + part] = 1;
  }
  for (let round = 0; round < rounds; round++) {
    const sums = new Float32Array(shares.length), counts = new Float32Array(partLabels.length);
    faces.forEach((v, k) => {
      const next = faces[k % 3 === 2 ? k - 2 : k + 1]; // each edge is gone through from both faces
      counts[v]++;
      for (let p = 0; p < count; p++) sums[v * count + p] += shares[next * count + p];
    });
    shares = shares.map((share, k) => share + NEIGHBOURS * (sums[k] / counts[Math.floor(k / count)] - share));
  }
  return shares;
}

/** The most frequent colour of the known texels of a part; null if too few are known, or they have no colour in common. */
function commonColour(
  { colours, confidence }: PartialTexture,
  areas: Float32Array,
  shares: Float32Array,
  part: number,
  count: number,
): number[] | null {
  const cells = new Float64Array(STEPS ** 3); // [r, g, b]
  const weightOf = (texel: number) => shares[texel * count + part] * confidence[texel] * areas[texel];
  let all = 0, seen = 0, known = 0;
  for (let texel = 0; texel < confidence.length; texel++) {
    const share = shares[texel * count + part], weight = weightOf(texel);
    all += share;
    seen += share * confidence[texel];
    known += weight;
    if (weight > 0) cells[cellOf(colours, texel)] += weight;
  }
  if (known === 0 || seen < LEAST_KNOWN * all) return null;
  const peak = indexOfLargest(blurredCells(cells)), sum = [0, 0, 0];
  let common = 0;
  for (let texel = 0; texel < confidence.length; texel++) {
    const weight = weightOf(texel);
    if (weight === 0 || !areNeighbours(cellOf(colours, texel), peak)) continue;
    common += weight;
    for (let c = 0; c < 3; c++) sum[c] += weight * colours[3 * texel + c];
  }
  return common < LEAST_COMMON * known ? null : sum.map((value) => value / common);
}

/** Cell of a texel's colour. */
function cellOf(colours: Float32Array, texel: number): number {
  let cell = 0;
  for (let c = 0; c < 3; c++) {
    const value = Math.floor(STEPS * colours[3 * texel + c]);
    cell = STEPS * cell + Math.min(STEPS - 1, Math.max(0, value));
  }
  return cell;
}

/** Steps of a cell along each channel. */
const stepsOf = (
  cell: number,
) => [Math.floor(cell / STEPS ** 2), Math.floor(cell / STEPS) % STEPS, cell % STEPS];

function areNeighbours(a: number, b: number): boolean {
  const other = stepsOf(b);
  return stepsOf(a).every((step, c) => Math.abs(step - other[c]) <= 1);
}

/** Sums over each cell and its neighbours. */
function blurredCells(cells: Float64Array): Float64Array {
  let from = cells;
  for (let c = 0; c < 3; c++) {
    const stride = STEPS ** c, to = new Float64Array(from.length);
    from.forEach((value, cell) => {
      const step = Math.floor(cell / stride) % STEPS;
      to[cell] += value;
      if (step > 0) to[cell - stride] += value;
      if (step < STEPS - 1) to[cell + stride] += value;
    });
    from = to;
  }
  return from;
}

const indexOfLargest = (values: Float64Array) =>
  values.reduce((best, value, k) => value > values[best] ? k : best, 0);
