/**
 * A backend for a first run: the native library is fetched if it is not there.
 *
 * @module
 */
import { provisionLibrary } from "../lib/backend/native/provision.ts";
import { type ActiveBackend, type BackendOptions, useBackend } from "../lib/backend/select_backend.ts";
import { messageOf, StoppedError } from "../lib/core/errors.ts";
import type { StageCallbacks } from "../lib/core/progress.ts";

/**
 * Fetches the native library if it may be used and is missing, and activates a backend. Where the library cannot be had
 * the reason is told, and the next best backend is taken.
 */
export async function prepareBackend(
  options: BackendOptions,
  callbacksOf: (label: string) => StageCallbacks,
): Promise<ActiveBackend> {
  const callbacks = callbacksOf("setup");
  if (options.backend === "auto" || options.backend === "native") {
    try {
      await provisionLibrary({}, callbacks);
    } catch (error) {
      if (error instanceof StoppedError || options.backend === "native") throw error;
      callbacks.onMessage?.(messageOf(error));
    }
  }
  return await useBackend(options, { onMessage: callbacks.onMessage });
}
