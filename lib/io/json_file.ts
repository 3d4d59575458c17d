/**
 * JSON files whose content is checked against a schema when they are read.
 *
 * @module
 */
import * as v from "valibot";
import { messageOf, UserError } from "../core/errors.ts";
import { foreignContent } from "./foreign_content.ts";

/**
 * Reads a JSON file and checks it.
 *
 * @param path File
 * @param schema Valibot schema of the whole file
 * @param what What the file is, for messages ("description of the data set")
 * @returns The value that the schema gives
 * @throws {UserError} If the file is missing, is not JSON or does not match: with the path, the field and the value
 */
export async function readJson<S extends v.GenericSchema>(
  path: string,
  schema: S,
  what: string,
): Promise<v.InferOutput<S>> {
  let text: string;
  try {
    text = await readJsonText(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read the ${what} ${path}: ${reason}`, { cause: error });
  }
  return parseJson(text, schema, what, path);
}

/**
 * Reads the text of a JSON file as tools write it: UTF-8 or UTF-16, with a byte order mark or without.
 *
 * @param path File
 * @throws {Error} If it cannot be read
 */
export async function readJsonText(path: string): Promise<string> {
  return decodeText(await Deno.readFile(path));
}

/** Text of bytes in UTF-8 or, by its mark, UTF-16; the byte order mark is left out. */
export function decodeText(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe
    ? "utf-16le"
    : bytes[0] === 0xfe && bytes[1] === 0xff
    ? "utf-16be"
    : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** Strings, which stay as they are, and words for numbers that are none. */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * The value of JSON text. NaN and Infinity, which Python writes though JSON does not have them, are null.
 *
 * @throws {SyntaxError} If it is not JSON
 */
export function jsonValue(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(plain);
  } catch (error) {
    const replaced = plain.replace(STRING_OR_WORD, (word) => word.startsWith('"') ? word : "null");
    if (replaced === plain) throw error;
    return JSON.parse(replaced);
  }
}

/**
 * Parses JSON text and checks it, as `readJson` does for files.
 *
 * @throws {UserError} If the text is not JSON or does not match the schema
 */
export function parseJson<S extends v.GenericSchema>(
  text: string,
  schema: S,
  what: string,
  path: string,
): v.InferOutput<S> {
  let value: unknown;
  try {
    value = jsonValue(text);
  } catch (error) {
    const foreign = foreignContent(new TextEncoder().encode(text.slice(0, 512)));
    throw new UserError(
      `Cannot read the ${what} ${path}: ${foreign ?? `it is not valid JSON (${messageOf(error)})`}`,
      { cause: error },
    );
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const shown = result.issues.slice(0, 3).map((issue) => issueText(issue));
  const more = result.issues.length > 3 ? `; and ${result.issues.length - 3} more` : "";
  throw new UserError(`Cannot read the ${what} ${path}: ${shown.join("; ")}${more}`);
}

/**
 * What is wrong with a field.
 *
 * @param issue What the schema found
 * @param prefix Where the checked value stands in its file, such as "annotations.3."
 */
export function issueText(issue: v.BaseIssue<unknown>, prefix = ""): string {
  if (issue.expected === null) return issue.message;
  const field = v.getDotPath(issue as Parameters<typeof v.getDotPath>[0]);
  const place = field === null
    ? (prefix === "" ? "the file as a whole" : prefix.slice(0, -1))
    : prefix + field;
  const isMissing = issue.type === "object" && issue.received === "undefined" && field !== null;
  if (isMissing) return `${place} is missing`;
  return `${place} must be ${issue.expected}, current value is ${shorten(issue.received)}`;
}

function shorten(text: string): string {
  return text.length > 60 ? text.slice(0, 60) + "…" : text;
}
