/**
 * NumPy's array files with Python objects in them (`dtype=object`), read as data by the guarded reader of pickles.
 *
 * @module
 */
import { refuseForeign } from "../../lib/io/foreign_content.ts";
import { type NdArray, sizeOf } from "../../lib/core/arrays.ts";
import { messageOf, UserError } from "../../lib/core/errors.ts";
import { ByteBudget } from "../../lib/io/byte_budget.ts";
import { parseNpyHeader } from "../../lib/io/npy_header.ts";
import { readNpy } from "../../lib/io/npy.ts";
import { textsOf } from "./numpy_pickle.ts";
import { unpickle } from "./pickle.ts";
import { describeValue, NumpyArray, type PickleValue } from "./pickle_values.ts";
import { decodeInnerTorchFile } from "./torch_file.ts";
import { torchGlobals } from "./torch_globals.ts";
import { decodeNpzWith } from "../../lib/io/npz.ts";

/** An array of Python objects or texts. */
export interface ValueArray {
  /** Items, row-major. */
  readonly data: readonly PickleValue[];
  /** Length of each axis; `[]` holds one item. */
  readonly shape: readonly number[];
}

/**
 * Reads an array of numbers, texts or Python objects. PyTorch's tensors among the objects are `TorchTensor`.
 *
 * @param bytes The whole `.npy` file
 * @param place Where the bytes are from, for messages
 * @returns The array; numbers as `readNpy` gives them
 * @throws {RefusedFileError} If it asks for anything but data
 * @throws {UserError} If it is damaged
 */
export function readNpyValues(bytes: Uint8Array, place = "an .npy file"): NdArray | ValueArray {
  return readValues(bytes, place, new ByteBudget(bytes.length));
}

function readValues(bytes: Uint8Array, place: string, budget: ByteBudget): NdArray | ValueArray {
  try {
    const { description, shape, fortranOrder, dataStart } = parseNpyHeader(bytes, place);
    const size = sizeOf(shape);
    if (/^[<>|=]?[US]\d{1,6}$/.test(description) && !fortranOrder) {
      const itemBytes = Number(/\d+$/.exec(description)) * (description.includes("U") ? 4 : 1);
      if (bytes.length - dataStart !== size * itemBytes) {
        throw new RangeError(`${size} texts of ${itemBytes} bytes have ${bytes.length - dataStart}`);
      }
      return { data: textsOf(description, bytes.subarray(dataStart), size, budget), shape };
    }
    if (!/^[|<>=]?O\d?$/.test(description)) return readNpy(bytes, place);
    const loadBytes = (inner: Uint8Array) => decodeInnerTorchFile(inner, place, budget, 1);
    const globals = torchGlobals(budget, loadBytes);
    const { value } = unpickle(bytes, { place, globals, budget, start: dataStart });
    if (!(value instanceof NumpyArray) || value.data.length !== size || !Array.isArray(value.data)) {
      throw new TypeError(`an array of [${shape}] objects holds ${describeValue(value)}`);
    }
    return { data: value.data as readonly PickleValue[], shape };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Cannot read ${place} as a NumPy array: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Reads all arrays of an `.npz` archive, those of Python objects included.
 *
 * @param bytes The whole archive
 * @param place Where the bytes are from, for messages
 * @returns Arrays by name
 * @throws {RefusedFileError} If it asks for anything but data
 * @throws {UserError} If it is damaged
 */
export function decodeNpzValues(
  bytes: Uint8Array,
  place = "an .npz archive",
): Record<string, NdArray | ValueArray> {
  const budget = new ByteBudget(20 * bytes.length);
  return decodeNpzWith(bytes, place, (member, array) => readValues(member, array, budget), budget);
}

/**
 * Reads an `.npy` file with numbers, texts or Python objects.
 *
 * @throws {RefusedFileError} If it asks for anything but data
 * @throws {UserError} If it is missing or damaged
 */
export async function readNpyValueFile(path: string): Promise<NdArray | ValueArray> {
  return readNpyValues(await readBytes(path), path);
}

/**
 * Reads an `.npz` archive with numbers, texts or Python objects.
 *
 * @throws {RefusedFileError} If it asks for anything but data
 * @throws {UserError} If it is missing or damaged
 */
export async function readNpzValueFile(path: string): Promise<Record<string, NdArray | ValueArray>> {
  return decodeNpzValues(await readBytes(path), path);
}

async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await Deno.readFile(path).catch((error) => {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read ${path}: ${reason}`, { cause: error });
  });
  refuseForeign(bytes, path);
  return bytes;
}
