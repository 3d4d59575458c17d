/**
 * Work on values inside a step: the named host operations, at which a recorded step is cut.
 *
 * @module
 */
import type { NdArray } from "../core/arrays.ts";
import { type Tensor, tf } from "../core/tensor.ts";

/** Values in, values out; float32 and int32 arrays. It may keep state between calls, but must not touch tensors. */
export type HostComputation = (...inputs: NdArray[]) => NdArray[];

/** Takes over host operations while a step is recorded. */
export type HostOpRecorder = (name: string, inputs: readonly Tensor[], compute: HostComputation) => Tensor[];

let recorder: HostOpRecorder | null = null;

/** Sets what takes over host operations, or null; for the recorder of steps only. */
export function setHostOpRecorder(next: HostOpRecorder | null): void {
  recorder = next;
}

/**
 * Computes on the values of tensors. The only way to read values inside a step that {@linkcode compileStep} records:
 * the step is cut here, and `compute` is called again, with new values, at every replay.
 *
 * Not differentiable: put it inside a `tf.customGrad`, whose gradient function may call it again.
 *
 * @param name What it does, such as `render` or `allReduce`
 * @param inputs Tensors whose values are read
 * @param compute The work; the shapes of its results must be the same at every call
 * @returns A tensor per result
 */
export function hostOp(name: string, inputs: readonly Tensor[], compute: HostComputation): Tensor[] {
  if (recorder !== null) return recorder(name, inputs, compute);
  return computeOnHost(inputs, compute);
}

/** Runs a host operation at once. */
export function computeOnHost(inputs: readonly Tensor[], compute: HostComputation): Tensor[] {
  const arrays = inputs.map((input) => ({ data: input.dataSync() as NdArray["data"], shape: input.shape }));
  return compute(...arrays).map(({ data, shape }) =>
    tf.tensor(data as Float32Array | Int32Array, [...shape])
  );
}
