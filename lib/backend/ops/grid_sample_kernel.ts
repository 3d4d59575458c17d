/**
 * Loops of bilinear sampling at places of a grid, forward and backward.
 *
 * @module
 */

/** Sizes of maps `[B, H, W, C]`, and number of places on each. */
export interface SampledMaps {
  /** Maps, B. */
  readonly batch: number;
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Channels, C. */
  readonly channels: number;
  /** Places on each map, N. */
  readonly places: number;
}

/** The four texels around a place: where they lie, their shares, and 1 for what is inside the map, else 0. */
const taps = { tl: 0, tr: 0, bl: 0, br: 0, fx: 0, fy: 0, left: 0, right: 0, top: 0, bottom: 0 };

/** Finds the texels of place n; false where all are outside. Texels outside are read at some place inside, for nothing. */
function findTexels(
  { height, width, channels, places }: SampledMaps,
  grid: Float32Array,
  n: number,
): boolean {
  const x = (grid[2 * n] + 1) * width / 2 - 0.5, y = (grid[2 * n + 1] + 1) * height / 2 - 0.5;
  if (!(x > -1 && x < width && y > -1 && y < height)) return false;
  const column = (x + 1 | 0) - 1, row = (y + 1 | 0) - 1; // rounded down
  taps.fx = x - column, taps.fy = y - row;
  taps.left = column >= 0 ? 1 : 0, taps.right = column + 1 < width ? 1 : 0;
  taps.top = row >= 0 ? 1 : 0, taps.bottom = row + 1 < height ? 1 : 0;
  const above = (Math.floor(n / places) * height + row + 1 - taps.top) * width + column;
  const below = taps.bottom && taps.top ? above + width : above;
  taps.tl = (above + 1 - taps.left) * channels, taps.tr = (above + taps.right) * channels;
  taps.bl = (below + 1 - taps.left) * channels, taps.br = (below + taps.right) * channels;
  return true;
}

/**
 * Samples maps; beyond them is 0.
 *
 * @param maps Maps, `[B, H, W, C]`
 * @param grid Places (x, y), −1 and 1 at the edges, `[B, N, 2]`
 * @param values Overwritten, `[B, N, C]`
 */
export function sampleForward(
  sizes: SampledMaps,
  maps: Float32Array,
  grid: Float32Array,
  values: Float32Array,
): void {
  const { batch, channels, places } = sizes;
  for (let n = 0; n < batch * places; n++) {
    const s = n * channels;
    if (!findTexels(sizes, grid, n)) {
      for (let c = 0; c < channels; c++) values[s + c] = 0;
      continue;
    }
    const { tl, tr, bl, br, fx, fy, left, right, top, bottom } = taps;
    const wl = (1 - fx) * left, wr = fx * right, wt = (1 - fy) * top, wb = fy * bottom;
    const wtl = wt * wl, wtr = wt * wr, wbl = wb * wl, wbr = wb * wr;
    if (channels === 3) { // of pictures: twice as fast without the loop
      values[s] = wtl * maps[tl] + wtr * maps[tr] + wbl * maps[bl] + wbr * maps[br];
      values[s + 1] = wtl * maps[tl + 1] + wtr * maps[tr + 1] + wbl * maps[bl + 1] + wbr * maps[br + 1];
      values[s + 2] = wtl * maps[tl + 2] + wtr * maps[tr + 2] + wbl * maps[bl + 2] + wbr * maps[br + 2];
      continue;
    }
    for (let c = 0; c < channels; c++) {
      values[s + c] = wtl * maps[tl + c] + wtr * maps[tr + c] + wbl * maps[bl + c] + wbr * maps[br + c];
    }
  }
}

/**
 * Gradients of {@linkcode sampleForward}.
 *
 * @param dy Gradient of the values, `[B, N, C]`
 * @param maps Maps, `[B, H, W, C]`
 * @param grid Places, `[B, N, 2]`
 * @param ofMaps Overwritten, `[B, H, W, C]`
 * @param ofGrid Overwritten, `[B, N, 2]`
 */
export function sampleBackward(
  sizes: SampledMaps,
  dy: Float32Array,
  maps: Float32Array,
  grid: Float32Array,
  ofMaps: Float32Array,
  ofGrid: Float32Array,
): void {
  const { batch, height, width, channels, places } = sizes;
  ofMaps.fill(0);
  for (let n = 0; n < batch * places; n++) {
    let slopeX = 0, slopeY = 0;
    if (findTexels(sizes, grid, n)) {
      const { tl, tr, bl, br, fx, fy, left, right, top, bottom } = taps;
      const wl = (1 - fx) * left, wr = fx * right, wt = (1 - fy) * top, wb = fy * bottom;
      const wtl = wt * wl, wtr = wt * wr, wbl = wb * wl, wbr = wb * wr;
      let a = 0, b = 0, d = 0, e = 0; // gradients of the four shares
      const s = n * channels;
      if (channels === 3) {
        const g0 = dy[s], g1 = dy[s + 1], g2 = dy[s + 2];
        a = g0 * maps[tl] + g1 * maps[tl + 1] + g2 * maps[tl + 2];
        b = g0 * maps[tr] + g1 * maps[tr + 1] + g2 * maps[tr + 2];
        d = g0 * maps[bl] + g1 * maps[bl + 1] + g2 * maps[bl + 2];
        e = g0 * maps[br] + g1 * maps[br + 1] + g2 * maps[br + 2];
        ofMaps[tl] += wtl * g0, ofMaps[tl + 1] += wtl * g1, ofMaps[tl + 2] += wtl * g2;
        ofMaps[tr] += wtr * g0, ofMaps[tr + 1] += wtr * g1, ofMaps[tr + 2] += wtr * g2;
        ofMaps[bl] += wbl * g0, ofMaps[bl + 1] += wbl * g1, ofMaps[bl + 2] += wbl * g2;
        ofMaps[br] += wbr * g0, ofMaps[br + 1] += wbr * g1, ofMaps[br + 2] += wbr * g2;
      } else {for (let c = 0; c < channels; c++) {
          const gradient = dy[s + c];
          a += gradient * maps[tl + c], b += gradient * maps[tr + c];
          d += gradient * maps[bl + c], e += gradient * maps[br + c];
          ofMaps[tl + c] += wtl * gradient, ofMaps[tr + c] += wtr * gradient;
          ofMaps[bl + c] += wbl * gradient, ofMaps[br + c] += wbr * gradient;
        }}
      slopeX = wt * (right * b - left * a) + wb * (right * e - left * d);
      slopeY = wl * (bottom * d - top * a) + wr * (bottom * e - top * b);
    }
    ofGrid[2 * n] = slopeX * width / 2, ofGrid[2 * n + 1] = slopeY * height / 2;
  }
}
