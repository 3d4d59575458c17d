/**
 * Registers the native backend with tfjs.
 *
 * @module
 */
import { tf } from "../../core/tensor.ts";
import { NativeBinding } from "./binding.ts";
import { loadKernelLayer, type NativeBackend } from "./kernel_layer.ts";
import { NATIVE_BACKEND, registerNativeKernels } from "./kernels.ts";
import type { SessionSettings } from "./protobuf.ts";

const PRIORITY = 3;

/**
 * Opens the library and registers the backend; does not make it the active one.
 *
 * A second call in one isolate keeps the first library and settings.
 *
 * @param path Library file, already checked by `findLibrary`
 * @returns The binding
 */
export function registerNative(path: string, settings: SessionSettings): NativeBinding {
  const existing = tf.findBackend(NATIVE_BACKEND) as NativeBackend | null;
  if (existing !== null) return existing.binding;
  const makeBackend = loadKernelLayer();
  registerNativeKernels();
  const binding = new NativeBinding(path, settings);
  tf.registerBackend(NATIVE_BACKEND, () => makeBackend(binding), PRIORITY);
  return binding;
}
