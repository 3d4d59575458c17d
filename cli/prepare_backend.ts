/**
 * A backend for a first run: the native library is fetched if it is not there.
 *
 * @module
 */
import { provisionLibrary } from "../tools/setup/provision_library.ts";
import type { ActiveBackend } from "../lib/backend/select_backend.ts";
import { messageOf, StoppedError } from "../lib/core/errors.ts";
import { activateBackend } from "./activate_backend.ts";
import { type BackendFlags, backendOptions } from "./backend_options.ts";
import type { CommandContext } from "./command.ts";

/**
 * Fetches the native library if it may be used and is missing, and activates a backend. Where the library cannot be had
 * the reason is told, and the next best backend is taken.
 */
export async function prepareBackend(
  flags: BackendFlags,
  { options, callbacks: callbacksOf }: Pick<CommandContext, "options" | "callbacks">,
): Promise<ActiveBackend> {
  const { backend } = backendOptions(flags);
  const callbacks = callbacksOf("setup");
  if (backend === "auto" || backend === "native") {
    try {
      await provisionLibrary({}, callbacks);
    } catch (error) {
      if (error instanceof StoppedError || backend === "native") throw error;
      callbacks.onMessage?.(messageOf(error));
    }
  }
  return await activateBackend(flags, options, callbacks.onMessage);
}
