/**
 * The JSON header of safetensors files, checked against the size of the file.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { parseJson } from "./json_file.ts";

/** Kinds of values that are read and written, with their sizes in bytes. */
export const SAFETENSORS_DTYPES = {
  F64: 8,
  F32: 4,
  F16: 2,
  I64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

/** Name of a kind of values. */
export type SafetensorsDtype = keyof typeof SAFETENSORS_DTYPES;

/** One array of a file. */
export interface SafetensorsEntry {
  /** Name of the array. */
  readonly name: string;
  /** Kind of its values. */
  readonly dtype: SafetensorsDtype;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Bytes that it takes. */
  readonly byteLength: number;
}

const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const ENTRY = v.object({
  dtype: v.string(),
  shape: v.pipe(v.array(COUNT), v.maxLength(16)),
  data_offsets: v.tuple([COUNT, COUNT]),
});
const HEADER = v.record(v.string(), v.unknown());
const METADATA = v.record(v.string(), v.string());

/**
 * Parses a header and checks that its arrays cover the data exactly, without gaps or overlaps.
 *
 * @param text Header as JSON
 * @param dataLength Bytes of the file after the header
 * @param path File, for messages
 * @returns Arrays in the order of their bytes, and the free texts
 * @throws {UserError} If the header is not valid or does not fit the file
 */
export function parseSafetensorsHeader(
  text: string,
  dataLength: number,
  path: string,
): { entries: SafetensorsEntry[]; metadata: Record<string, string> } {
  const header = parseJson(text, HEADER, "header of", path);
  const fail = (reason: string) => new UserError(`Cannot read ${path}: ${reason}`);
  let metadata: Record<string, string> = {};
  const found: (SafetensorsEntry & { begin: number; end: number })[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") {
      const texts = v.safeParse(METADATA, value);
      if (!texts.success) throw fail("its __metadata__ must hold texts only");
      metadata = texts.output;
      continue;
    }
    const entry = v.safeParse(ENTRY, value);
    if (!entry.success) {
      const issue = entry.issues[0];
      throw fail(
        `array ${name} has no valid ${v.getDotPath(issue) ?? "entry"}, current value is ${issue.received}`,
      );
    }
    found.push(checkEntry(name, entry.output, dataLength, fail));
  }
  found.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of found) {
    if (begin !== covered) throw fail(`array ${name} starts at byte ${begin}, expected ${covered}`);
    covered = end;
  }
  if (covered !== dataLength) throw fail(`its arrays take ${covered} bytes, the file holds ${dataLength}`);
  return {
    entries: found.map(({ name, dtype, shape, byteLength }) => ({ name, dtype, shape, byteLength })),
    metadata,
  };
}

function checkEntry(
  name: string,
  { dtype, shape, data_offsets: [begin, end] }: v.InferOutput<typeof ENTRY>,
  dataLength: number,
  fail: (reason: string) => UserError,
) {
  if (!(Object.hasOwn(SAFETENSORS_DTYPES, dtype))) {
    throw fail(
      `array ${name} has values of kind ${dtype}; known are ${Object.keys(SAFETENSORS_DTYPES).join(", ")}`,
    );
  }
  const known = dtype as SafetensorsDtype;
  const byteLength = shape.reduce((size, length) => size * length, SAFETENSORS_DTYPES[known]);
  if (begin > end || end > dataLength) {
    throw fail(
      `array ${name} lies at bytes ${begin} to ${end}, outside of the ${dataLength} bytes of data; ` +
        `the file is truncated or damaged`,
    );
  }
  if (byteLength !== end - begin) {
    throw fail(
      `array ${name} of shape [${shape.join(", ")}] needs ${byteLength} bytes, it has ${end - begin}`,
    );
  }
  return { name, dtype: known, shape, byteLength, begin, end };
}
