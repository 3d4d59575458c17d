/**
 * Work on values inside a step: the named host operations, at which a recorded step is cut.
 *
 * @module
 */
import { type NdArray, sizeOf } from "../core/arrays.ts";
import { type Tensor, tf } from "../core/tensor.ts";
import { computeOnNativeTensors, placeResult } from "./native/host_memory.ts";
import { activeNativeBackend } from "./native/active.ts";

/** Values in, values out; float32 and int32 arrays. It may keep state between calls, but must not touch tensors. */
export type HostComputation = (...inputs: NdArray[]) => NdArray[];

/** Takes over host operations while a step is recorded. */
export type HostOpRecorder = (
  name: string,
  inputs: readonly Tensor[],
  compute: HostComputation,
  options: { readonly borrow?: boolean },
) => Tensor[];

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
 * @param options `borrow`: whether the work gets the memory of the tensors themselves: it must neither change it
 *   nor keep it for later. Results from {@linkcode hostResult} are then not copied either. Otherwise it gets
 *   copies
 * @returns A tensor per result
 */
export function hostOp(
  name: string,
  inputs: readonly Tensor[],
  compute: HostComputation,
  options: { readonly borrow?: boolean } = {},
): Tensor[] {
  if (recorder !== null) return recorder(name, inputs, compute, options);
  return computeOnHost(name, inputs, compute, options);
}

/**
 * Memory for a result of the running host operation, float32, of any contents.
 *
 * @param shape Shape of the result
 */
export function hostResult(shape: readonly number[]): Float32Array {
  return placeResult(shape) ?? new Float32Array(sizeOf(shape));
}

/**
 * A host operation on float32 values without copies where the backend allows it: it gets the tensors' own memory, and that
 * of the results.
 *
 * @param name What it does
 * @param inputs Tensors whose values are read
 * @param shapes Shapes of the results
 * @param compute Gets the values and then the results, which it overwrites; it keeps none of them
 * @returns A tensor per result
 */
export function hostOpInPlace(
  name: string,
  inputs: readonly Tensor[],
  shapes: readonly (readonly number[])[],
  compute: (arrays: Float32Array[]) => void,
): Tensor[] {
  return hostOp(name, inputs, (...values) => {
    const results = shapes.map(hostResult);
    compute([...values.map(({ data }) => data as Float32Array), ...results]);
    return results.map((data, i) => ({ data, shape: shapes[i] }));
  }, { borrow: true });
}

/** Runs a host operation at once. */
export function computeOnHost(
  name: string,
  inputs: readonly Tensor[],
  compute: HostComputation,
  { borrow = false }: { readonly borrow?: boolean } = {},
): Tensor[] {
  const backend = activeNativeBackend();
  if (backend !== null && borrow) {
    const ids = backend.getInputTensorIds(inputs);
    return computeOnNativeTensors(backend.binding, ids, compute, true)
      .map((metadata) => backend.createOutputTensor(metadata));
  }
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
