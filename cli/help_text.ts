/**
 * The help text of a command, made from its table of flags.
 *
 * @module
 */
import type { Flag, FlagTable } from "./flag_table.ts";

/** The help text of a command: usage, then each flag with kind, default, range and meaning. */
export function helpText(command: string, doc: string, table: FlagTable): string {
  const flags = Object.entries(table);
  const used = flags.filter(([, flag]) => !flag.neutral && !flag.refused)
    .sort(([, a], [, b]) => Number(b.required ?? false) - Number(a.required ?? false)); // stable
  const others = flags.filter(([, flag]) => flag.neutral ?? flag.refused);
  const lines = alignedLines(used.map(([name, flag]) => [name, describeKind(flag), describeFlag(flag)]));
  const otherLines = alignedLines(
    others.map(([name, flag]) => [
      name,
      flag.refused ? "refused" : "no effect",
      flag.refused ?? flag.neutral!,
    ]),
  );
  const more = others.length > 0 ? ["", "Known, but not used here:", ...otherLines] : [];
  return [`deno task ${command} [flags]`, "", doc, "", ...lines, ...more].join("\n");
}

/** Lines of flags with kind and meaning, in columns. */
function alignedLines(rows: readonly (readonly [string, string, string])[]): string[] {
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
  return rows.map(([name, kind, text]) =>
    `  --${name.padEnd(widths[0])}  ${kind.padEnd(widths[1])}  ${text}`
  );
}

/** A flag's kind of value with its range, in words. */
export function describeKind(flag: Flag): string {
  if (flag.choices) return flag.choices.join("|");
  const { minimum, maximum } = flag;
  const range = minimum !== undefined && maximum !== undefined
    ? ` ${minimum} to ${maximum}`
    : minimum !== undefined
    ? ` ≥ ${minimum}`
    : maximum !== undefined
    ? ` ≤ ${maximum}`
    : "";
  const kind = {
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    text: "text",
    list: "a list",
  }[flag.kind];
  return `${kind}${range}`;
}

/** What a flag does, with its default. */
export function describeFlag(flag: Flag): string {
  const fallback = flag.required
    ? "required"
    : flag.auto !== undefined
    ? "default auto"
    : flag.default === undefined
    ? ""
    : `default ${Array.isArray(flag.default) ? flag.default.join(",") : flag.default}`;
  return fallback === "" ? flag.doc : `${flag.doc} (${fallback})`;
}
