/**
 * Asking for a folder that a task may not write to by itself.
 *
 * @module
 */
import { resolve } from "@std/path";
import { UserError } from "../lib/core/errors.ts";

/**
 * Makes sure that a folder may be written to; on a terminal Deno asks the person for it.
 *
 * @param folder The folder
 * @param purpose What it is for, as "to ..." would go on
 * @throws {UserError} If the answer is no, or nobody can be asked
 */
export async function requestWrite(folder: string, purpose: string): Promise<void> {
  const path = resolve(folder);
  const { state } = await Deno.permissions.request({ name: "write", path });
  if (state === "granted") return;
  throw new UserError(
    `To ${purpose}, the permission to write to ${path} is needed: answer Deno's question on a terminal with y, or ` +
      `name a folder under output/.`,
  );
}
