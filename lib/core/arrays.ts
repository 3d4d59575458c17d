/**
 * Plain arrays of the geometry world: typed arrays in row-major order, with channels last.
 *
 * @module
 */

/** Storage of geometric values: float32 in production, float64 in numeric tests; kernels take both. */
export type FloatArray = Float32Array | Float64Array;

/** Any typed array that files carry. */
export type TypedArray =
  | FloatArray
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array;

/** An array with its shape, row-major; what files and fixtures hold. */
export interface NdArray<T extends TypedArray = TypedArray> {
  /** Values, as many as the product of `shape`. */
  readonly data: T;
  /** Length of each axis; `[]` is a scalar. */
  readonly shape: readonly number[];
}

/** An image of `[H, W, C]` floats, row 0 at the top. */
export interface FloatImage {
  /** Values, `[H, W, C]`. */
  readonly data: FloatArray;
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Channels, C. */
  readonly channels: number;
}

/** An image of `[H, W, C]` zeros. */
export function floatImage(
  height: number,
  width: number,
  channels: number,
): FloatImage & { data: Float32Array } {
  return { data: new Float32Array(height * width * channels), height, width, channels };
}

/** Number of values that an array of this shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** An array of zeros of the same kind (float32 or float64) as `like`. */
export function zerosLike(like: FloatArray, length: number = like.length): FloatArray {
  return like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/** Entry b of a batch of B: a window on its values. */
export function entryOf(values: Float32Array, b: number, batch: number): Float32Array {
  const length = values.length / batch;
  return values.subarray(b * length, (b + 1) * length);
}
