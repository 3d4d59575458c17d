/**
 * Arrays with their axes in another order.
 *
 * @module
 */
import type { NdArray } from "./arrays.ts";

/**
 * Reorders an array: axis `i` of the result is axis `permutation[i]` of the input.
 *
 * @param array Values of any shape
 * @param permutation One entry per axis
 */
export function transposeArray(array: NdArray, permutation: readonly number[]): NdArray<Float32Array> {
  const { data, shape } = array;
  const rank = shape.length;
  const strides = new Array<number>(rank);
  for (let axis = rank - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  const outShape = permutation.map((axis) => shape[axis]);
  const outStrides = permutation.map((axis) => strides[axis]);
  const out = new Float32Array(data.length);
  const index = new Array<number>(rank).fill(0);
  for (let i = 0, from = 0; i < out.length; i++) {
    out[i] = Number(data[from]);
    for (let axis = rank - 1; axis >= 0; axis--) {
      from += outStrides[axis];
      if (++index[axis] < outShape[axis]) break;
      from -= outStrides[axis] * outShape[axis];
      index[axis] = 0;
    }
  }
  return { data: out, shape: outShape };
}
