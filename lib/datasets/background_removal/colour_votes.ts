/**
 * What the colours near a pixel say: pixels that are surely object or background vote for pixels that look like them and
 * lie near them. The votes are kept in a bilateral grid (Chen, Paris and Durand 2007) over L*a*b* colour and place.
 *
 * @module
 */

/** Axes of the grid: L, a, b, row, column. */
const AXES = 5;
/** Weights of a blur by a Gaussian of one cell, cut at two cells. */
const BLUR = [0.4026, 0.2442, 0.0545] as const;
/** Votes below which nothing is said. */
const QUIET = 1e-2;
/** Largest logarithm of a ratio of votes. */
const MOST = 4;

/** Votes of an image's sure pixels. */
export class ColourVotes {
  readonly #scale: readonly number[];
  readonly #least: readonly number[];
  readonly #size: readonly number[];
  readonly #stride: readonly number[];
  readonly #object: Float32Array;
  readonly #background: Float32Array;

  /**
   * @param lab Colours, `[H, W, 3]`
   * @param height Rows, H
   * @param width Columns, W
   * @param belief From −1, surely background, to 1, surely object, `[H, W]`
   * @param options `colour`: side of a cell in units of L*a*b*, 6 by default; `place`: side of a cell as a share
   *   of the image's longer side, 0.2 by default
   */
  constructor(
    lab: Float32Array,
    height: number,
    width: number,
    belief: Float32Array,
    { colour = 6, place = 0.2 }: { readonly colour?: number; readonly place?: number } = {},
  ) {
    const pixels = place * Math.max(height, width);
    const least = [Infinity, Infinity, Infinity], most = [-Infinity, -Infinity, -Infinity];
    for (let k = 0; k < lab.length; k++) {
      least[k % 3] = Math.min(least[k % 3], lab[k]);
      most[k % 3] = Math.max(most[k % 3], lab[k]);
    }
    this.#scale = [1 / colour, 1 / colour, 1 / colour, 1 / pixels, 1 / pixels];
    this.#least = [...least, 0, 0];
    const ends = [...most, height, width];
    this.#size = ends.map((end, k) => Math.ceil((end - this.#least[k]) * this.#scale[k]) + 3); // a cell of room each side
    const stride = new Array<number>(AXES).fill(1);
    for (let k = AXES - 2; k >= 0; k--) stride[k] = stride[k + 1] * this.#size[k + 1];
    this.#stride = stride;
    const cells = stride[0] * this.#size[0];
    this.#object = new Float32Array(cells); // [L, a, b, y, x]
    this.#background = new Float32Array(cells); // [L, a, b, y, x]
    for (let i = 0, p = 0; i < height; i++) {
      for (let j = 0; j < width; j++, p++) {
        const cell = this.#cellOf(lab[3 * p], lab[3 * p + 1], lab[3 * p + 2], i, j);
        if (belief[p] > 0) this.#object[cell] += belief[p];
        else this.#background[cell] -= belief[p];
      }
    }
    this.#object = this.#blurred(this.#object);
    this.#background = this.#blurred(this.#background);
  }

  /**
   * Logarithm of the votes for the object over those for the background at a colour and a place, −4 to 4.
   *
   * @param l Lightness
   * @param a First colour
   * @param b Second colour
   * @param row Row in the image that voted; may lie between rows
   * @param column Its column
   */
  at(l: number, a: number, b: number, row: number, column: number): number {
    const place = [l, a, b, row, column], part = new Array<number>(AXES);
    let base = 0;
    for (let k = 0; k < AXES; k++) {
      const x = Math.min(
        Math.max((place[k] - this.#least[k]) * this.#scale[k] + 1, 0),
        this.#size[k] - 1.001,
      );
      const cell = Math.floor(x);
      part[k] = x - cell;
      base += cell * this.#stride[k];
    }
    let object = QUIET, background = QUIET;
    for (let corner = 0; corner < 1 << AXES; corner++) {
      let weight = 1, cell = base;
      for (let k = 0; k < AXES; k++) {
        if (corner >> k & 1) {
          weight *= part[k];
          cell += this.#stride[k];
        } else weight *= 1 - part[k];
      }
      object += weight * this.#object[cell];
      background += weight * this.#background[cell];
    }
    return Math.min(Math.max(Math.log(object / background), -MOST), MOST);
  }

  #cellOf(l: number, a: number, b: number, i: number, j: number): number {
    const [sl, sa, sb, sy, sx] = this.#scale, [dl, da, db, dy] = this.#stride;
    const [ll, la, lb] = this.#least;
    return Math.round((l - ll) * sl + 1) * dl + Math.round((a - la) * sa + 1) * da +
      Math.round((b - lb) * sb + 1) * db + Math.round(i * sy + 1) * dy + Math.round(j * sx + 1);
  }

  /** Blurred along each axis; nothing lies outside. */
  #blurred(grid: Float32Array): Float32Array {
    let from: Float32Array = grid, to: Float32Array = new Float32Array(grid.length);
    for (let k = 0; k < AXES; k++) {
      const step = this.#stride[k], length = this.#size[k];
      for (let cell = 0; cell < from.length; cell++) {
        const at = Math.floor(cell / step) % length;
        let sum = BLUR[0] * from[cell];
        for (let d = 1; d < BLUR.length; d++) {
          if (at >= d) sum += BLUR[d] * from[cell - d * step];
          if (at + d < length) sum += BLUR[d] * from[cell + d * step];
        }
        to[cell] = sum;
      }
      [from, to] = [to, from];
    }
    return from;
  }
}
