/**
 * Cases of the original's files: what is good is read exactly, what is hostile is refused, what is damaged is an error.
 *
 * @module
 */
import { join } from "@std/path";
import type { NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { readNpyValueFile, readNpzValueFile, type ValueArray } from "../../original/files/npy_values.ts";
import { readNpz } from "../../lib/io/npz.ts";
import {
  describeValue,
  NumpyArray,
  PickleTuple,
  type PickleValue,
} from "../../original/files/pickle_values.ts";
import { RefusedFileError } from "../../lib/io/refused_file_error.ts";
import { readTorchFile } from "../../original/files/torch_file.ts";
import { TorchTensor } from "../../original/files/torch_tensor.ts";
import { decodeRle, encodeRle, textToRuns } from "../../lib/io/rle.ts";
import type { CaseData } from "./case_data.ts";
import { type Check, same } from "./check.ts";

/** Seconds in which a file must be read, whatever it holds. */
const MOST_SECONDS = 1;

/** What a truth file says of one value. */
type Truth =
  & Partial<{
    dict: [string | number, Truth][];
    list: Truth[];
    tuple: Truth[];
    size: number[];
    value: null | boolean | number | string;
    bigint: string;
    bytes_hex: string;
    numpy_scalar: number;
    ndarray: string;
    tensor: string;
    stride: number[];
    offset: number;
  }>
  & { shape?: number[]; dtype?: string };

/** One file of the folder. */
export async function checkpointCase(data: CaseData): Promise<Check[]> {
  const folder = join(data.root, data.folder);
  if (data.name.endsWith(".truth.npz")) return await truthFileCase(folder, data.name);
  if (data.name.endsWith(".json")) return await jsonCase(folder, data.name);
  if (/^(evil|bad|ok)_/.test(data.name)) return await hostileCase(folder, data.name);
  const stem = truthOf(data.name);
  if (stem === "detections") return await detectionsCase(folder, data.name);
  const truth: Truth = JSON.parse(await Deno.readTextFile(join(folder, `${stem}.truth.json`)));
  const arrays = await readNpz(join(folder, `${stem}.truth.npz`));
  const comparison = new Comparison(arrays);
  comparison.compare(stem, await readAny(join(folder, data.name)), truth);
  return comparison.checks;
}

/** The truth that a file is compared with: its name up to what says how it was written. */
function truthOf(name: string): string {
  return name.replace(/\.[^.]*$/, "").replace(/_(zip|legacy)(_cuda)?$|_np\d(_p\d)?$/, "");
}

/** The value of a file of any kind; of an `.npz` the only item of its array `data`. */
async function readAny(path: string): Promise<PickleValue> {
  if (path.endsWith(".npy")) return only(await readNpyValueFile(path), path);
  if (path.endsWith(".npz")) return only((await readNpzValueFile(path)).data, path);
  return await readTorchFile(path);
}

function only(array: NdArray | ValueArray | undefined, path: string): PickleValue {
  if (!Array.isArray(array?.data)) throw new UserError(`${path} holds no objects`);
  return array.shape.length === 0 ? array.data[0] : [...array.data];
}

/** Compares a value with its truth, all the way down. */
class Comparison {
  readonly checks: Check[] = [];

  constructor(readonly arrays: Readonly<Record<string, NdArray>>) {}

  compare(what: string, value: PickleValue | undefined, truth: Truth): void {
    const { dict, list, tuple, size, ndarray, tensor } = truth;
    if (dict) {
      const keys = value instanceof Map ? [...value.keys()] : [];
      this.#equal(`${what}: keys`, keys.join("\n"), dict.map(([key]) => key).join("\n"));
      for (const [key, inner] of dict) {
        this.compare(`${what}.${key}`, value instanceof Map ? value.get(key) : undefined, inner);
      }
    } else if (list ?? tuple) {
      const items = list ? value as PickleValue[] : value instanceof PickleTuple ? value.items : [];
      const wanted = list ?? tuple ?? [];
      this.#equal(`${what}: length`, Array.isArray(items) ? items.length : -1, wanted.length);
      wanted.forEach((inner, i) => this.compare(`${what}[${i}]`, items[i], inner));
    } else if (size) {
      this.#equal(
        what,
        value instanceof PickleTuple ? value.items.join() : describeValue(value),
        size.join(),
      );
    } else if (tensor !== undefined) {
      this.#tensor(what, value, truth, tensor);
    } else if (ndarray !== undefined) {
      if (!(value instanceof NumpyArray)) return this.#equal(what, describeValue(value), "an array");
      this.#array(what, { data: value.data as NdArray["data"], shape: value.shape }, ndarray, truth.shape!);
    } else if (truth.bigint !== undefined) this.#equal(what, String(value), truth.bigint);
    else if (truth.bytes_hex !== undefined) {
      this.#equal(what, value instanceof Uint8Array ? value.toHex() : describeValue(value), truth.bytes_hex);
    } else this.#equal(what, value, truth.numpy_scalar !== undefined ? truth.numpy_scalar : truth.value);
  }

  #tensor(what: string, value: PickleValue | undefined, truth: Truth, name: string): void {
    if (!(value instanceof TorchTensor)) return this.#equal(what, describeValue(value), "a tensor");
    this.#equal(`${what}: type`, value.dtype, truth.dtype);
    const stride = truth.shape!.includes(0) ? value.stride : truth.stride!;
    this.#equal(`${what}: stride`, value.stride.join(), stride.join());
    this.#equal(`${what}: offset`, value.offset, truth.offset);
    this.#array(what, value.toArray(), name, truth.shape!);
  }

  #array(what: string, array: NdArray, name: string, shape: readonly number[]): void {
    this.#equal(`${what}: shape`, array.shape.join(), shape.join());
    const expected = this.arrays[name];
    if (!expected) return this.#equal(`${what}: truth`, "missing", "there");
    const [actual, wanted] = [array.data, expected.data].map(exactValues);
    const different = wanted.filter((entry, i) => !Object.is(entry, actual[i])).length;
    const count = actual.length === wanted.length ? different : Infinity;
    this.checks.push({ what, share: count > 0 ? Infinity : 0, error: count });
  }

  #equal(what: string, actual: unknown, expected: unknown): void {
    const equal = Object.is(actual, expected);
    const shown = equal ? what : `${what} is ${String(actual).slice(0, 80)}`;
    this.checks.push({ what: shown, share: equal ? 0 : Infinity, error: equal ? 0 : 1 });
  }
}

