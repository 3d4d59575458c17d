/**
 * The settings file `texmesh.json`: flags of tasks, written down once.
 *
 * @module
 */
import { readJsonText } from "../lib/io/json_file.ts";
import config from "../deno.json" with { type: "json" };
import { messageOf, UsageError } from "../lib/core/errors.ts";
import type { FlagTable } from "./flag_table.ts";
import { nearestName } from "./nearest_name.ts";
import { parseFlags } from "./parse_flags.ts";

/** The file that is read where `--settings` names no other. */
export const SETTINGS_FILE = "texmesh.json";

/**
 * The flags that a settings file holds for a task. The file is an object with a section per task, each an object of
 * flags and values: `{ "pipeline": { "images": "photos", "limit": 200 } }`.
 *
 * @param task Name of the task
 * @param table Flags of the task
 * @param path File that `--settings` names; without it `texmesh.json`, if there is one
 * @returns Arguments that stand before those of the command line, so that these win
 * @throws {UsageError} If the file is missing though named, is no such object, or a field is not allowed
 */
export async function settingsArguments(task: string, table: FlagTable, path?: string): Promise<string[]> {
  const file = path ?? SETTINGS_FILE;
  const text = await readText(file, path !== undefined);
  if (text === null) return [];
  const sections = parseObject(file, text);
  for (const name of Object.keys(sections)) {
    checkName(`${file}: unknown section`, name, Object.keys(config.tasks));
  }
  const section = sections[task] ?? {};
  if (!isObject(section)) {
    throw new UsageError(`${file}: the section "${task}" must be an object of flags and values`);
  }
  const args = Object.entries(section).map(([name, value]) => {
    checkName(`${file}, section "${task}": unknown field`, name, Object.keys(table));
    return `--${name}=${valueText(file, name, value)}`;
  });
  try {
    parseFlags(args, withoutRequired(table));
  } catch (error) {
    throw new UsageError(`${file}, section "${task}": ${messageOf(error)}`, { cause: error });
  }
  return args;
}

/** Takes `--settings FILE` out of arguments. */
export function takeSettingsFlag(args: readonly string[]): { path?: string; rest: string[] } {
  const rest: string[] = [];
  let path: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const match = /^--settings(?:=(.*))?$/s.exec(args[i]);
    if (!match) rest.push(args[i]);
    else path = match[1] ?? args[++i] ?? "";
  }
  if (path === "") throw new UsageError("--settings needs a value: a settings file such as texmesh.json");
  return { path, rest };
}

async function readText(file: string, isNamed: boolean): Promise<string | null> {
  try {
    return await readJsonText(file);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound;
    if (isMissing && !isNamed) return null;
    const reason = isMissing ? "there is no such file" : messageOf(error);
    throw new UsageError(`Cannot read the settings file ${file}: ${reason}`, { cause: error });
  }
}

function parseObject(file: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (isObject(value)) return value;
  throw new UsageError(`${file} must hold an object with a section per task, such as { "pipeline": { … } }`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkName(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const nearest = nearestName(name, known);
  throw new UsageError(`${what} "${name}"${nearest ? `; the nearest is "${nearest}"` : ""}`);
}

function valueText(file: string, name: string, value: unknown): string {
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  if (Array.isArray(value)) return value.map((item) => valueText(file, name, item)).join(",");
  throw new UsageError(
    `${file}: "${name}" must be a text, a number, true, false or a list of them, current value is ${
      JSON.stringify(value)
    }`,
  );
}

function withoutRequired(table: FlagTable): FlagTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, flag]) => [name, { ...flag, required: false }]),
  );
}
