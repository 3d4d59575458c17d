/**
 * What computes tensors in a browser: a hardware GPU by WebGPU, else WebAssembly.
 *
 * @module
 */
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { registerWasmKernels } from "../lib/backend/wasm/kernels.ts";
import { registerWebGpu } from "../lib/backend/webgpu.ts";
import { messageOf } from "../lib/core/errors.ts";
import { tf } from "../lib/core/tensor.ts";

/** Side of the texture from which on threads save more than they cost. */
const LARGE_TEXTURE = 256;

/**
 * Activates the fastest backend that works.
 *
 * @param wasmFolder Address of the folder with the `.wasm` files
 * @param textureResolution Side of the textures that will be made: small networks run on one thread of WebAssembly
 * @returns What was taken, for a person
 * @throws {Error} If none works
 */
export async function useBrowserBackend(wasmFolder: string, textureResolution: number): Promise<string> {
  const gpu = await tryWebGpu();
  if (gpu !== null) return gpu;
  setWasmPaths(wasmFolder);
  registerWasmKernels();
  if (textureResolution < LARGE_TEXTURE) tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!await tf.setBackend("wasm") || tf.getBackend() !== "wasm") {
    throw new Error("Cannot compute in this browser: it has neither a GPU for WebGPU nor WebAssembly");
  }
  const threads = await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT") ? navigator.hardwareConcurrency : 1;
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT") ? "WebAssembly" : "WebAssembly without SIMD";
  return threads > 1 ? `${simd}, ${threads} threads` : simd;
}

/** Takes WebGPU if there is a hardware adapter and it computes rightly; else null. */
async function tryWebGpu(): Promise<string | null> {
  try {
    const name = await registerWebGpu();
    await tf.setBackend("webgpu");
    const sum = tf.tidy(() => tf.sum(tf.ones([4, 4])));
    const [value] = await sum.data();
    sum.dispose();
    if (tf.getBackend() !== "webgpu" || value !== 16) throw new Error(`a sum gives ${value} and not 16`);
    return `WebGPU (${name})`;
  } catch (error) {
    // deno-lint-ignore no-console -- for who looks into the browser's console
    console.debug(`Not WebGPU: ${messageOf(error)}`);
    return null;
  }
}
