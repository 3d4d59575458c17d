/**
 * The value of one flag, parsed and checked.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";
import { booleanOf, type Flag, type FlagValue } from "./flag_table.ts";
import { describeKind } from "./help_text.ts";

/**
 * Parses the text of one flag.
 *
 * @throws {UsageError} If the text is not of the flag's kind, or not allowed
 */
export function parseValue(name: string, flag: Flag, text: string): FlagValue {
  if (flag.kind === "boolean") {
    const value = booleanOf(text);
    if (value !== undefined) return value;
    throw new UsageError(`--${name} must be true or false, current value is "${text}"`);
  }
  if (text === "") throw new UsageError(`--${name} needs a value: ${flag.doc}`);
  if (flag.auto !== undefined && (text === "auto" || Number(text) === flag.auto)) return undefined;
  if (flag.kind === "integer" || flag.kind === "number") return parseNumber(name, flag, text);
  const items = flag.kind === "list"
    ? text.split(/(?<!\\),/).map((item) => item.replaceAll("\\,", ",").trim()).filter((item) => item !== "")
    : [text];
  if (items.length === 0) throw new UsageError(`--${name} needs a value: ${flag.doc}`);
  for (const item of items) {
    if (flag.pattern && !flag.pattern.expression.test(item)) {
      throw new UsageError(
        `--${name} must be ${flag.pattern.rule}, current value is ${JSON.stringify(item)}`,
      );
    }
    if (flag.choices && !flag.choices.includes(item)) {
      throw new UsageError(`--${name} must be one of ${flag.choices.join(", ")}, current value is "${item}"`);
    }
  }
  return flag.kind === "list" ? items : text;
}

function parseNumber(name: string, flag: Flag, text: string): number {
  const value = Number(text);
  const allowed = describeKind(flag);
  if (!Number.isFinite(value) || (flag.kind === "integer" && !Number.isInteger(value))) {
    throw new UsageError(`--${name} must be ${allowed}, current value is "${text}"`);
  }
  if (value < (flag.minimum ?? -Infinity) || value > (flag.maximum ?? Infinity)) {
    throw new UsageError(`--${name} must be ${allowed}, current value is ${value}`);
  }
  if (flag.choices && !flag.choices.includes(String(value))) {
    throw new UsageError(`--${name} must be one of ${flag.choices.join(", ")}, current value is ${value}`);
  }
  return value;
}
