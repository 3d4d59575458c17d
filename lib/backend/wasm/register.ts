/**
 * Registers the WebAssembly backend, with the kernels that it lacks.
 *
 * @module
 */
import { createRequire } from "node:module";
import { dirname } from "@std/path";
import { registerWasmKernels } from "./kernels.ts";

/** Folder of the installed package's `.wasm` files. */
export function wasmFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
}

/** Registers the backend; does not make it the active one. The `.wasm` files come from the installed package. */
export async function registerWasm(): Promise<void> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${wasmFolder()}/`);
  registerWasmKernels();
}
