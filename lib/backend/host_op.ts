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
  return computeOnHost(name, inputs, compute);
}

/** Runs a host operation at once. */
export function computeOnHost(name: string, inputs: readonly Tensor[], compute: HostComputation): Tensor[] {
  const arrays = inputs.map((input): NdArray => {
    try {
      return { data: input.dataSync() as NdArray["data"], shape: input.shape };
    } catch (cause) {
      throw new Error(`Cannot run "${name}" on the host: the backend ${tf.getBackend()} gave no values`, {
        cause,
      });
    }
  });
  return compute(...arrays).map(({ data, shape }) => {
    const isReady = data instanceof Int32Array || data instanceof Float32Array;
    const values = isReady ? data : Float32Array.from(data as Float64Array);
    return tf.tensor(values, [...shape]);
  });
}
