/**
 * Asserts on errors and told texts by what stays when they are worded anew: classes, names, values and places.
 *
 * @module
 */
import { assert, assertRejects, assertThrows, fail } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";

/** The name of an option, a value found, an allowed value, a file, a place in it. */
export type Fact = string | number;

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = new (...args: any[]) => E;

/** Asserts that a text tells each fact as words or numbers of their own: 1 is not told by "12", "1.5" or "-1". */
export function assertFacts(text: string, ...facts: readonly Fact[]): void {
  for (const fact of facts) {
    if (!tells(text, `${fact}`)) fail(`"${fact}" is not told: ${text.slice(0, 2000)}`);
  }
}

/** Asserts that a call throws an error of a class whose message tells the facts. */
export function assertThrowsWith<E extends Error>(
  call: () => unknown,
  errorClass: ErrorClass<E>,
  ...facts: readonly Fact[]
): E {
  const error = assertThrows(call, errorClass);
  assertFacts(error.message, ...facts);
  return error;
}

/** Asserts that a promise rejects with an error of a class whose message tells the facts. */
export async function assertRejectsWith<E extends Error>(
  call: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  ...facts: readonly Fact[]
): Promise<E> {
  const error = await assertRejects(call, errorClass);
  assertFacts(error.message, ...facts);
  return error;
}

/** Asserts that a reader tells that a file is missing. */
export async function assertMissing(read: () => PromiseLike<unknown>, path: string): Promise<void> {
  const { cause } = await assertRejectsWith(read, UserError, path);
  assert(cause instanceof Deno.errors.NotFound, `${path} is not told to be missing, but: ${cause}`);
}

/** Asserts that a reader tells that a file that is there cannot be understood. */
export async function assertDamaged(read: () => PromiseLike<unknown>, path: string): Promise<void> {
  const { cause } = await assertRejectsWith(read, UserError, path);
  const isRead = cause instanceof Error && !(cause instanceof Deno.errors.NotFound);
  assert(isRead, `${path} is not told to be damaged, but: ${cause}`);
}

function tells(text: string, fact: string): boolean {
  const before = /^\d/.test(fact) ? "(?<![\\w.-])" : /^\w/.test(fact) ? "(?<!\\w)" : "";
  const after = /\w$/.test(fact) ? "(?!\\w|\\.\\d)" : "";
  return new RegExp(before + fact.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") + after).test(text);
}
