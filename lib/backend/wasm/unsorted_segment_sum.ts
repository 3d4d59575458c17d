/**
 * Sums of rows by segment: the gradient of a gather.
 *
 * @module
 */
import type { tf } from "../../core/tensor.ts";

/** The part of the package's backend that we use. */
interface WasmBackend extends tf.KernelBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array | Int32Array;
}

/** Adds each row of `x` to the row of its segment; rows of a negative segment are left out. */
export const unsortedSegmentSum: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as Record<string, tf.TensorInfo>;
  const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs;
  const wasm = backend as WasmBackend;
  const rowShape = x.shape.slice(segmentIds.shape.length);
  const rowLength = rowShape.reduce((size, length) => size * length, 1);
  const sums = wasm.makeOutput([numSegments, ...rowShape], x.dtype);
  // The views come after the allocation, which may move the memory.
  const to = wasm.typedArrayFromHeap(sums).fill(0); // [numSegments, rowLength]
  const from = wasm.typedArrayFromHeap(x); // [N, rowLength]
  const segments = wasm.typedArrayFromHeap(segmentIds); // [N]
  for (let row = 0; row < segments.length; row++) {
    if (segments[row] < 0) continue;
    const target = segments[row] * rowLength, source = row * rowLength;
    for (let k = 0; k < rowLength; k++) to[target + k] += from[source + k];
  }
  return sums;
};
