/**
 * A signed distance on a cubic grid.
 *
 * @module
 */

/** Distances at the nodes of a cube about the origin, interpolated between them. */
export class SampledDistance {
  readonly #values: Float32Array;
  readonly #side: number;
  readonly #step: number;
  readonly #reach: number;

  private constructor(values: Float32Array, side: number, step: number, reach: number) {
    this.#values = values;
    this.#side = side;
    this.#step = step;
    this.#reach = reach;
  }

  /**
   * Distances to the border of a set of nodes, smoothed by one cell.
   *
   * @param inside 1 inside of the solid, `[side, side, side]` (z, y, x)
   * @param side Nodes along a side
   * @param step Distance of two nodes
   * @param reach Coordinate of the last node; the first one is at its negative
   */
  static fromInside(inside: Uint8Array, side: number, step: number, reach: number): SampledDistance {
    const outwards = squaredDistances(inside, side, 1), inwards = squaredDistances(inside, side, 0);
    let values: Float32Array = outwards.map((square, i) =>
      step * (Math.sqrt(square) - Math.sqrt(inwards[i]))
    );
    for (const stride of [1, side, side * side]) values = smoothed(values, side, stride);
    return new SampledDistance(values, side, step, reach);
  }

  /** The distance at a place; outside of the cube that of the nearest place on it and the way to it. */
  at(x: number, y: number, z: number): number {
    const last = this.#side - 1, side = this.#side;
    const wanted = [x, y, z].map((value) => (value + this.#reach) / this.#step);
    const held = wanted.map((value) => Math.min(last - 1e-6, Math.max(0, value)));
    const [i, j, k] = held.map(Math.floor);
    const [u, v, w] = [held[0] - i, held[1] - j, held[2] - k];
    const o = (k * side + j) * side + i, values = this.#values;
    const row = (at: number) => values[at] + u * (values[at + 1] - values[at]);
    const near = row(o) + v * (row(o + side) - row(o));
    const far = row(o + side * side) + v * (row(o + side * side + side) - row(o + side * side));
    const beyond = Math.sqrt(wanted.reduce((sum, value, axis) => sum + (value - held[axis]) ** 2, 0));
    return near + w * (far - near) + beyond * this.#step;
  }
}

/** Squared distance, in cells, of each node to the nearest one that has a value, `[side, side, side]`. */
function squaredDistances(inside: Uint8Array, side: number, value: number): Float32Array {
  const far = 3 * side * side;
  const squares = Float32Array.from(inside, (own) => own === value ? 0 : far);
  const line = new Float64Array(side), parabolas = new Int32Array(side), borders = new Float64Array(side + 1);
  for (const stride of [1, side, side * side]) {
    for (let start = 0; start < squares.length; start++) {
      if (Math.floor(start / stride) % side !== 0) continue;
      for (let k = 0; k < side; k++) line[k] = squares[start + k * stride];
      lowerEnvelope(line, parabolas, borders);
      for (let k = 0, p = 0; k < side; k++) {
        while (borders[p + 1] < k) p++;
        squares[start + k * stride] = (k - parabolas[p]) ** 2 + line[parabolas[p]];
      }
    }
  }
  return squares;
}

/** Which of the parabolas (x − k)² + line[k] is the lowest from where on. */
function lowerEnvelope(line: Float64Array, parabolas: Int32Array, borders: Float64Array): void {
  let last = 0;
  parabolas[0] = 0;
  borders[0] = -Infinity;
  borders[1] = Infinity;
  for (let k = 1; k < line.length; k++) {
    let border = 0;
    for (;; last--) {
      const p = parabolas[last];
      border = (line[k] + k * k - line[p] - p * p) / (2 * (k - p));
      if (border > borders[last]) break;
    }
    parabolas[++last] = k;
    borders[last] = border;
    borders[last + 1] = Infinity;
  }
}

/** Weights ¼, ½, ¼ along one axis. */
function smoothed(values: Float32Array, side: number, stride: number): Float32Array {
  return values.map((value, i) => {
    const at = Math.floor(i / stride) % side;
    const before = at > 0 ? values[i - stride] : value, after = at < side - 1 ? values[i + stride] : value;
    return (before + 2 * value + after) / 4;
  });
}
