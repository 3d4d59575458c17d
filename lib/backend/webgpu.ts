/**
 * The WebGPU backend, on a hardware adapter only.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";

/** Names of adapters that compute on the CPU, slower than any other backend. */
const SOFTWARE_ADAPTERS = /llvmpipe|lavapipe|swiftshader|softpipe|software|basic render|warp/i;

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

interface Gpu {
  requestAdapter(options: { powerPreference: string }): Promise<{ info?: AdapterInfo } | null>;
}

/** Name of the GPU that WebGPU offers; throws a sentence if there is none or only a software one. */
export async function findGpu(): Promise<string> {
  const gpu = (navigator as { gpu?: Gpu }).gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" }) ?? null;
  if (adapter === null) throw new UserError("WebGPU offers no adapter");
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info ?? {};
  const name = description || [vendor, architecture].filter(Boolean).join(" ") || "unnamed GPU";
  if (isFallbackAdapter || SOFTWARE_ADAPTERS.test(name)) {
    throw new UserError(`WebGPU offers a software adapter only (${name})`);
  }
  return name;
}

/**
 * Registers the backend; does not make it the active one.
 *
 * @returns Name of the GPU
 * @throws {UserError} If there is no hardware adapter
 */
export async function registerWebGpu(): Promise<string> {
  const name = await findGpu();
  await import("@tensorflow/tfjs-backend-webgpu");
  return name;
}
