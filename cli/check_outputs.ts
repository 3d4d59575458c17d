/**
 * Whether a task may write where flags name files.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";
import type { FlagTable } from "./flag_table.ts";

/**
 * Refuses result files at which the task may not write, before any work.
 *
 * @param values Values of options by field
 * @param table The flags
 * @throws {UsageError} If the task's permissions do not cover a path
 */
export async function checkOutputs(
  values: Readonly<Record<string, unknown>>,
  table: FlagTable,
): Promise<void> {
  for (const [name, { field, writes }] of Object.entries(table)) {
    const path = values[field];
    if (!writes || typeof path !== "string") continue;
    const { state } = await Deno.permissions.query({ name: "write", path });
    if (state === "granted") continue;
    throw new UsageError(
      `--${name} must lie in a folder that this task may write to, such as output/${
        path.split(/[\\/]/).at(-1)
      }; current value is "${path}"`,
    );
  }
}
