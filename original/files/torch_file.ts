/**
 * Files of PyTorch (`.pth`, `.bin`), in the zip format and the older one, without Python and without executing anything.
 *
 * @module
 */
import { messageOf, UserError } from "../../lib/core/errors.ts";
import { ByteBudget } from "../../lib/io/byte_budget.ts";
import { unpickle } from "./pickle.ts";
import { describeValue, itemsOf, type PickleValue } from "./pickle_values.ts";
import { refuseForeign } from "../../lib/io/foreign_content.ts";
import { RefusedFileError } from "../../lib/io/refused_file_error.ts";
import { storageId, torchGlobals } from "./torch_globals.ts";
import { TorchStorage } from "./torch_tensor.ts";
import { ZipArchive } from "../../lib/io/zip_archive.ts";

/** First value of an older file. */
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;
const LEGACY_PROTOCOL = 1001;
/** How deep files may stand in files. */
const DEEPEST = 4;

/**
 * Reads a file that `torch.save` wrote. Tensors of a GPU are read like those of a CPU.
 *
 * @param path File
 * @returns What was saved; tensors are `TorchTensor`
 * @throws {RefusedFileError} If the file asks for anything but data
 * @throws {UserError} If it is missing or damaged
 */
export async function readTorchFile(path: string): Promise<PickleValue> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read ${path}: ${reason}`, { cause: error });
  }
  return decodeTorchFile(bytes, path);
}

/**
 * Reads the bytes of a file that `torch.save` wrote.
 *
 * @param bytes The whole file
 * @param place Where the bytes are from, for messages
 * @returns What was saved
 * @throws {RefusedFileError} If it asks for anything but data
 * @throws {UserError} If it is damaged
 */
export function decodeTorchFile(bytes: Uint8Array, place = "a PyTorch file"): PickleValue {
  refuseForeign(bytes, place);
  try {
    return decode(bytes, place, new ByteBudget(bytes.length), 0);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Cannot read ${place} as a PyTorch file: ${messageOf(error)}`, { cause: error });
  }
}

/** Reads a file that stands as bytes in another one. */
export function decodeInnerTorchFile(
  bytes: Uint8Array,
  place: string,
  budget: ByteBudget,
  depth: number,
): PickleValue {
  if (depth > DEEPEST) throw new RangeError(`files stand in files more than ${DEEPEST} deep`);
  return decode(bytes, place, budget, depth);
}

function decode(bytes: Uint8Array, place: string, budget: ByteBudget, depth: number): PickleValue {
  const globals = torchGlobals(budget, (inner) => decodeInnerTorchFile(inner, place, budget, depth + 1));
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  return isZip ? decodeZip(bytes, place, budget, globals) : decodeLegacy(bytes, place, budget, globals);
}

type Globals = ReturnType<typeof torchGlobals>;

function decodeZip(bytes: Uint8Array, place: string, budget: ByteBudget, globals: Globals): PickleValue {
  const archive = new ZipArchive(bytes, budget);
  const main = archive.names.filter((name) => /^[^/]*\/data\.pkl$|^data\.pkl$/.test(name));
  if (main.length !== 1) throw new SyntaxError(`it must hold one data.pkl: current value is ${main.length}`);
  const folder = main[0].slice(0, -"data.pkl".length);
  if (archive.names.includes(`${folder}byteorder`)) {
    const order = new TextDecoder().decode(archive.member(`${folder}byteorder`, false));
    if (order.trim() !== "little") {
      throw new TypeError(`the byte order must be little: current value is ${order}`);
    }
  }
  const storages = new Map<string, TorchStorage>();
  const { value } = unpickle(archive.member(main[0], false), {
    place,
    globals,
    budget,
    persistentLoad(id) {
      const found = knownStorage(id, storages, place);
      if (found.bytes === null) {
        const { key } = storageId(id)!;
        const content = archive.member(`${folder}data/${key}`, false);
        if (content.length < found.byteLength) {
          throw new RangeError(
            `the values ${key} must have ${found.byteLength} bytes: current value is ${content.length}`,
          );
        }
        found.bytes = content.subarray(0, found.byteLength);
      }
      return found;
    },
  });
  return value;
}

function decodeLegacy(bytes: Uint8Array, place: string, budget: ByteBudget, globals: Globals): PickleValue {
  const storages = new Map<string, TorchStorage>();
  let start = 0;
  const next = (persistentLoad?: (id: PickleValue) => PickleValue) => {
    const { value, end } = unpickle(bytes, { place, globals, budget, start, persistentLoad });
    start = end;
    return value;
  };
  const magic = next();
  if (magic !== LEGACY_MAGIC) {
    throw new SyntaxError(
      `it does not start like a PyTorch file: its first value is ${describeValue(magic)}`,
    );
  }
  const protocol = next();
  if (protocol !== LEGACY_PROTOCOL) throw new SyntaxError(`its protocol is ${describeValue(protocol)}`);
  const system = next();
  if (system instanceof Map && system.get("little_endian") === false) {
    throw new TypeError("the byte order must be little: current value is big");
  }
  const value = next((id) => knownStorage(id, storages, place));
  const keys = itemsOf(next());
  if (!keys) throw new SyntaxError("the list of its storages is missing");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys) {
    const storage = typeof key === "string" ? storages.get(key) : undefined;
    if (!storage) throw new SyntaxError(`the storage ${describeValue(key)} is listed but not used`);
    if (start + 8 > bytes.length) throw new RangeError(`the values ${key} are cut off`);
    const count = Number(view.getBigInt64(start, true));
    start += 8;
    if (count !== storage.count || storage.byteLength > bytes.length - start) {
      throw new RangeError(
        `the values ${key} must be ${storage.count} of ${storage.byteLength} bytes: current value is ${count}, ` +
          `with ${bytes.length - start} bytes left`,
      );
    }
    storage.bytes = bytes.subarray(start, start + storage.byteLength);
    start += storage.byteLength;
  }
  for (const [key, { bytes }] of storages) {
    if (bytes === null) throw new SyntaxError(`the values ${key} are missing`);
  }
  return value;
}

/** The storage of a persistent id; one object for each key. */
function knownStorage(id: PickleValue, storages: Map<string, TorchStorage>, place: string): TorchStorage {
  const named = storageId(id);
  if (!named) throw new RefusedFileError(place, `the persistent id ${describeValue(id)}`);
  const found = storages.get(named.key) ?? new TorchStorage(named.kind, named.count);
  if (found.kind !== named.kind || found.count !== named.count) {
    throw new TypeError(`the storage ${named.key} is described in two ways`);
  }
  storages.set(named.key, found);
  return found;
}
