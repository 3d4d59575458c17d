/**
 * The interface under the kernel layer (`TFJSBinding`), on TensorFlow's C functions; all but saved models.
 *
 * @module
 */
import type { OperationAttribute } from "./attributes.ts";
import { type Bytes, readBuffer } from "./c_memory.ts";
import { TensorFlowContext } from "./context.ts";
import { ATTRIBUTE_KINDS, DATA_TYPES, dataTypeName } from "./data_types.ts";
import { type InputTensor, KeptOperations } from "./kept_operations.ts";
import { attributesOfNameAttrList, type SessionSettings } from "./protobuf.ts";
import type { OperationListener, TensorDescription, TensorMetadata } from "./operation_listener.ts";
import {
  type BorrowedValues,
  borrowTensorValues,
  createTensorHandle,
  readTensorHandle,
  type ReadValues,
  type TensorValues,
  valueBytes,
} from "./tensors.ts";

const MAX_OUTPUTS = 8192;

/** Tensors by number and operations on them. A stale number gives an error, never another tensor or a crash. */
export class NativeBinding {
  /** @ignore Names of the interface, in its spelling. */
  readonly TF_FLOAT: number = DATA_TYPES.float32;
  /** @ignore */
  readonly TF_INT32: number = DATA_TYPES.int32;
  /** @ignore */
  readonly TF_INT64: number = DATA_TYPES.int64;
  /** @ignore */
  readonly TF_BOOL: number = DATA_TYPES.bool;
  /** @ignore */
  readonly TF_COMPLEX64: number = DATA_TYPES.complex64;
  /** @ignore */
  readonly TF_STRING: number = DATA_TYPES.string;
  /** @ignore */
  readonly TF_RESOURCE: number = DATA_TYPES.resource;
  /** @ignore */
  readonly TF_UINT8: number = DATA_TYPES.uint8;
  /** @ignore */
  readonly TF_ATTR_STRING: number = ATTRIBUTE_KINDS.string;
  /** @ignore */
  readonly TF_ATTR_INT: number = ATTRIBUTE_KINDS.int;
  /** @ignore */
  readonly TF_ATTR_FLOAT: number = ATTRIBUTE_KINDS.float;
  /** @ignore */
  readonly TF_ATTR_BOOL: number = ATTRIBUTE_KINDS.bool;
  /** @ignore */
  readonly TF_ATTR_TYPE: number = ATTRIBUTE_KINDS.type;
  /** @ignore */
  readonly TF_ATTR_SHAPE: number = ATTRIBUTE_KINDS.shape;
  /** @ignore */
  readonly TF_ATTR_RESOURCE: number = ATTRIBUTE_KINDS.resource;
  /** @ignore */
  readonly TF_Version: string;
  /** Threads and GPUs that the context was made with. */
  readonly settings: SessionSettings;
  /** The context that everything runs in. */
  readonly context: TensorFlowContext;
  /** What hears of the operations, or takes them; null if nothing does. */
  listener: OperationListener | null = null;

  readonly #operations: KeptOperations;
  readonly #tensors = new Map<number, InputTensor>();
  #nextId = 1;
  readonly #results = new BigUint64Array(MAX_OUTPUTS);
  readonly #resultCount = new Int32Array(1);

  /**
   * @param path Library file, already checked by `findLibrary`
   * @param settings Threads and GPUs
   */
  constructor(path: string, settings: SessionSettings) {
    this.settings = settings;
    this.context = new TensorFlowContext(path, settings);
    this.#operations = new KeptOperations(this.context);
    this.TF_Version = this.context.version;
  }

