/**
 * The parser of command lines.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import * as v from "valibot";
import { UsageError } from "../lib/core/errors.ts";
import { schemaOf } from "../lib/core/option.ts";
import { booleanOf, type Flag, type FlagTable } from "./flag_table.ts";
import { nearestName } from "./nearest_name.ts";
import { isAuto, parseValue } from "./parse_value.ts";

/** Result of parsing. */
export interface ParsedFlags {
  /** Value of every option, given or default, by field. */
  readonly values: Record<string, unknown>;
  /** Those that were given; `auto` gives none. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Sentences about flags that have no effect. */
  readonly notes: readonly string[];
}

/**
 * Parses a command line.
 *
 * A flag may be written with `_` or `-`, as `--flag value` or `--flag=value`; a boolean also as `--flag` and
 * `--no_flag`. There are no abbreviations.
 *
 * @param args Arguments after the command's name
 * @param table Flags that the command understands
 * @param fallback Arguments that count where a flag is not given, such as those of a settings file
 * @returns Values, checked
 * @throws {UsageError} On an unknown flag (naming the nearest), a missing one, one that is given twice, or a value that is
 *   not allowed
 */
export function parseFlags(
  args: readonly string[],
  table: FlagTable,
  fallback: readonly string[] = [],
): ParsedFlags {
  const texts = new Map([...readTexts(fallback, table), ...readTexts(args, table)]);
  const defaults: Record<string, unknown> = {}, options: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const [name, flag] of Object.entries(table)) {
    const text = texts.get(name), { field, option, neutral, refused } = flag;
    const isUsed = neutral === undefined && refused === undefined;
    if (isUsed) {
      defaults[field] = v.getDefault(schemaOf(option) as v.OptionalSchema<v.GenericSchema, undefined>);
    }
    if (text === undefined) {
      if (flag.required) throw new UsageError(`--${name} is required: ${flag.doc}`);
      continue;
    }
    if (refused && !isSwitchedOff(flag, text)) {
      throw new UsageError(`--${name} is not supported: ${refused}`);
    }
    const value = isAuto(flag, text) ? undefined : parseValue(name, flag, text);
    if (neutral) notes.push(`--${name} has no effect: ${neutral}`);
    if (!isUsed || value === undefined) continue;
    options[field] = value;
  }
  refuseTogether(table, options);
  return { values: { ...defaults, ...options }, options, notes };
}

/** Refuses flags that exclude each other. */
function refuseTogether(table: FlagTable, options: Readonly<Record<string, unknown>>): void {
  for (const [name, { field, excludes = [] }] of Object.entries(table)) {
    const other = excludes.find((excluded) => excluded in options);
    if (other === undefined || !(field in options)) continue;
    const both = Object.keys(table).filter((key) => key === name || table[key].field === other);
    throw new UsageError(`--${both.join(" and --")} exclude each other: give one of them.`);
  }
}

function isSwitchedOff(flag: Flag, text: string): boolean {
  return flag.kind === "boolean" && booleanOf(text) === false;
}

function readTexts(args: readonly string[], table: FlagTable): Map<string, string> {
  const names = Object.keys(table);
  const joined: string[] = [];
  for (const arg of args) { // "--iters -1" is a value, not a flag; the parser understands "--iters=-1" only
    if (arg === "--") continue; // `deno task demo -- --quick` hands it on
    const previous = joined.at(-1);
    if (/^-\d/.test(arg) && previous?.startsWith("--") && !previous.includes("=")) {
      joined[joined.length - 1] += `=${arg}`;
    } else joined.push(arg.startsWith("--") ? normaliseName(arg, table) : arg);
  }
  const parsed = parseArgs(joined, {
    string: names,
    collect: names,
    unknown: (arg) => {
      throw new UsageError(unknownMessage(arg, names));
    },
  });
  const texts = new Map<string, string>();
  for (const name of names) {
    const given = [parsed[name] ?? []].flat() as unknown[];
    if (given.length === 0) continue;
    if (given.length > 1 && table[name].kind !== "list") {
      throw new UsageError(twiceMessage(name, given.map(String)));
    }
    texts.set(name, given.join(","));
  }
  return texts;
}

function twiceMessage(name: string, given: readonly string[]): string {
  const times = given.length === 2 ? "twice" : `${given.length} times`;
  const values = [...new Set(given)].filter((value) => value !== "");
  return `--${name} is given ${times}${values.length > 0 ? ` (${given.join(", ")})` : ""}: give one of them`;
}

function normaliseName(arg: string, table: FlagTable): string {
  const [, raw, value] = /^--([^=]*)(=.*)?$/s.exec(arg)!;
  const name = raw.replaceAll("-", "_");
  if (table[name]) return `--${name}${value ?? ""}`;
  const positive = name.replace(/^no_/, "");
  if (positive !== name && table[positive]?.kind === "boolean" && value === undefined) {
    return `--${positive}=false`;
  }
  return `--${name}${value ?? ""}`;
}

function unknownMessage(arg: string, names: readonly string[]): string {
  if (!arg.startsWith("-")) {
    return `Unexpected argument "${arg}": every value belongs to a flag, such as --name value`;
  }
  const name = arg.replace(/^--?/, "").replace(/=.*/s, ""), nearest = nearestName(name, names);
  return `Unknown flag --${name}${nearest ? `; the nearest is --${nearest}` : ""} (--help lists all)`;
}
