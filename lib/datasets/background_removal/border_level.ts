/**
 * The level of a map along the image's border, where background lies.
 *
 * @module
 */
import { resizeMap } from "./resize_map.ts";

/** Most cells a side of the grid on which the level is found. */
const MOST_CELLS = 24;
/** Share of the level that is taken off. */
const SHARE = 0.7;
/** Exponent of the distance by which a border cell counts less. */
const FALL = 3;

/**
 * A map less most of its level on the border, carried inwards by inverse distances.
 *
 * @param values Values, `[H, W]`
 * @param height Rows, H
 * @param width Columns, W
 * @returns Values, `[H, W]`
 */
export function withoutBorderLevel(values: Float32Array, height: number, width: number): Float32Array {
  const side = Math.min(MOST_CELLS, height, width), sums = new Float64Array(side * side); // [side, side]
  const counts = new Float64Array(side * side); // [side, side]
  for (let i = 0, p = 0; i < height; i++) {
    for (let j = 0; j < width; j++, p++) {
      const cell = Math.floor(i * side / height) * side + Math.floor(j * side / width);
      sums[cell] += values[p];
      counts[cell]++;
    }
  }
  const border: number[] = [];
  for (let p = 0; p < side * side; p++) {
    const i = Math.floor(p / side), j = p % side;
    if (i === 0 || j === 0 || i === side - 1 || j === side - 1) border.push(p);
  }
  const level = new Float32Array(side * side); // [side, side]
  for (let p = 0; p < level.length; p++) {
    let sum = 0, weights = 0;
    for (const q of border) {
      const down = Math.floor(p / side) - Math.floor(q / side), right = p % side - q % side;
      const weight = (down * down + right * right + 1) ** (-FALL / 2);
      sum += weight * sums[q] / counts[q];
      weights += weight;
    }
    level[p] = sum / weights;
  }
  const whole = resizeMap({ data: level, height: side, width: side }, height, width);
  return values.map((value, p) => value - SHARE * whole[p]);
}
