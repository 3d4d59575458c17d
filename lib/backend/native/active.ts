/**
 * Whether the native backend is the active one; unlike `register.ts` this module loads nothing of it, so that code for
 * browsers may import it.
 *
 * @module
 */
import { tf } from "../../core/tensor.ts";
import type { NativeBackend } from "./kernel_layer.ts";
import { NATIVE_BACKEND } from "./kernels.ts";

/** The active backend if it is the native one, else null. */
export function activeNativeBackend(): NativeBackend | null {
  return tf.getBackend() === NATIVE_BACKEND ? tf.backend() as NativeBackend : null;
}
