/**
 * Sums and means over the processes of a job. A recorded step is cut here.
 *
 * @module
 */
import type { NdArray } from "../../core/arrays.ts";
import type { Tensor } from "../../core/tensor.ts";
import { communicator } from "../../distributed/communicator.ts";
import { hostOp, hostResult } from "../host_op.ts";

/** Values that travel in one message, unless a single tensor has more. */
export const BUCKET_VALUES = 2 ** 21;

/**
 * Sums tensors over all processes; no gradient flows through.
 *
 * @param tensors Tensors of the same shapes in all processes
 * @returns New tensors, the same bits in all processes; with one process the tensors themselves
 */
export function sumOverProcesses(tensors: readonly Tensor[]): Tensor[] {
  return reduce(tensors, 1);
}

/**
 * Means of tensors over all processes; no gradient flows through.
 *
 * @param tensors Tensors of the same shapes in all processes
 * @returns New tensors, the same bits in all processes; with one process the tensors themselves
 */
export function meanOverProcesses(tensors: readonly Tensor[]): Tensor[] {
  return reduce(tensors, 1 / communicator().size);
}

function reduce(tensors: readonly Tensor[], factor: number): Tensor[] {
  if (communicator().size === 1) return [...tensors];
  return buckets(tensors).flatMap((bucket) =>
    hostOp("allReduce", bucket, (...arrays) => reduceArrays(arrays, factor), { borrow: true })
  );
}

/** Neighbours that go together. */
function buckets(tensors: readonly Tensor[]): Tensor[][] {
  const result: Tensor[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    if (tensor.size > room) {
      result.push([]);
      room = BUCKET_VALUES;
    }
    result.at(-1)!.push(tensor);
    room -= tensor.size;
  }
  return result;
}

/** Adds up in the memory of the result where there is one only, else in a message of all. */
function reduceArrays(arrays: readonly NdArray[], factor: number): NdArray[] {
  if (arrays.length > 1) {
    const values = messageOf(arrays);
    communicator().allReduce(values);
    return resultsOf(values, arrays.map(({ shape }) => shape), factor);
  }
  const [{ data, shape }] = arrays, result = hostResult(shape);
  result.set(data as Float32Array);
  communicator().allReduce(result);
  scale(result, factor);
  return [{ data: result, shape }];
}

/** All values one after the other. */
export function messageOf(arrays: readonly NdArray[]): Float32Array {
  const values = new Float32Array(arrays.reduce((sum, { data }) => sum + data.length, 0));
  let offset = 0;
  for (const { data } of arrays) {
    values.set(data as Float32Array, offset);
    offset += data.length;
  }
  return values;
}

/**
 * The arrays of a message, as results of the running host operation.
 *
 * @param values All values one after the other; they are changed
 * @param shapes Shapes of the arrays
 * @param factor What they are multiplied by
 */
export function resultsOf(
  values: Float32Array,
  shapes: readonly (readonly number[])[],
  factor: number,
): NdArray[] {
  scale(values, factor);
  let offset = 0;
  return shapes.map((shape) => {
    const data = hostResult(shape);
    data.set(values.subarray(offset, offset += data.length));
    return { data, shape };
  });
}

function scale(values: Float32Array, factor: number): void {
  if (factor !== 1) { for (let i = 0; i < values.length; i++) values[i] *= factor; }
}