  /** Deletes all tensors and the context; nothing of it may be used afterwards. */
  close(): void {
    for (const id of [...this.#tensors.keys()]) this.deleteTensor(id);
    this.#operations.clear();
    this.context.close();
  }

  /** Makes a tensor and returns its number. */
  createTensor(shape: number[], dataType: number, values: TensorValues): number {
    const { context: { symbols, status }, listener } = this;
    if (listener?.takeOperation) {
      const id = this.#nextId++;
      listener.addConstant(id, dataType, shape, valueBytes(shape, dataType, values));
      return id;
    }
    const id = this.#keep(createTensorHandle(symbols, status, shape, dataType, values), dataType);
    if (listener !== null && dataType !== DATA_TYPES.string) {
      listener.addConstant(id, dataType, shape, valueBytes(shape, dataType, values));
    }
    return id;
  }

  /** Deletes a tensor. */
  deleteTensor(id: number): void {
    if (this.listener?.describe?.(id)) return; // what was taken has no data
    this.context.symbols.TFE_DeleteTensorHandle(this.#tensorOf(id).handle);
    this.#tensors.delete(id);
  }

  /** A second number for a tensor's data, so that the data outlives the first. */
  shareTensor(id: number): number {
    const { symbols, status } = this.context;
    const { handle, dtype } = this.#tensorOf(id);
    const shared = symbols.TFE_TensorHandleCopySharingTensor(handle, status.pointer);
    status.check(() => `share tensor ${id}`);
    return this.#keep(shared, dtype);
  }

  /** Copies a tensor's values out. */
  tensorDataSync(id: number): ReadValues {
    this.listener?.refuseReading(id);
    const { handle } = this.#tensorOf(id);
    return readTensorHandle(this.context.symbols, this.context.status, handle);
  }

  /** A tensor's values where they are; they must not be changed, and not be touched after `release`. */
  borrowValues(id: number): BorrowedValues {
    this.listener?.refuseReading(id);
    const { handle } = this.#tensorOf(id);
    return borrowTensorValues(this.context.symbols, this.context.status, handle);
  }

  /** A number for a `TF_Tensor`, which is taken over. */
  adoptTensor(tensor: Deno.PointerValue): number {
    const { symbols, status } = this.context;
    const handle = symbols.TFE_NewTensorHandle(tensor, status.pointer);
    symbols.TF_DeleteTensor(tensor); // the handle holds a reference of its own
    status.check(() => "make a tensor");
    return this.#keep(handle, symbols.TFE_TensorHandleDataType(handle));
  }

  /** Element type and shape of a tensor. */
  describeTensor(id: number): TensorDescription {
    const taken = this.listener?.describe?.(id);
    if (taken) return taken;
    const { handle, dtype } = this.#tensorOf(id);
    return { dtype, shape: this.#shapeOf(handle) };
  }

  /**
   * Runs an operation.
   *
   * @param name Operation, or a function that was added to the context
   * @param attributes Its attributes
   * @param inputs Numbers of the input tensors
   * @param outputs Upper bound of the number of outputs
   * @throws {TensorFlowError} With TensorFlow's text, the operation and the shapes of its inputs
   */
  executeOp(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[] {
    const { context: { symbols, status }, listener } = this;
    if (listener?.takeOperation) {
      const described = this.#describeAttributes(name, attributes);
      return listener.takeOperation(name, inputs, described, () => this.#nextId++);
    }
    const tensors = inputs.map((id) => this.#tensorOf(id));
    const operation = this.#operations.prepare(name, attributes, tensors), { pointer } = operation;
    let succeeded = false;
    try {
      this.#resultCount[0] = outputs;
      symbols.TFE_Execute(pointer, this.#results, this.#resultCount, status.pointer);
      status.check(() => `run ${name} of ${this.#describeInputs(tensors)}`);
      succeeded = true;
      const results = this.#takeResults(this.#resultCount[0]);
      listener?.addOperation?.(name, inputs, results, () => this.#serializeAttributes(pointer));
      return results;
    } finally {
      this.#operations.release(operation, succeeded);
    }
  }

  /** Whether operations go to a GPU. */
  isUsingGpuDevice(): boolean {
    return this.context.usesGpu;
  }

  /** Number of tensors alive. */
  getNumOfTensors(): number {
    return this.#tensors.size;
  }

  /** Saved models are not offered. */
  getNumOfSavedModels(): number {
    return 0;
  }

  /** @throws {TypeError} Always */
  loadSavedModel(): number {
    throw new TypeError("Cannot load a saved model: the native backend runs operations only");
  }

  /** @throws {TypeError} Always */
  deleteSavedModel(): void {
    this.loadSavedModel();
  }

  /** @throws {TypeError} Always */
  runSavedModel(): TensorMetadata[] {
    this.loadSavedModel();
    return [];
  }

  #keep(handle: bigint, dtype: number): number {
    this.#tensors.set(this.#nextId, { handle, dtype });
    return this.#nextId++;
  }

  #tensorOf(id: number): InputTensor {
    const tensor = this.#tensors.get(id);
    if (tensor === undefined) {
      throw new RangeError(
        `Cannot use a tensor that was deleted or never made: current value is native id ${id}`,
      );
    }
    return tensor;
  }

  #shapeOf(handle: bigint): number[] {
    const { symbols, status } = this.context;
    const rank = symbols.TFE_TensorHandleNumDims(handle, status.pointer); // of a local tensor is always known
    const shape = new Array<number>(rank);
    for (let axis = 0; axis < rank; axis++) {
      shape[axis] = Number(symbols.TFE_TensorHandleDim(handle, axis, status.pointer));
    }
    return shape;
  }

  #takeResults(count: number): TensorMetadata[] {
    const { symbols } = this.context;
    const results: TensorMetadata[] = [];
    for (let i = 0; i < count; i++) {
      const handle = this.#results[i];
      const dtype = symbols.TFE_TensorHandleDataType(handle);
      results.push({ id: this.#keep(handle, dtype), dtype, shape: this.#shapeOf(handle) });
    }
    return results;
  }

  #describeInputs(tensors: readonly InputTensor[]): string {
    return tensors.map(({ handle, dtype }) => `${dataTypeName(dtype)} [${this.#shapeOf(handle).join(", ")}]`)
      .join(", ") || "no inputs";
  }

  /** Attributes of an operation that is not run. */
  #describeAttributes(name: string, attributes: readonly OperationAttribute[]): Bytes[] {
    const operation = this.#operations.prepare(name, attributes, []);
    try {
      return this.#serializeAttributes(operation.pointer);
    } finally {
      this.#operations.release(operation, false);
    }
  }

  #serializeAttributes(operation: Deno.PointerValue): Bytes[] {
    const { symbols, status } = this.context;
    const buffer = symbols.TF_NewBuffer();
    try {
      symbols.TFE_OpAttrsSerialize(symbols.TFE_OpGetAttrs(operation), buffer, status.pointer);
      status.check(() => "record an operation's attributes");
      return attributesOfNameAttrList(readBuffer(buffer!));
    } finally {
      symbols.TF_DeleteBuffer(buffer);
    }
  }
}
