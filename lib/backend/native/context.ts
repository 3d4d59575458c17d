/**
 * The opened library and its eager context: threads, memory and device.
 *
 * @module
 */
import { messageOf, UserError } from "../../core/errors.ts";
import { type Bytes, cName, readCString } from "./c_memory.ts";
import { pinLibrary } from "./pin_library.ts";
import { TENSORFLOW_VERSION } from "./platforms.ts";
import { configMessage, type SessionSettings } from "./protobuf.ts";
import { Status } from "./status.ts";
import { SYMBOLS, type TensorFlowSymbols } from "./symbols.ts";

const COPY_SILENTLY = 2;
const ERRORS_ONLY = "2";
const LOG_LEVEL_VARIABLE = "TF_CPP_MIN_LOG_LEVEL";

/** One TensorFlow context. An isolate may hold several; tensors belong to the one that made them. */
export class TensorFlowContext {
  /** The library's functions. */
  readonly symbols: TensorFlowSymbols;
  /** The status object that all calls share. */
  readonly status: Status;
  /** The C object. */
  readonly pointer: Deno.PointerValue;
  /** Version of the library. */
  readonly version: string;
  /** Name of the device that operations are sent to. */
  readonly deviceName: string;
  /** Whether that device is a GPU. */
  readonly usesGpu: boolean;
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;
  readonly #device: Bytes;

  /**
   * @param path Library file, already checked by `findLibrary`
   * @throws {UserError} If it cannot be opened
   */
  constructor(path: string, settings: SessionSettings) {
    this.#library = openLibrary(path);
    const symbols = this.symbols = this.#library.symbols;
    const status = this.status = new Status(symbols);
    this.version = readCString(symbols.TF_Version());
    const options = symbols.TFE_NewContextOptions();
    const config = configMessage(settings);
    symbols.TFE_ContextOptionsSetConfig(options, config, BigInt(config.length), status.pointer);
    status.check(() => "set TensorFlow's threads");
    symbols.TFE_ContextOptionsSetDevicePlacementPolicy(options, COPY_SILENTLY);
    this.pointer = symbols.TFE_NewContext(options, status.pointer);
    symbols.TFE_DeleteContextOptions(options);
    status.check(() => "start TensorFlow");
    symbols.TFE_ContextSetSoftDevicePlacement(this.pointer, 1, status.pointer);
    status.check(() => "set TensorFlow's device placement");
    const { name, type } = this.#chooseDevice();
    this.deviceName = name;
    this.usesGpu = type === "GPU";
    this.#device = cName(name);
  }

  /** Starts an operation; the caller deletes it. */
  newOperation(name: string): Deno.PointerValue {
    const { symbols, status } = this;
    const operation = symbols.TFE_NewOp(this.pointer, cName(name), status.pointer);
    status.check(() => `run ${name}`);
    if (this.usesGpu) symbols.TFE_OpSetDevice(operation, this.#device, status.pointer);
    return operation;
  }

  /** Frees the context and closes the library; nothing of it may be used afterwards. */
  close(): void {
    this.symbols.TFE_DeleteContext(this.pointer);
    this.status.dispose();
    this.#library.close();
  }

  /** The first GPU, else the CPU. */
  #chooseDevice(): { name: string; type: string } {
    const { symbols, status } = this;
    const list = symbols.TFE_ContextListDevices(this.pointer, status.pointer);
    status.check(() => "list TensorFlow's devices");
    const devices = Array.from({ length: symbols.TF_DeviceListCount(list) }, (_, i) => ({
      name: readCString(symbols.TF_DeviceListName(list, i, status.pointer)),
      type: readCString(symbols.TF_DeviceListType(list, i, status.pointer)),
    }));
    symbols.TF_DeleteDeviceList(list);
    return devices.find(({ type }) => type === "GPU") ?? devices.find(({ type }) => type === "CPU") ??
      devices[0];
  }
}

function openLibrary(path: string): Deno.DynamicLibrary<typeof SYMBOLS> {
  const quiet = Deno.env.get(LOG_LEVEL_VARIABLE) === undefined;
  if (quiet) Deno.env.set(LOG_LEVEL_VARIABLE, ERRORS_ONLY);
  try {
    pinLibrary(path, quiet);
    return Deno.dlopen(path, SYMBOLS);
  } catch (error) {
    const version = versionOf(path);
    const reason = version === null || version === TENSORFLOW_VERSION
      ? messageOf(error)
      : `it is TensorFlow ${version}, which lacks what is needed (tested is ${TENSORFLOW_VERSION})`;
    throw new UserError(`Cannot open the TensorFlow library ${path}: ${reason}.`);
  }
}

/** What a library that cannot be used says of its version; null if nothing. */
function versionOf(path: string): string | null {
  try {
    const library = Deno.dlopen(path, { TF_Version: SYMBOLS.TF_Version });
    const version = readCString(library.symbols.TF_Version());
    library.close();
    return version;
  } catch {
    return null;
  }
}
