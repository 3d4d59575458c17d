/**
 * Kernels of the native backend that differ from the kernel layer's own.
 *
 * @module
 */
import { messageOf } from "../../core/errors.ts";
import { tf } from "../../core/tensor.ts";
import type { NativeBackend } from "./kernel_layer.ts";

/** Name under which tfjs knows the native backend. */
export const NATIVE_BACKEND = "tensorflow";

/** Replaces kernels of the kernel layer; call it after that layer's kernels are registered. */
export function registerNativeKernels(): void {
  replaceKernel(tf.BatchMatMul, multiply);
  replaceKernel(tf.GatherV2, gather);
  replaceKernel(tf.Round, round);
}

function replaceKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  tf.unregisterKernel(kernelName, NATIVE_BACKEND);
  tf.registerKernel({ kernelName, backendName: NATIVE_BACKEND, kernelFunc });
}

/** Gathers without reading the indices on the host; on the CPU an index out of range is TensorFlow's error. */
const gather: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, indices } = inputs as unknown as Record<"x" | "indices", tf.TensorInfo>;
  const { axis, batchDims } = attrs as unknown as tf.GatherV2Attrs;
  const native = backend as NativeBackend, { binding } = native;
  const [parsedAxis] = tf.util.parseAxisParam(axis, x.shape);
  tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, parsedAxis, batchDims); // checks the ranks
  const axisTensor = tf.scalar(axis, "int32");
  const attributes = [
    { name: "batch_dims", type: binding.TF_ATTR_INT, value: batchDims },
    { name: "Tparams", type: binding.TF_ATTR_TYPE, value: typeCode(native, x) },
    { name: "Tindices", type: binding.TF_ATTR_TYPE, value: typeCode(native, indices) },
    { name: "Taxis", type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
  ];
  try {
    return native.executeSingleOutput("GatherV2", attributes, [x, indices, axisTensor]);
  } catch (error) {
    throw explainIndex(error);
  } finally {
    axisTensor.dispose();
  }
};

/** Words an index out of range as tfjs's other backends do. */
function explainIndex(error: unknown): unknown {
  const found = /= (-?\d+) is not in \[0, (\d+)\)/.exec(messageOf(error));
  if (found === null) return error;
  const [, index, length] = found;
  return new RangeError(`GatherV2: the index value ${index} is not in [0, ${Number(length) - 1}]`, {
    cause: error,
  });
}

/** Two matrices are multiplied by `MatMul`, which is two to ten times faster than the product of batches. */
const multiply: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { a, b } = inputs as unknown as Record<"a" | "b", tf.TensorInfo>;
  const { transposeA, transposeB } = attrs as unknown as tf.BatchMatMulAttrs;
  const native = backend as NativeBackend, { binding } = native;
  const areMatrices = a.shape.length === 2 && b.shape.length === 2;
  const [name, first, second] = areMatrices
    ? ["MatMul", "transpose_a", "transpose_b"]
    : ["BatchMatMulV2", "adj_x", "adj_y"];
  return native.executeSingleOutput(name, [
    { name: "T", type: binding.TF_ATTR_TYPE, value: typeCode(native, a) },
    { name: first, type: binding.TF_ATTR_BOOL, value: transposeA },
    { name: second, type: binding.TF_ATTR_BOOL, value: transposeB },
  ], [a, b]);
};

/** The library's `Round` answers zeros for int32, which needs no rounding. */
const round: tf.KernelFunc = ({ inputs, backend }) => {
  const { x } = inputs as unknown as Record<"x", tf.TensorInfo>;
  const native = backend as NativeBackend;
  if (x.dtype === "int32") return tf.clone(x as tf.Tensor);
  const attributes = [{ name: "T", type: native.binding.TF_ATTR_TYPE, value: typeCode(native, x) }];
  return native.executeSingleOutput("Round", attributes, [x]);
};

function typeCode(backend: NativeBackend, tensor: tf.TensorInfo): number {
  return backend.getDTypeInteger(tensor.dtype);
}
