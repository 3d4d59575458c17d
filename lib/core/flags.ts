/**
 * Command-line flags: tables of what a command understands, the parser, and the help text made from the same tables.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { UsageError } from "./errors.ts";

/** Kind of a flag's value. A `list` is separated by commas, those within an item written `\,`, or given again and again. */
export type FlagKind = "integer" | "number" | "boolean" | "text" | "list";
/** A parsed value. */
export type FlagValue = number | boolean | string | string[] | undefined;

/** One flag of a command. */
export interface Flag {
  /** Kind of value. */
  readonly kind: FlagKind;
  /** What it does, one sentence, with unit. */
  readonly doc: string;
  /** Value when it is not given; `undefined` means that the command decides. */
  readonly default?: FlagValue | readonly string[];
  /** It must be given. */
  readonly required?: boolean;
  /** The allowed texts. */
  readonly choices?: readonly string[];
  /** Least allowed number. */
  readonly minimum?: number;
  /** Greatest allowed number. */
  readonly maximum?: number;
  /** The text names a file or folder that is read. */
  readonly reads?: boolean;
  /** A number that means "decide by yourself", as does the word `auto`; parsed as `undefined`. */
  readonly auto?: number;
  /** What a text must look like, and the rule in words. */
  readonly pattern?: { readonly expression: RegExp; readonly rule: string };
  /** Checked but without effect, so that the value is always the default; the sentence is shown when it is given. */
  readonly neutral?: string;
  /** Understood only to be refused with this sentence. */
  readonly refused?: string;
}

/** Flags by name, written with `_`. */
export type FlagTable = Readonly<Record<string, Flag>>;

type KindValue<K extends FlagKind> = K extends "integer" | "number" ? number
  : K extends "boolean" ? boolean
  : K extends "list" ? string[]
  : string;
type CamelCase<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S;
type FlagValueOf<F extends Flag> = F extends
  { required: true } | { default: string | number | boolean | readonly string[] } ? KindValue<F["kind"]>
  : KindValue<F["kind"]> | undefined;

/** Values of a table's flags, by name in camelCase. */
export type FlagValues<T extends FlagTable> = { [K in keyof T & string as CamelCase<K>]: FlagValueOf<T[K]> };

/** Result of parsing. */
export interface ParsedFlags<T extends FlagTable> {
  /** Value of every flag, given or default. */
  readonly values: FlagValues<T>;
  /** Names (with `_`) of the flags that were given a value; `auto` gives none. */
  readonly given: ReadonlySet<string>;
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
export function parseFlags<const T extends FlagTable>(
  args: readonly string[],
  table: T,
  fallback: readonly string[] = [],
): ParsedFlags<T> {
  const texts = new Map([...readTexts(fallback, table), ...readTexts(args, table)]);
  const values: Record<string, FlagValue> = {};
  const notes: string[] = [], given = new Set<string>();
  for (const [name, flag] of Object.entries(table)) {
    const text = texts.get(name);
    values[camelCase(name)] = Array.isArray(flag.default) ? [...flag.default] : flag.default as FlagValue;
    if (text === undefined) {
      if (flag.required) throw new UsageError(`--${name} is required: ${flag.doc}`);
      continue;
    }
    if (flag.refused && !isSwitchedOff(flag, text)) {
      throw new UsageError(`--${name} is not supported: ${flag.refused}`);
    }
    const value = parseValue(name, flag, text);
    if (flag.neutral) {
      notes.push(`--${name} has no effect: ${flag.neutral}`);
      continue;
    }
    values[camelCase(name)] = value;
    if (value !== undefined) given.add(name);
  }
  return { values: values as FlagValues<T>, given, notes };
}

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

/** Share of a name that may be mistyped for another name to be meant. */
const LARGEST_SLIP = 0.5;

/** The name among `candidates` that needs the fewest edits to become `name`; none if half of the name is to be edited. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined, least = LARGEST_SLIP * name.length;
  for (const candidate of candidates) {
    const edits = editDistance(name, candidate);
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** `texture_resolution` to `textureResolution`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The truth value of a boolean flag's text, or undefined where it is none. */
export function booleanOf(text: string): boolean | undefined {
  if (["", "true", "1"].includes(text.toLowerCase())) return true;
  return ["false", "0"].includes(text.toLowerCase()) ? false : undefined;
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

function parseValue(name: string, flag: Flag, text: string): FlagValue {
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

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = row;
  }
  return previous[b.length];
}
