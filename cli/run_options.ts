/**
 * Options of a training run: those that are given, else those of the resumed run.
 *
 * @module
 */
import { messageOf, UsageError, UserError } from "../lib/core/errors.ts";
import { factsOf, freeFields, type OptionEntries, type OptionsInput } from "../lib/core/option.ts";
import { ganFolder, reconstructionFolder } from "../lib/core/paths.ts";
import { checkRunSettings } from "../lib/training/run_settings.ts";
import { type RunStage, storedSettings } from "./stored_run.ts";

/** A kind of run, by its options. */
export interface RunKind<E extends OptionEntries> {
  /** Which kind. */
  readonly stage: RunStage;
  /** Options of its task. */
  readonly options: E;
  /** Checks them. */
  readonly resolve: (options: OptionsInput<E>) => unknown;
}

/**
 * What the trainer of a run is asked for. With `--continue_train` nothing else is needed: options that are not given are
 * those that the run was stored with.
 *
 * @param kind Which kind of run
 * @param given Options that are given, with the mode that was found out
 * @throws {UsageError} If an option is not possible, or two do not go together
 * @throws {UserError} If a given option differs from that of the resumed run
 */
export async function runOptions<E extends OptionEntries>(
  { stage, options, resolve }: RunKind<E>,
  given: Readonly<Record<string, unknown>> & { readonly name: string },
): Promise<OptionsInput<E>> {
  const { name } = given;
  const stored = given.continueTrain ? await storedSettings(stage, name) : {};
  const wanted = continuedOptions(options, given, stored) as OptionsInput<E>;
  const folder = stage === "gan" ? ganFolder(name) : reconstructionFolder(name);
  checkRunSettings(folder, stored, wanted, ["name", ...freeFields(options)]);
  try {
    resolve(wanted);
  } catch (error) {
    throw error instanceof UserError ? new UsageError(messageOf(error), { cause: error }) : error;
  }
  return wanted;
}

/** Options that are given, and stored ones that none of them excludes. */
export function continuedOptions(
  options: OptionEntries,
  given: Readonly<Record<string, unknown>>,
  stored: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const excluded = Object.keys(given).flatMap((field) =>
    (options[field] && factsOf(options[field]).excludes) ?? []
  );
  const kept = Object.entries(stored).filter(([field]) => field in options && !excluded.includes(field));
  const wanted = Object.entries(given).filter(([field]) => field in options);
  return Object.fromEntries([...kept, ...wanted]);
}
