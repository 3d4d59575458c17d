/**
 * Loops of bilinear sampling at places of a grid, forward and backward.
 *
 * The forward pass keeps the slopes of what it samples, so that the backward pass does not read the map again: its places
 * lie anywhere, which takes longer than the arithmetic.
 *
 * @module
 */

/** Size of a map. */
export interface MapSize {
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Channels, C. */
  readonly channels: number;
}

/** Channels of images: loops over a number that the compiler knows take a fifth less time. */
const COLOURS = 3;

/**
 * Samples a map; beyond it is 0.
 *
 * @param map Map, `[H, W, C]`
 * @param grid Places (x, y), −1 and 1 at the edges, `[N, 2]`
 * @param values Overwritten, `[N, C]`
 * @param slopes Overwritten: changes of the values by a pixel to the right and by one down, `[N, C, 2]`
 */
export function sampleForward(
  size: MapSize,
  map: Float32Array,
  grid: Float32Array,
  values: Float32Array,
  slopes: Float32Array,
): void {
  const { height, width, channels } = size, patch = new Float32Array(4 * channels);
  for (let n = 0, s = 0; 2 * n < grid.length; n++, s += channels) {
    const x = (grid[2 * n] + 1) * width / 2 - 0.5, y = (grid[2 * n + 1] + 1) * height / 2 - 0.5;
    if (x >= 0 && x < width - 1 && y >= 0 && y < height - 1) {
      const column = x | 0, row = y | 0, t = (row * width + column) * channels, b = t + width * channels;
      if (channels === COLOURS) blend(map, t, b, COLOURS, x - column, y - row, values, slopes, s);
      else blend(map, t, b, channels, x - column, y - row, values, slopes, s);
    } else if (x > -1 && x < width && y > -1 && y < height) {
      const column = Math.floor(x), row = Math.floor(y);
      eachTexelInside(size, row, column, (i, k) => {
        for (let c = 0; c < channels; c++) patch[k + c] = map[i + c];
      });
      blend(patch, 0, 2 * channels, channels, x - column, y - row, values, slopes, s);
      patch.fill(0);
    } else {
      values.fill(0, s, s + channels);
      slopes.fill(0, 2 * s, 2 * (s + channels));
    }
  }
}

/** Values and slopes between four texels: two at t in the upper row, two at b in the lower one. */
function blend(
  texels: Float32Array,
  t: number,
  b: number,
  channels: number,
  fx: number,
  fy: number,
  values: Float32Array,
  slopes: Float32Array,
  s: number,
): void {
  for (let c = 0; c < channels; c++) {
    const upper = texels[t + c], lower = texels[b + c];
    const acrossUpper = texels[t + channels + c] - upper, acrossLower = texels[b + channels + c] - lower;
    const top = upper + fx * acrossUpper, down = lower + fx * acrossLower - top;
    values[s + c] = top + fy * down;
    slopes[2 * (s + c)] = acrossUpper + fy * (acrossLower - acrossUpper);
    slopes[2 * (s + c) + 1] = down;
  }
}

/** Calls for those of four neighbouring texels that lie inside, with their places in the map and among the four. */
function eachTexelInside(
  { height, width, channels }: MapSize,
  row: number,
  column: number,
  visit: (inMap: number, inPatch: number) => void,
): void {
  for (let k = 0; k < 4; k++) {
    const i = row + (k >> 1), j = column + (k & 1);
    if (i >= 0 && i < height && j >= 0 && j < width) visit((i * width + j) * channels, k * channels);
  }
}

/**
 * Gradients of {@linkcode sampleForward}.
 *
 * @param dy Gradient of the values, `[N, C]`
 * @param slopes What the forward pass kept, `[N, C, 2]`
 * @param grid Places, `[N, 2]`
 * @param ofMap Overwritten, `[H, W, C]`
 * @param ofGrid Overwritten, `[N, 2]`
 */
export function sampleBackward(
  size: MapSize,
  dy: Float32Array,
  slopes: Float32Array,
  grid: Float32Array,
  ofMap: Float32Array,
  ofGrid: Float32Array,
): void {
  const { height, width, channels } = size, patch = new Float32Array(4 * channels);
  ofMap.fill(0);
  for (let n = 0, s = 0; 2 * n < grid.length; n++, s += channels) {
    const x = (grid[2 * n] + 1) * width / 2 - 0.5, y = (grid[2 * n + 1] + 1) * height / 2 - 0.5;
    if (x >= 0 && x < width - 1 && y >= 0 && y < height - 1) {
      const column = x | 0, row = y | 0, t = (row * width + column) * channels, b = t + width * channels;
      if (channels === COLOURS) spread(dy, s, COLOURS, x - column, y - row, ofMap, t, b);
      else spread(dy, s, channels, x - column, y - row, ofMap, t, b);
    } else if (x > -1 && x < width && y > -1 && y < height) {
      const column = Math.floor(x), row = Math.floor(y);
      spread(dy, s, channels, x - column, y - row, patch, 0, 2 * channels);
      eachTexelInside(size, row, column, (i, k) => {
        for (let c = 0; c < channels; c++) ofMap[i + c] += patch[k + c];
      });
      patch.fill(0);
    }
    let slopeX = 0, slopeY = 0;
    for (let c = s; c < s + channels; c++) {
      slopeX += dy[c] * slopes[2 * c], slopeY += dy[c] * slopes[2 * c + 1];
    }
    ofGrid[2 * n] = slopeX * width / 2, ofGrid[2 * n + 1] = slopeY * height / 2;
  }
}

/** Adds to four texels: two at t in the upper row, two at b in the lower one. */
function spread(
  dy: Float32Array,
  s: number,
  channels: number,
  fx: number,
  fy: number,
  texels: Float32Array,
  t: number,
  b: number,
): void {
  for (let c = 0; c < channels; c++) {
    const lower = fy * dy[s + c], upper = dy[s + c] - lower;
    const upperRight = fx * upper, lowerRight = fx * lower;
    texels[t + c] += upper - upperRight, texels[t + channels + c] += upperRight;
    texels[b + c] += lower - lowerRight, texels[b + channels + c] += lowerRight;
  }
}
