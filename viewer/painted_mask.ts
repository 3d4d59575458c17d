/**
 * A mask that is painted stroke by stroke, with undo and redo.
 *
 * @module
 */

/** A box of pixels: first row and column, rows and columns. */
export interface PixelBox {
  /** First row. */
  readonly top: number;
  /** First column. */
  readonly left: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/** What a stroke changed: a box, and its values on the other side of the change. */
interface Change {
  readonly box: PixelBox;
  values: Uint8Array;
}

/** Changes that can be undone. */
const MOST_CHANGES = 100;

/** A mask over an image, 1 = object. */
export class PaintedMask {
  /** Values, 0 or 1, `[H, W]`. */
  readonly values: Uint8Array;
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  readonly #undone: Change[] = [];
  readonly #done: Change[] = [];
  #before: Uint8Array | null = null; // values at the start of the stroke
  #touched: PixelBox | null = null;

  /**
   * Starts with a mask.
   *
   * @param height Rows, H
   * @param width Columns, W
   * @param values 0 or 1, `[H, W]`; all 0 if left out
   */
  constructor(height: number, width: number, values: Uint8Array = new Uint8Array(height * width)) {
    if (values.length !== height * width) {
      throw new TypeError(
        `Cannot paint a mask of ${height} x ${width}: current value has ${values.length} values`,
      );
    }
    this.height = height;
    this.width = width;
    this.values = values.slice();
  }

  /** Whether there is a stroke to undo. */
  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  /** Whether there is a stroke to do again. */
  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Share of the image that is object. */
  get share(): number {
    return this.values.reduce((sum, value) => sum + value, 0) / this.values.length;
  }

  /** Starts a stroke; all that is painted until `endStroke` is undone at once. */
  startStroke(): void {
    this.#before = this.values.slice();
    this.#touched = null;
  }

  /**
   * Paints from one place to another with a round brush.
   *
   * @param from Start (column, row) in pixels, whose centres lie at halves
   * @param to End
   * @param radius Radius of the brush in pixels
   * @param value 1 paints, 0 erases
   * @returns The pixels that may have changed
   */
  paint(
    from: readonly [number, number],
    to: readonly [number, number],
    radius: number,
    value: 0 | 1,
  ): PixelBox {
    const clamp = (x: number, end: number) => Math.min(end, Math.max(0, x));
    const left = clamp(Math.floor(Math.min(from[0], to[0]) - radius), this.width);
    const right = clamp(Math.ceil(Math.max(from[0], to[0]) + radius), this.width);
    const top = clamp(Math.floor(Math.min(from[1], to[1]) - radius), this.height);
    const bottom = clamp(Math.ceil(Math.max(from[1], to[1]) + radius), this.height);
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const squared = dx * dx + dy * dy;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const [x, y] = [column + 0.5 - from[0], row + 0.5 - from[1]];
        const along = squared === 0 ? 0 : clamp((x * dx + y * dy) / squared, 1);
        if ((x - along * dx) ** 2 + (y - along * dy) ** 2 <= radius * radius) {
          this.values[row * this.width + column] = value;
        }
      }
    }
    const box = { top, left, height: bottom - top, width: right - left };
    this.#touched = this.#touched ? union(this.#touched, box) : box;
    return box;
  }

  /** Ends a stroke. */
  endStroke(): void {
    if (this.#before && this.#touched) this.#remember(this.#touched, this.#before);
    this.#before = this.#touched = null;
  }

  /** Replaces the whole mask, as one stroke. */
  replace(values: ArrayLike<number>): PixelBox {
    const before = this.values.slice(), box = { top: 0, left: 0, height: this.height, width: this.width };
    this.values.set(Uint8Array.from(values, (value) => value ? 1 : 0));
    this.#remember(box, before);
    return box;
  }

  /** Takes the last stroke back; returns the pixels that changed, or null. */
  undo(): PixelBox | null {
    return this.#swap(this.#done, this.#undone);
  }

  /** Does the stroke again that was taken back last; returns the pixels that changed, or null. */
  redo(): PixelBox | null {
    return this.#swap(this.#undone, this.#done);
  }

  #remember(box: PixelBox, before: Uint8Array): void {
    this.#done.push({ box, values: cut(before, this.width, box) });
    if (this.#done.length > MOST_CHANGES) this.#done.shift();
    this.#undone.length = 0;
  }

  #swap(from: Change[], to: Change[]): PixelBox | null {
    const change = from.pop();
    if (!change) return null;
    const now = cut(this.values, this.width, change.box), { top, left, height, width } = change.box;
    for (let row = 0; row < height; row++) {
      const values = change.values.subarray(row * width, (row + 1) * width);
      this.values.set(values, (top + row) * this.width + left);
    }
    change.values = now;
    to.push(change);
    return change.box;
  }
}

/** The values of a box, `[h, w]`. */
function cut(values: Uint8Array, columns: number, { top, left, height, width }: PixelBox): Uint8Array {
  const part = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * columns + left;
    part.set(values.subarray(start, start + width), row * width);
  }
  return part;
}

/** The smallest box around two. */
function union(a: PixelBox, b: PixelBox): PixelBox {
  const top = Math.min(a.top, b.top), left = Math.min(a.left, b.left);
  return {
    top,
    left,
    height: Math.max(a.top + a.height, b.top + b.height) - top,
    width: Math.max(a.left + a.width, b.left + b.width) - left,
  };
}
