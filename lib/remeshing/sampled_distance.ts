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

  /** How far each node is within the solid, in cells; 0 outside, `[side, side, side]`. */
  depths(): Float32Array {
    return this.#values.map((value) => Math.max(0, -value / this.#step));
  }

  /** The node that is nearest to a place, or -1 outside of the cube. */
  nodeAt(x: number, y: number, z: number): number {
    let node = 0;
    for (const value of [z, y, x]) {
      const at = Math.round((value + this.#reach) / this.#step);
      if (at < 0 || at >= this.#side) return -1;
      node = node * this.#side + at;
    }
    return node;
  }

  /** The distance at a place; outside of the cube that of the nearest place on it and the way to it. */
  at(x: number, y: number, z: number): number {
    const side = this.#side, largest = side - 1 - 1e-6, values = this.#values;
    const wx = (x + this.#reach) / this.#step;
    const wy = (y + this.#reach) / this.#step;
    const wz = (z + this.#reach) / this.#step;
    const hx = Math.min(largest, Math.max(0, wx));
    const hy = Math.min(largest, Math.max(0, wy));
    const hz = Math.min(largest, Math.max(0, wz));
    const i = Math.floor(hx), j = Math.floor(hy), k = Math.floor(hz);
    const u = hx - i, v = hy - j, w = hz - k;
    const a = (k * side + j) * side + i, b = a + side, c = a + side * side, d = c + side;
    const front = values[a] + u * (values[a + 1] - values[a]),
      back = values[b] + u * (values[b + 1] - values[b]);
    const frontUp = values[c] + u * (values[c + 1] - values[c]);
    const backUp = values[d] + u * (values[d + 1] - values[d]);
    const near = front + v * (back - front), far = frontUp + v * (backUp - frontUp);
    const beyond = Math.sqrt((wx - hx) ** 2 + (wy - hy) ** 2 + (wz - hz) ** 2);
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
