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

/** Thrown by what was closed when it is used again. */
export class ClosedError extends TypeError {
  /** Name of the class, as messages show it. */
  override name = "ClosedError";
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

/** What another thread is told of an error. */
export interface ErrorDescription {
  /** Its class. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** Where it was thrown. */
  readonly stack?: string;
}

/** Describes anything that was thrown. */
export function describeError(error: unknown): ErrorDescription {
  const { name, stack } = error instanceof Error ? error : { name: "Error", stack: undefined };
  return { name, message: messageOf(error), stack };
}

/** The error that another thread described, with its message, kind and stack. */
export function errorFrom({ name, message, stack }: ErrorDescription): Error {
  const error = name === "UserError" ? new UserError(message) : new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
