/**
 * The value of one flag, parsed and checked.
 *
 * @module
 */
import * as v from "valibot";
import { UsageError } from "../lib/core/errors.ts";
import { schemaOf } from "../lib/core/option.ts";
import { booleanOf, type Flag } from "./flag_table.ts";

/** Whether a text leaves a choice to the program. */
export function isAuto({ auto, neutral }: Flag, text: string): boolean {
  return (auto !== undefined || neutral !== undefined) && (text === "auto" || text === "-1");
}

/**
 * Parses the text of one flag.
 *
 * @throws {UsageError} If the text is not of the flag's kind, or not allowed
 */
export function parseValue(name: string, flag: Flag, text: string): unknown {
  const value = valueOf(name, flag, text),
    result = v.safeParse(schemaOf(flag.option), value),
    { offered } = flag;
  if (offered && !offered.includes(value)) {
    throw new UsageError(`--${name} must be one of ${offered.join(", ")}, current value is ${text}`);
  }
  if (result.success) return result.output;
  const [{ message, input }] = result.issues,
    wrong = Array.isArray(value) && !Array.isArray(input) ? input : text;
  throw new UsageError(`--${name} ${message}, current value is ${JSON.stringify(wrong)}`);
}

/** What a text means for a flag of this kind, unchecked. */
function valueOf(name: string, { kind, items, doc }: Flag, text: string): unknown {
  if (kind === "boolean") return booleanOf(text) ?? text;
  const parts = text.split(/(?<!\\),/).map((part) => part.replaceAll("\\,", ",").trim());
  const filled = kind === "list" ? parts.filter((part) => part !== "") : [text];
  if (text === "" || filled.length === 0) throw new UsageError(`--${name} needs a value: ${doc}`);
  if (kind === "text") return text;
  if (kind !== "list") return numberOf(text);
  return items === undefined || items === "text" ? filled : filled.map(numberOf);
}

/** The number that a text is; a text that is none stays, so that the message shows it. */
function numberOf(text: string): number | string {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}
