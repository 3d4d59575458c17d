/**
 * Single or multiple templates: how a run's mode is decided.
 *
 * @module
 */
import { UserError } from "./errors.ts";
import type { Mode } from "./paths.ts";

/** What may decide a run's mode. */
export interface ModeSources {
  /** Name of the run, which may carry the mode. */
  readonly name: string;
  /** The `--mode` flag; `autodetect` or nothing leaves the decision to the others. */
  readonly flag?: string;
  /** Mode in the settings that the run was stored with. */
  readonly stored?: Mode;
  /** Mode where nothing else says one; without it that is an error. */
  readonly fallback?: Mode;
}

/** The mode that a run's name carries; a name with both is single. */
export function modeOfName(name: string): Mode | undefined {
  return name.includes("singletpl") ? "singletpl" : name.includes("multitpl") ? "multitpl" : undefined;
}

/**
 * Decides the mode: the flag, else the run's stored settings, else its name, else the fallback.
 *
 * @param sources What may decide
 * @param onMessage Told when the flag overrules the name
 * @throws {UserError} If nothing says the mode
 */
export function resolveMode(sources: ModeSources, onMessage?: (sentence: string) => void): Mode {
  const { name, flag, stored, fallback } = sources;
  const named = modeOfName(name);
  if (flag === "singletpl" || flag === "multitpl") {
    if (named && named !== flag) {
      onMessage?.(`The name "${name}" says ${named}, 'mode' says ${flag}: ${flag} is taken.`);
    }
    return flag;
  }
  const mode = stored ?? named ?? fallback;
  if (!mode) {
    throw new UserError(
      `Cannot tell the mode of "${name}": give 'mode: singletpl' or 'mode: multitpl', or a name that carries one of them.`,
    );
  }
  return mode;
}