/** Values that compare exactly: large integers as texts, all NaN alike. */
function exactValues(values: NdArray["data"]): (number | string)[] {
  if (values instanceof BigInt64Array) return Array.from(values, String);
  return Array.from(values, (value) => Number.isNaN(value) ? "NaN" : value);
}

/** A file that must be refused, or end in an error, or at least end. */
async function hostileCase(folder: string, name: string): Promise<Check[]> {
  const list = JSON.parse(await Deno.readTextFile(join(folder, "hostile.json")));
  const must: string | undefined = list[name]?.must;
  if (!must) throw new UserError(`${name} is not in hostile.json`);
  const started = performance.now();
  let outcome = "value";
  try {
    const value = await readAny(join(folder, name));
    if (value instanceof TorchTensor) value.toArray();
    else if (value instanceof Map) value.forEach((item) => item instanceof TorchTensor && item.toArray());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    outcome = error instanceof RefusedFileError ? "refuse" : "error";
  }
  const seconds = (performance.now() - started) / 1000;
  const good = must.startsWith("finish") || outcome === must;
  return [
    { what: `${name} must ${must}: ${outcome}`, share: good ? 0 : Infinity, error: good ? 0 : 1 },
    { what: "seconds", share: seconds / MOST_SECONDS, error: seconds },
  ];
}

/** Detections: dicts with boxes, and masks that decode to the recorded run lengths. */
async function detectionsCase(folder: string, name: string): Promise<Check[]> {
  const truth = JSON.parse(await Deno.readTextFile(join(folder, "detections.truth.json")));
  const records = await readAny(join(folder, name)) as Map<string, PickleValue>[];
  const checks = [same("records", [records.length], [truth.length])];
  for (const [i, wanted] of truth.entries()) {
    checks.push(...detectionChecks(`[${i}]`, records[i], wanted));
    const parts = records[i].get("parts") as Map<string, PickleValue>[];
    checks.push(same(`[${i}].parts`, [parts.length], [wanted.parts.length]));
    for (const [k, part] of wanted.parts.entries()) {
      checks.push(...detectionChecks(`[${i}].parts[${k}]`, parts[k], part));
    }
  }
  return checks;
}

// deno-lint-ignore no-explicit-any
function detectionChecks(what: string, record: Map<string, PickleValue>, wanted: any): Check[] {
  const checks: Check[] = [];
  for (const [field, value] of Object.entries(wanted)) {
    if (["bbox", "mask", "parts", "area", "runs_column_major"].includes(field)) continue;
    const equal = record.get(field) === value;
    checks.push({ what: `${what}.${field}`, share: equal ? 0 : Infinity, error: equal ? 0 : 1 });
  }
  const box = record.get("bbox") as NumpyArray;
  checks.push(same(`${what}.bbox`, box.data as Float32Array, wanted.bbox.flat()));
  const mask = record.get("mask") as Map<string, PickleValue>;
  const counts = mask.get("counts");
  const text = counts instanceof Uint8Array ? new TextDecoder().decode(counts) : String(counts);
  const [height, width] = wanted.mask.size as [number, number];
  const pixels = decodeRle(textToRuns(text), height, width);
  checks.push(same(`${what}.mask.size`, mask.get("size") as number[], [height, width]));
  checks.push(same(`${what}.area`, [pixels.reduce((sum, pixel) => sum + pixel, 0)], [wanted.area]));
  if (wanted.runs_column_major) {
    checks.push(same(`${what}.runs`, encodeRle(pixels, height, width), wanted.runs_column_major));
  }
  return checks;
}

/** A truth file holds the arrays that its structure names. */
async function truthFileCase(folder: string, name: string): Promise<Check[]> {
  const arrays = Object.keys(await readNpz(join(folder, name)));
  const structure = await Deno.readTextFile(join(folder, name.replace(/npz$/, "json")));
  const named = new Set([...structure.matchAll(/"(?:tensor|ndarray)": "([^"]*)"/g)].map((match) => match[1]));
  return [same("arrays", [arrays.filter((array) => named.has(array)).length], [named.size])];
}

/** Lists: every hostile file is there. */
async function jsonCase(folder: string, name: string): Promise<Check[]> {
  const content = JSON.parse(await Deno.readTextFile(join(folder, name)));
  if (name !== "hostile.json") return [same("entries", [Object.keys(content).length > 0 ? 1 : 0], [1])];
  const files = new Set(Array.from(Deno.readDirSync(folder), (entry) => entry.name));
  const missing = Object.keys(content).filter((file) => !files.has(file));
  return [same("files that are listed but missing", [missing.length], [0])];
}
