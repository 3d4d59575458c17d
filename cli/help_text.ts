/**
 * The help text of a command, made from its table of flags.
 *
 * @module
 */
import { describeKind } from "../lib/core/option.ts";
import { withFlagNames } from "./flag_names.ts";
import type { Flag, FlagTable } from "./flag_table.ts";

/** The help text of a command: usage, then each flag with kind, default, range and meaning. */
export function helpText(command: string, doc: string, table: FlagTable): string {
  const flags = Object.entries(table);
  const used = flags.filter(([, flag]) => !flag.neutral && !flag.refused)
    .sort(([, a], [, b]) => Number(b.required ?? false) - Number(a.required ?? false)); // stable
  const others = flags.filter(([, flag]) => flag.neutral ?? flag.refused);
  const lines = alignedLines(
    used.map(([name, flag]) => [name, describeKind(flag), describeFlag(flag, table)]),
  );
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

/** What a flag of a table does, with its default. */
export function describeFlag(
  { required, auto, doc, default: fallback, shown = fallback }: Flag,
  table: FlagTable,
): string {
  const words = required
    ? "required"
    : auto !== undefined
    ? "default auto"
    : shown === undefined
    ? ""
    : `default ${Array.isArray(shown) ? shown.join(",") : shown}`;
  return withFlagNames(words === "" ? doc : `${doc} (${words})`, table);
}
