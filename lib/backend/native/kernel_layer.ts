/**
 * Loads the kernels of `@tensorflow/tfjs-node-gpu` without its addon.
 *
 * @module
 */
import { createRequire } from "node:module";
import type { tf } from "../../core/tensor.ts";
import type { OperationAttribute } from "./attributes.ts";
import type { NativeBinding } from "./binding.ts";
import type { TensorMetadata } from "./operation_listener.ts";
import { DATA_TYPES } from "./data_types.ts";

/** What the backend keeps of a tensor's data. */
export interface NativeTensorData {
  /** Number in the binding; -1 while the values wait in JavaScript. */
  id: number;
  /** How many tensors share the data. */
  refCount: number;
  /** Values that were not handed over yet. */
  values: unknown;
}

/** The part of the kernel layer's backend that we use. */
export interface NativeBackend extends tf.KernelBackend {
  /** Our binding. */
  readonly binding: NativeBinding;
  /** @ignore Private in the layer: the data of each tensor. */
  readonly tensorMap: { get(dataId: object): NativeTensorData };
  /** Code of an element type. */
  getDTypeInteger(dtype: tf.DataType): number;
  /** @ignore Private in the layer: native numbers of tensors, whose values are handed over now if they wait. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  /** @ignore Private in the layer: a tensor over a native one. */
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  /** Runs an operation with several outputs. */
  executeMultipleOutputs(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
  /** Runs an operation with one output. */
  executeSingleOutput(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor;
}

const PACKAGE = "@tensorflow/tfjs-node-gpu";

/** Registers the layer's kernels and returns a function that makes its backend over a binding. */
export function loadKernelLayer(): (binding: NativeBinding) => NativeBackend {
  const require = createRequire(import.meta.url);
  // The layer calls two helpers that current hosts no longer have.
  const nodeUtil = require("node:util");
  nodeUtil.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  nodeUtil.isArray ??= Array.isArray;
  // Not the package's main file: it loads the addon.
  require(`${PACKAGE}/dist/register_all_kernels.js`);
  const { NodeJSKernelBackend } = require(`${PACKAGE}/dist/nodejs_kernel_backend.js`);
  return (binding) => {
    const backend: NativeBackend = new NodeJSKernelBackend(binding, PACKAGE);
    const createOutputTensor = backend.createOutputTensor.bind(backend);
    // To tfjs bf16 is float32; only operations that are told the type can read it.
    backend.createOutputTensor = (metadata) =>
      createOutputTensor(
        metadata.dtype === DATA_TYPES.bfloat16 ? { ...metadata, dtype: DATA_TYPES.float32 } : metadata,
      );
    return backend;
  };
}
