/**
 * Names of the classes of YOLO's data sets.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { parse } from "yaml";
import { messageOf, UserError } from "../core/errors.ts";
import { decodeText } from "../io/json_file.ts";

/** Files that name the classes, by the end of their names, in the order in which they are looked for. */
const NAME_FILES = [/(^|\/)data(set)?\.ya?ml$/i, /\.ya?ml$/i, /(^|\/)classes\.txt$/i, /\.names$/i];

const NAME = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));
/** One name, a list of names, or names by number. */
const NAMES = v.union([
  v.pipe(v.string(), v.transform((name) => [name])),
  v.array(NAME),
  v.record(v.pipe(v.string(), v.regex(/^\d+$/)), NAME),
]);

/** Whether a text file names classes, and is no file of polygons. */
export function isNameFile(path: string): boolean {
  return NAME_FILES.some((pattern) => pattern.test(path));
}

/**
 * Names of classes by number, from whichever file names them.
 *
 * @param folder Folder
 * @param files Files in it
 * @returns The names and their file; without names if there is no such file
 * @throws {UserError} If a file cannot be understood
 */
export async function readClassNames(
  folder: string,
  files: readonly string[],
): Promise<{ names: ReadonlyMap<number, string>; file: string | null }> {
  const candidates = NAME_FILES.flatMap((pattern) => files.filter((file) => pattern.test(file)));
  for (const file of new Set(candidates)) {
    const text = decodeText(await Deno.readFile(join(folder, file)));
    const names = /\.ya?ml$/i.test(file) ? namesOfYaml(text, join(folder, file)) : namesOfLines(text);
    if (names !== null) return { names, file };
  }
  return { names: new Map(), file: null };
}

function namesOfLines(text: string): Map<number, string> {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) => line !== "");
  return new Map(lines.map((line, i) => [i, line]));
}

/** `names` of a YAML file; null if it has none. */
function namesOfYaml(text: string, path: string): Map<number, string> | null {
  let content: unknown;
  try {
    content = parse(text.replace(/\r\n?/g, "\n"), {
      maxAliasCount: 100,
      logLevel: "error",
      uniqueKeys: false,
    });
  } catch (error) {
    throw new UserError(
      `Cannot read the names of classes in ${path}: it is not valid YAML (${
        messageOf(error).split("\n")[0]
      })`,
    );
  }
  const { names, kpt_shape: points } = (content ?? {}) as { names?: unknown; kpt_shape?: unknown };
  if (points !== undefined) {
    throw new UserError(
      `Cannot use the labels of ${path}: they are key points (kpt_shape); polygons are needed`,
    );
  }
  if (names === undefined || names === null) return null;
  const result = v.safeParse(NAMES, names);
  if (!result.success) {
    throw new UserError(
      `Cannot read the names of classes in ${path}: names must be a list of names, or numbers with names`,
    );
  }
  return new Map(Object.entries(result.output).map(([number, name]) => [Number(number), name.trim()]));
}
