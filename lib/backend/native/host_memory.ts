/**
 * Work of host operations in TensorFlow's own memory: values are read where they are, and results are written where they
 * stay.
 *
 * @module
 */
import { type NdArray, sizeOf } from "../../core/arrays.ts";
import { bytesAt } from "./c_memory.ts";
import type { NativeBinding } from "./binding.ts";
import type { TensorMetadata } from "./operation_listener.ts";
import { LostThreadError } from "../threads/lost_thread_error.ts";
import { DATA_TYPES } from "./data_types.ts";

type Computation = (...inputs: NdArray[]) => NdArray[];

/** Results of the running operation that lie in TensorFlow's memory, by their arrays. */
let placed: { readonly binding: NativeBinding; readonly tensors: Map<unknown, Deno.PointerValue> } | null =
  null;

/**
 * Memory for a result of the running host operation, float32, of any contents; null where there is none of TensorFlow's.
 *
 * @param shape Shape of the result
 */
export function placeResult(shape: readonly number[]): Float32Array | null {
  const size = sizeOf(shape);
  if (placed === null || size === 0) return null;
  const { symbols } = placed.binding.context;
  const bytes = size * Float32Array.BYTES_PER_ELEMENT;
  const lengths = BigInt64Array.from([...shape, 0], BigInt); // one spare: a buffer argument must not be empty
  const tensor = symbols.TF_AllocateTensor(DATA_TYPES.float32, lengths, shape.length, BigInt(bytes));
  const values = new Float32Array(bytesAt(symbols.TF_TensorData(tensor), bytes).buffer);
  placed.tensors.set(values, tensor);
  return values;
}

/**
 * Runs a host operation on native tensors.
 *
 * @param binding Where the tensors are
 * @param ids Inputs
 * @param compute The work
 * @param borrow Whether it gets TensorFlow's own memory, which it may neither change nor keep, and may place its results
 * there; otherwise copies. Where a thread was lost meanwhile, that memory is never given back: the thread may write to it
 * @returns The results, which the caller owns
 */
export function computeOnNativeTensors(
  binding: NativeBinding,
  ids: readonly number[],
  compute: Computation,
  borrow: boolean,
): TensorMetadata[] {
  const releases: (() => void)[] = [];
  const outer = placed;
  const own = { binding, tensors: new Map<unknown, Deno.PointerValue>() };
  placed = borrow ? own : null;
  let isLent = false;
  try {
    const inputs = ids.map((id): NdArray => {
      const { shape } = binding.describeTensor(id);
      if (!borrow) return { data: binding.tensorDataSync(id) as NdArray["data"], shape };
      const { values, release } = binding.borrowValues(id);
      releases.push(release);
      return { data: values as NdArray["data"], shape };
    });
    return compute(...inputs).map(({ data, shape }): TensorMetadata => {
      const dtype = data instanceof Int32Array ? DATA_TYPES.int32 : DATA_TYPES.float32;
      const tensor = own.tensors.get(data);
      if (tensor !== undefined) {
        own.tensors.delete(data);
        return { id: binding.adoptTensor(tensor), dtype, shape: [...shape] };
      }
      const isReady = data instanceof Int32Array || data instanceof Float32Array;
      const values = isReady ? data : Float32Array.from(data as Float64Array);
      return { id: binding.createTensor([...shape], dtype, values), dtype, shape: [...shape] };
    });
  } catch (error) {
    isLent = error instanceof LostThreadError;
    throw error;
  } finally {
    placed = outer;
    if (!isLent) {
      for (const release of releases) release();
      for (const tensor of own.tensors.values()) binding.context.symbols.TF_DeleteTensor(tensor);
    }
  }
}
