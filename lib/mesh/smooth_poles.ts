/**
 * Textures without a star at the poles.
 *
 * Three things make one. Columns run together at a pole, so that neighbouring texels become thin rays. The triangles of the
 * caps narrow towards the poles in the UV square as on the surface, so that texels lie between them that no photograph can
 * show; networks are free to make them anything, and bilinear sampling mixes them in along the edges. And the few texels
 * nearest to a pole are learnt from few pixels.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { SPHERE_RINGS, SPHERE_SEGMENTS } from "./_sphere_elements.ts";

/** Standard deviation of the blur along a row, in columns, where they are √½ as wide as at the equator. */
const BLUR_AROUND = 1;
/** Standard deviation of the blur across the rows at a pole, and how far it reaches, in steps between the sphere's rings. */
const BLUR_ACROSS = 0.5, REACH_ACROSS = 2;
/** Weights further away than this are not counted, in standard deviations. */
const TAIL = 4;

/** Colours at W places evenly around the surface, `[W, C]`, and the share of the row's texels that lie on a triangle. */
interface SurfaceRow {
  readonly colours: Float64Array;
  readonly covered: number;
}

/**
 * Smooths a texture of the sphere topology towards its poles, for people to look at.
 *
 * Rows are blurred along themselves the more the closer their columns are on the sphere, nowhere at the equator and over all
 * columns at a pole, so that details are as wide everywhere; the rows within two rings of a pole are also blurred across,
 * weighted by area. Only texels on triangles count; the others take over the colours beside them on the surface.
 *
 * @param texture The texture, `[H, W, C]`
 * @returns A new texture, `[H, W, C]`; both rows at the poles have one colour each
 * @throws {RangeError} If the width is no multiple of 32
 */
export function smoothPoles(texture: FloatImage): FloatImage {
  const { height, width, channels } = texture;
  if (width % SPHERE_SEGMENTS !== 0) {
    throw new RangeError(
      `Cannot smooth poles as the width must be a multiple of ${SPHERE_SEGMENTS}: current value is ${width}`,
    );
  }
  const data = texture.data.slice() as FloatImage["data"]; // [H, W, C]
  const rows = Array.from({ length: height }, (_, row) => unfold(texture, row));
  for (let row = 0; row < height; row++) {
    const v = row / (height - 1);
    const around = blurAround(blurAcross(rows, row), channels, BLUR_AROUND / Math.abs(Math.tan(Math.PI * v)));
    fold(around, channels, v, data.subarray(row * width * channels, (row + 1) * width * channels));
  }
  return { data, height, width, channels };
}

/** Share of its cell's width that a triangle has at a height: below 1 in the caps only. */
function shareOfCell(v: number): number {
  return Math.min(1, SPHERE_RINGS * Math.min(v, 1 - v));
}

/** A row as it lies on the surface, learnt at v = (row + ½)/H from the texels on triangles. */
function unfold({ data, height, width, channels }: FloatImage, row: number): SurfaceRow {
  const source = data.subarray(row * width * channels, (row + 1) * width * channels);
  const share = shareOfCell((row + 0.5) / height), cell = width / SPHERE_SEGMENTS;
  if (share === 1) return { colours: Float64Array.from(source), covered: 1 };
  const first = Math.ceil(cell / 2 * (1 - share) - 0.5 - 1e-9), count = cell - 2 * first; // of a triangle's columns
  const colours = new Float64Array(source.length); // [W, C]
  for (let n = 0; count > 0 && n < width; n++) {
    const place = (n + 0.5) * count / cell - 0.5; // in columns of triangles, which are side by side on the surface
    const column = (k: number) => Math.floor(k / count) * cell + first + (k + count) % count;
    interpolate(source, channels, column, place, colours.subarray(n * channels, (n + 1) * channels));
  }
  return { colours, covered: count / cell };
}

/** Puts a row of the surface where the triangles at the height v show it; between them it goes on with their edges. */
function fold(colours: Float64Array, channels: number, v: number, target: FloatImage["data"]): void {
  const width = colours.length / channels, cell = width / SPHERE_SEGMENTS, share = shareOfCell(v);
  for (let j = 0; j < width; j++) {
    const middle = (Math.floor(j / cell) + 0.5) * cell, aside = share > 0 ? (j + 0.5 - middle) / share : 0;
    const place = middle + Math.max(-cell / 2, Math.min(cell / 2, aside)) - 0.5;
    interpolate(colours, channels, (k) => k, place, target.subarray(j * channels, (j + 1) * channels));
  }
}

/** Writes the colour between the two columns beside a place, around the sphere. */
function interpolate(
  row: FloatImage["data"],
  channels: number,
  column: (k: number) => number,
  place: number,
  out: FloatImage["data"],
): void {
  const width = row.length / channels, left = Math.floor(place), part = place - left;
  const [a, b] = [left, left + 1].map((k) => (column(k) + width) % width * channels);
  for (let c = 0; c < channels; c++) {
    out[c] = part === 0 ? row[a + c] : (1 - part) * row[a + c] + part * row[b + c];
  }
}

/** The mean of the rows around one, weighted by nearness, area and how much of them is covered. */
function blurAcross(rows: readonly SurfaceRow[], row: number): Float64Array {
  const height = rows.length, ring = height / SPHERE_RINGS;
  const rings = Math.min(row, height - 1 - row) / ring; // from the pole
  const deviation = BLUR_ACROSS * ring * (1 - rings / REACH_ACROSS);
  if (deviation <= 0) return rows[row].colours;
  const reach = Math.ceil(TAIL * deviation), out = new Float64Array(rows[row].colours.length); // [W, C]
  let total = 0;
  for (let other = Math.max(0, row - reach); other <= Math.min(height - 1, row + reach); other++) {
    const area = Math.sin(Math.PI * (other + 0.5) / height);
    const weight = rows[other].covered * area * Math.exp(-((other - row) ** 2) / (2 * deviation ** 2));
    total += weight;
    rows[other].colours.forEach((value, i) => out[i] += weight * value);
  }
  return out.map((value) => value / total);
}

/** A row blurred along itself, around the sphere. */
function blurAround(colours: Float64Array, channels: number, deviation: number): Float64Array {
  const width = colours.length / channels, reach = Math.min(width / 2, Math.ceil(TAIL * deviation));
  const first = reach === width / 2 ? 1 - reach : -reach; // the column on the far side counts once
  const weights = Array.from(
    { length: reach - first + 1 },
    (_, i) => Math.exp(-(((i + first) / deviation) ** 2) / 2),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const out = new Float64Array(colours.length); // [W, C]
  for (let j = 0; j < width; j++) {
    weights.forEach((weight, i) => {
      const from = (j + i + first + width) % width * channels;
      for (let c = 0; c < channels; c++) out[j * channels + c] += weight / total * colours[from + c];
    });
  }
  return out;
}
