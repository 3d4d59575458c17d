/**
 * Rules between flags that training commands share.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";

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

/** The flags that are options of a stage: those that its defaults name. */
export function optionsOf<V extends object, D extends object>(
  values: V,
  defaults: D,
): Pick<V, keyof V & keyof D> {
  const entries = Object.entries(values).filter(([name]) => name in defaults);
  return Object.fromEntries(entries) as Pick<V, keyof V & keyof D>;
}

/**
 * Numbers of a list.
 *
 * @throws {UsageError} If one is not a number above `above`
 */
export function numbersOf(flag: string, texts: readonly string[], above: number): number[] {
  return texts.map((text) => {
    const value = text === "auto" || text === "-1" ? 1 : Number(text);
    if (Number.isFinite(value) && value > above) return value;
    throw new UsageError(`--${flag} must be numbers above ${above}, current value is "${text}"`);
  });
}
