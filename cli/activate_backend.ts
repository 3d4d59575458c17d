/**
 * Activates the backend that the flags ask for.
 *
 * @module
 */
import { activeNativeBackend } from "../lib/backend/native/active.ts";
import { type ActiveBackend, useBackend } from "../lib/backend/select_backend.ts";
import { type BackendFlags, backendOptions, deviceSentence } from "./backend_options.ts";

/**
 * Activates a backend and says what became of `--gpu_ids`.
 *
 * @param flags Values of the options
 * @param given Options that were given
 * @param onMessage Told which backend was taken
 * @throws {UserError} If the wanted backend does not work here
 */
export async function activateBackend(
  flags: BackendFlags,
  given: Readonly<Record<string, unknown>>,
  onMessage?: (sentence: string) => void,
): Promise<ActiveBackend> {
  const active = await useBackend(backendOptions(flags), { onMessage });
  if ("gpuIds" in given) {
    const isGpu = activeNativeBackend()?.binding.isUsingGpuDevice() ?? false;
    const sentence = deviceSentence(flags.gpuIds ?? [], active.name, isGpu);
    if (sentence !== null) onMessage?.(sentence);
  }
  return active;
}
