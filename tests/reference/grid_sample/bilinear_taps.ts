/**
 * The four taps of bilinear sampling, by gathering and scattering.
 *
 * @module
 */
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, tf } from "../../../lib/core/tensor.ts";

/** One of the four pixels around each place. */
interface Tap {
  /** Row of the flattened maps, `[N]`. */
  readonly row: Tensor1D;
  /** Share of the tap, `[N, 1]`. */
  readonly share: Tensor2D;
  /** Derivative of the share by (y, x), `[N, 2]`. */
  readonly slope: Tensor2D;
}

const whole = (value: number): Tensor => tf.scalar(value, "int32");

/** Places (y, x) `[N, 2]` in pixels of maps `[B, H, W, C]`; places beyond the outer pixels have shares of 0. */
function tapsOf(shape: readonly number[], places: Tensor2D, maps: Tensor1D): Tap[] {
  const [, H, W] = shape;
  const limits = tf.tensor1d([H - 1, W - 1]);
  const within = tf.logicalAnd(tf.greaterEqual(places, 0), tf.lessEqual(places, limits)); // [N, 2]
  const inside = tf.cast(tf.all(within, 1, true), "float32"); // [N, 1]
  const first = tf.minimum(tf.maximum(tf.floor(places), 0), tf.sub(limits, 1)); // [N, 2]
  const [ty, tx] = tf.split(tf.sub(places, first), 2, 1); // [N, 1] each
  const [y, x] = tf.split(tf.cast(first, "int32"), 2, 1).map((column) => tf.reshape(column, [-1]));
  const start = tf.add(tf.mul(tf.add(tf.mul(maps, whole(H)), y), whole(W)), x);
  return [0, 1].flatMap((dy) =>
    [0, 1].map((dx): Tap => {
      const shareY = dy ? ty : tf.sub(1, ty), shareX = dx ? tx : tf.sub(1, tx);
      const slope = tf.concat([tf.mul(shareX, dy ? 1 : -1), tf.mul(shareY, dx ? 1 : -1)], 1);
      return {
        row: tf.add(start, whole(dy * W + dx)) as Tensor1D,
        share: tf.mul(tf.mul(shareY, shareX), inside) as Tensor2D,
        slope: tf.mul(slope, inside) as Tensor2D,
      };
    })
  );
}

const flatRows = (maps: Tensor4D): Tensor2D => tf.reshape(maps, [-1, maps.shape[3]]);

/** Values at places, `[N, C]`; no gradient flows through. */
export function gatherTaps(maps: Tensor4D, places: Tensor2D, mapIndices: Tensor1D): Tensor {
  const rows = flatRows(maps);
  return tf.addN(
    tapsOf(maps.shape, places, mapIndices).map(({ row, share }) => tf.mul(tf.gather(rows, row), share)),
  );
}

/** Gradient of {@linkcode gatherTaps} in the maps. */
export function scatterTaps(
  dy: Tensor,
  shape: readonly number[],
  places: Tensor2D,
  mapIndices: Tensor1D,
): Tensor {
  const taps = tapsOf(shape, places, mapIndices);
  const values = tf.concat(taps.map(({ share }) => tf.mul(dy, share)), 0);
  const rows = tf.concat(taps.map(({ row }) => row), 0) as Tensor1D;
  return tf.reshape(tf.unsortedSegmentSum(values, rows, shape[0] * shape[1] * shape[2]), [...shape]);
}

/** Gradient of {@linkcode gatherTaps} in the places, `[N, 2]`. */
export function slopesOfTaps(dy: Tensor, maps: Tensor4D, places: Tensor2D, mapIndices: Tensor1D): Tensor {
  const rows = flatRows(maps);
  return tf.addN(
    tapsOf(maps.shape, places, mapIndices).map(({ row, slope }) =>
      tf.mul(slope, tf.sum(tf.mul(tf.gather(rows, row), dy), 1, true))
    ),
  );
}
