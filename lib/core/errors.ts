/**
 * Errors that a person can act on. Wrong arguments of functions are `TypeError`, `RangeError` or `SyntaxError`;
 * these classes are for files, data and command lines.
 *
 * @module
 */

/** A problem with the user's data, files or machine: one sentence with the place, the value found and what to do. */
export class UserError extends Error {
  /** Name of the class, as messages show it. */
  override name = "UserError";
}

/** A command line that cannot be understood. */
export class UsageError extends UserError {
  /** Name of the class, as messages show it. */
  override name = "UsageError";
}

/** Thrown by long work after a stop was asked for and its state was saved. */
export class StoppedError extends Error {
  /** Name of the class, as messages show it. */
  override name = "StoppedError";
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
