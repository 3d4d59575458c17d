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
const BUCKET_VALUES = 2 ** 21;

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
  const results = arrays.map(({ shape }) => ({ data: hostResult(shape), shape }));
  const length = arrays.reduce((sum, { data }) => sum + data.length, 0);
  const values = results.length === 1 ? results[0].data : new Float32Array(length);
  let offset = 0;
  for (const { data } of arrays) {
    values.set(data as Float32Array, offset);
    offset += data.length;
  }
  communicator().allReduce(values);
  if (factor !== 1) { for (let i = 0; i < values.length; i++) values[i] *= factor; }
  if (results.length === 1) return results;
  offset = 0;
  for (const { data } of results) data.set(values.subarray(offset, offset += data.length));
  return results;
}
