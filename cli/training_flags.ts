/**
 * Rules between flags that training commands share.
 *
 * @module
 */
import { messageOf, UsageError } from "../lib/core/errors.ts";
import { camelCase } from "./flag_table.ts";

/**
 * Refuses two flags that exclude each other.
 *
 * @throws {UsageError} If both are given
 */
export function refuseTogether(given: ReadonlySet<string>, first: string, second: string): void {
  if (given.has(first) && given.has(second)) {
    throw new UsageError(`--${first} and --${second} exclude each other: give one of them.`);
  }
}

/** A flag's value if it was given, else undefined, so that a preset or a run's settings decide. */
export function ifGiven<T>(given: ReadonlySet<string>, flag: string, value: T): T | undefined {
  return given.has(flag) ? value : undefined;
}

/** A choice, or undefined where it is left to the program with `autodetect`. */
export function ifSet(choice: string): string | undefined {
  return choice === "autodetect" ? undefined : choice;
}

/** The flags that are options of a stage: those that its defaults name. */
export function optionsOf<V extends object, D extends object>(
  values: V,
  defaults: D,
): Pick<V, keyof V & keyof D> {
  const entries = Object.entries(values).filter(([name]) => name in defaults);
  return Object.fromEntries(entries) as Pick<V, keyof V & keyof D>;
}

/**
 * Options of a run that goes on: those of flags that were not given are the ones that it was stored with, so that
 * `--continue_train` needs nothing else. Given flags stay, and are compared with the stored ones by the run.
 *
 * @param options Options with the flags' defaults
 * @param given Names of the flags that were given
 * @param stored Settings of the run
 */
export function continuedOptions<T extends object>(
  options: T,
  given: ReadonlySet<string>,
  stored: Readonly<Record<string, unknown>>,
): T {
  const kept = new Set([...given].map(camelCase));
  for (const name of ["continueTrain", "overwrite", "whichEpoch"]) kept.add(name);
  if (given.has("iters") || given.has("epochs")) kept.add("iters").add("epochs"); // one takes the other's place
  const entries = Object.entries(options).map(([name, value]) =>
    [name, kept.has(name) || !(name in stored) ? value : stored[name]] as const
  );
  return Object.fromEntries(entries) as T;
}

/**
 * Runs a check of options; what it refuses is wrong usage.
 *
 * @throws {UsageError} If the check throws
 */
export function checkUsage(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}

/**
 * Refuses a result file at which the task may not write, before any work.
 *
 * @throws {UsageError} If the task's permissions do not cover the path
 */
export async function checkWritable(flag: string, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const { state } = await Deno.permissions.query({ name: "write", path });
  if (state === "granted") return;
  throw new UsageError(
    `--${flag} must lie in a folder that this task may write to, such as output/${
      path.split(/[\\/]/).at(-1)
    }; ` +
      `current value is "${path}"`,
  );
}

/**
 * Numbers of a list.
 *
 * @throws {UsageError} If one is not a number above `above`
 */
export function numbersOf(flag: string, texts: readonly string[], above: number): number[] {
  return texts.map((text) => {
    const value = text === "auto" || Number(text) === -1 ? 1 : Number(text);
    if (Number.isFinite(value) && value > above) return value;
    throw new UsageError(`--${flag} must be numbers above ${above}, current value is "${text}"`);
  });
}

/**
 * The one number of a list.
 *
 * @throws {UsageError} If there are several, or it is not a number above `above`
 */
export function oneNumberOf(flag: string, texts: readonly string[], above: number): number {
  if (texts.length > 1) {
    throw new UsageError(`--${flag} must be one number here, current value is "${texts}"`);
  }
  return numbersOf(flag, texts, above)[0];
}

/**
 * Three numbers of a list's texts.
 *
 * @throws {UsageError} If there are not three, or one is not above a number
 */
export function tripleOf(flag: string, texts: readonly string[], above: number): [number, number, number] {
  const [a, b, c, ...rest] = numbersOf(flag, texts, above);
  if (c === undefined || rest.length > 0) {
    throw new UsageError(`--${flag} must be three numbers, current value is "${texts}"`);
  }
  return [a, b, c];
}
