/**
 * Padding by hand, so that every convolution runs as `valid`.
 *
 * @module
 */
import { type Tensor, type Tensor4D, tf } from "../../core/tensor.ts";

/**
 * What lies beyond the edge: zeros on all sides; or zeros above and below and, left and right, the edge column repeated
 * (half of a symmetric UV map) or the opposite edge (a whole UV map, which is a ring).
 */
export type PaddingKind = "zero" | "replicateX" | "circularX";

/**
 * Pads a map on all four sides.
 *
 * @param x Map, `[B, H, W, C]`
 * @param amount Rows and columns on each side
 * @param kind What to fill in
 * @returns Map, `[B, H + 2 amount, W + 2 amount, C]`
 */
export function padMap(x: Tensor4D, amount: number, kind: PaddingKind): Tensor4D {
  if (amount === 0) return x;
  if (kind === "zero") return tf.pad(x, [[0, 0], [amount, amount], [amount, amount], [0, 0]]);
  const operation = tf.customGrad((input) => ({
    value: widen(input as Tensor4D, amount, kind),
    gradFunc: (dy: Tensor) => fold(dy as Tensor4D, amount, kind),
  }));
  return operation(x) as Tensor4D;
}

/** Columns on both sides by a concatenation, rows of zeros by a padding. */
function widen(x: Tensor4D, amount: number, kind: PaddingKind): Tensor4D {
  const W = x.shape[2];
  const sides = kind === "circularX"
    ? [columns(x, W - amount, amount), columns(x, 0, amount)]
    : [columns(x, 0, 1), columns(x, W - 1, 1)];
  const [left, right] = kind === "circularX"
    ? sides.map((side) => [side])
    : sides.map((side) => Array.from({ length: amount }, () => side));
  const wide = tf.concat([...left, x, ...right], 2);
  return tf.pad(wide, [[0, 0], [amount, amount], [0, 0], [0, 0]]);
}

/** The gradient of {@linkcode widen}: each added column goes back to where it came from. */
function fold(dy: Tensor4D, amount: number, kind: PaddingKind): Tensor4D {
  const rows = dy.shape[1] - 2 * amount, W = dy.shape[2] - 2 * amount;
  const part = (first: number, count: number) => columns(dy, first, count, amount, rows);
  const from = kind === "circularX" ? amount : 1; // how many columns on each side get something added
  if (W < 2 * from) return foldNarrow(dy, amount, kind);
  const [left, right] = kind === "circularX"
    ? [
      tf.add(part(amount, amount), part(W + amount, amount)),
      tf.add(part(W, amount), part(0, amount)),
    ]
    : [
      tf.sum(part(0, amount + 1), 2, true),
      tf.sum(part(W + amount - 1, amount + 1), 2, true),
    ];
  return tf.concat(
    [left, part(amount + from, W - 2 * from), right].filter((map) => map.size > 0),
    2,
  ) as Tensor4D;
}

/** The same for maps so narrow that a column gets something from both sides. */
function foldNarrow(dy: Tensor4D, amount: number, kind: PaddingKind): Tensor4D {
  const rows = dy.shape[1] - 2 * amount, W = dy.shape[2] - 2 * amount;
  const parts = Array.from({ length: W }, (_, column) => {
    const places = Array.from({ length: W + 2 * amount }, (_, i) => i).filter((i) => {
      const source = i - amount;
      return (kind === "circularX" ? (source + W) % W : Math.min(Math.max(source, 0), W - 1)) === column;
    });
    return tf.addN(places.map((i) => columns(dy, i, 1, amount, rows)));
  });
  return tf.concat(parts, 2);
}

function columns(x: Tensor4D, first: number, count: number, row = 0, rows = x.shape[1]): Tensor4D {
  return tf.slice(x, [0, row, first, 0], [x.shape[0], rows, count, x.shape[3]]);
}
