/**
 * JSON files whose content is checked against a schema when they are read.
 *
 * @module
 */
import * as v from "valibot";
import { messageOf, UserError } from "../core/errors.ts";

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
    text = await Deno.readTextFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read the ${what} ${path}: ${reason}`, { cause: error });
  }
  return parseJson(text, schema, what, path);
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
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`Cannot read the ${what} ${path}: it is not valid JSON (${messageOf(error)})`, {
      cause: error,
    });
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const shown = result.issues.slice(0, 3).map((issue) => {
    if (issue.expected === null) return issue.message;
    const field = v.getDotPath(issue) ?? "the file as a whole";
    return `${field} must be ${issue.expected}, current value is ${shorten(issue.received)}`;
  });
  const more = result.issues.length > 3 ? `; and ${result.issues.length - 3} more` : "";
  throw new UserError(`Cannot read the ${what} ${path}: ${shown.join("; ")}${more}`);
}

function shorten(text: string): string {
  return text.length > 60 ? text.slice(0, 60) + "…" : text;
}
