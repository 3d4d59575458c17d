/**
 * The rule for results that exist already.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { agree } from "../core/process_group.ts";
import { exists } from "../io/exists.ts";

/**
 * Makes sure that a result may be written.
 *
 * @throws {UserError} If it exists and `overwrite` is not set
 */
export async function checkResultFile(path: string, overwrite: boolean): Promise<void> {
  if (!overwrite && await agree(() => exists(path))) {
    throw new UserError(`${path} exists already: add 'overwrite' to make it from scratch.`);
  }
}

/**
 * Makes sure that an input of a stage is there.
 *
 * @param path File that the stage reads
 * @param task Task that makes it, with its flags
 * @throws {UserError} If it is missing
 */
export async function checkInputFile(path: string, task: string): Promise<void> {
  if (!await exists(path)) throw new UserError(`${path} is missing: run \`deno task ${task}\` first.`);
}
