/**
 * What PyTorch's tensors look like in pickles.
 *
 * @module
 */
import type { ByteBudget } from "../../lib/io/byte_budget.ts";
import { numpyGlobals } from "./numpy_pickle.ts";
import {
  describeValue,
  itemsArgument,
  PickleGlobal,
  PickleTuple,
  type PickleValue,
} from "./pickle_values.ts";
import { STORAGE_TYPES, type StorageClass, TorchStorage, TorchTensor } from "./torch_tensor.ts";

/**
 * Names that PyTorch's files may use.
 *
 * @param budget Memory that the file may take
 * @param loadBytes Reads a whole file that stands inside of the pickle as bytes
 */
export function torchGlobals(
  budget: ByteBudget,
  loadBytes: (bytes: Uint8Array) => PickleValue,
): PickleGlobal[] {
  const loaded = new Map<Uint8Array, PickleValue>();
  return [
    ...numpyGlobals(budget),
    ...Object.keys(STORAGE_TYPES).flatMap((name) => [
      new PickleGlobal("torch", name, null),
      new PickleGlobal("torch.cuda", name, null),
    ]),
    new PickleGlobal("torch._utils", "_rebuild_tensor_v2", (args) => rebuildTensor(args, budget)),
    new PickleGlobal("torch._utils", "_rebuild_parameter", ([data]) => {
      if (data instanceof TorchTensor) return data;
      throw new TypeError(`a parameter must hold a tensor: current value is ${describeValue(data)}`);
    }),
    new PickleGlobal(
      "torch",
      "Size",
      ([items]) => new PickleTuple(items === undefined ? [] : itemsArgument(items, "a size")),
    ),
    new PickleGlobal("torch.storage", "_load_from_bytes", ([bytes]) => {
      if (!(bytes instanceof Uint8Array)) {
        throw new TypeError(`a tensor's file must be bytes: current value is ${describeValue(bytes)}`);
      }
      const value = loaded.get(bytes) ?? loadBytes(bytes);
      loaded.set(bytes, value);
      return value;
    }),
  ];
}

/** Class, key and number of values of a persistent id. */
export interface StorageId {
  /** Class of the storage. */
  readonly kind: StorageClass;
  /** Its name in the file. */
  readonly key: string;
  /** Number of values. */
  readonly count: number;
}

/**
 * Understands a persistent id: ("storage", class, key, location, number of values). The location (CPU or GPU) does not
 * matter here.
 *
 * @returns What it names; null if it is something else
 */
export function storageId(id: PickleValue): StorageId | null {
  if (!(id instanceof PickleTuple) || id.items.length < 5 || id.items[0] !== "storage") return null;
  const [, type, key, , count, view] = id.items;
  if (!(type instanceof PickleGlobal) || !Object.hasOwn(STORAGE_TYPES, type.name)) return null;
  if (typeof key !== "string" || typeof count !== "number" || (view !== undefined && view !== null)) {
    return null;
  }
  if (!Number.isSafeInteger(count) || count < 0) return null;
  return { kind: type.name as StorageClass, key, count };
}

function rebuildTensor(args: readonly PickleValue[], budget: ByteBudget): TorchTensor {
  const [storage, offset, shape, stride] = args;
  if (!(storage instanceof TorchStorage)) {
    throw new TypeError(`a tensor must look at a storage: current value is ${describeValue(storage)}`);
  }
  if (typeof offset !== "number") throw new TypeError(`an offset is ${describeValue(offset)}`);
  return new TorchTensor(storage, offset, numbersOf(shape, "a shape"), numbersOf(stride, "a stride"), budget);
}

function numbersOf(value: PickleValue | undefined, what: string): number[] {
  return itemsArgument(value, what).map((item) => {
    if (typeof item === "number") return item;
    throw new TypeError(`${what} holds ${describeValue(item)}`);
  });
}
