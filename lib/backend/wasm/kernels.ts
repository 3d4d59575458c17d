/**
 * Kernels of the WebAssembly backend that are missing there, or so slow that training would be hopeless: its gradients
 * of convolutions and its transposed matrix products run at a tenth of the speed of others, so they are turned into those.
 *
 * @module
 */
import { tf } from "../../core/tensor.ts";
import { batchMatMul } from "./batch_mat_mul.ts";
import { conv2dBackpropFilter } from "./conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "./conv2d_backprop_input.ts";
import { unsortedSegmentSum } from "./unsorted_segment_sum.ts";

/** Name under which tfjs knows the backend. */
export const WASM_BACKEND = "wasm";

let isRegistered = false;

/** Registers our kernels in place of the package's; the package must be loaded. */
export function registerWasmKernels(): void {
  if (isRegistered) return;
  isRegistered = true;
  replaceKernel(tf.Conv2DBackpropFilter, conv2dBackpropFilter);
  replaceKernel(tf.Conv2DBackpropInput, conv2dBackpropInput);
  replaceKernel(tf.UnsortedSegmentSum, unsortedSegmentSum);
  const plain = tf.getKernel(tf.BatchMatMul, WASM_BACKEND).kernelFunc;
  replaceKernel(tf.BatchMatMul, (call) => batchMatMul(call, plain));
}

/** Registers a kernel; the set-up of one that it replaces is kept, as ours may call that. */
function replaceKernel(kernelName: string, kernelFunc: tf.KernelFunc): void {
  const replaced = tf.getKernel(kernelName, WASM_BACKEND) as tf.KernelConfig | undefined;
  if (replaced !== undefined) tf.unregisterKernel(kernelName, WASM_BACKEND);
  const { setupFunc, disposeFunc } = replaced ?? {};
  tf.registerKernel({ kernelName, backendName: WASM_BACKEND, kernelFunc, setupFunc, disposeFunc });
}
