/**
 * The rule that gives weights and inputs of the network cases, and comparisons with what is stored of their results.
 *
 * @module
 */
import { type NdArray, sizeOf } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { type Tensor, type Tensor2D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import type { Parameters } from "../../lib/networks/parameters.ts";
import { transposeArray } from "../../lib/core/transpose_array.ts";
import { fromTorchLayout, toTorchLayout } from "../../original/import/torch_layout.ts";
import type { CaseData } from "./case_data.ts";
import { type Check, close } from "./check.ts";

/** Beginning of all names where no list of cases tells another one. */
const DEFAULT_SALT = "p1";

/** Beginning of the names of a case, as its list tells. */
export const saltOf = (data: CaseData): string => String(data.entry.salt ?? DEFAULT_SALT);

/** An input that a list describes, such as "r('p1/a/in/x', [2,3,8,8]) * alpha" or "cell mask('p1/a/in/m', [2,1,8,8], cell 3)". */
export interface RuleInput {
  /** Full name; of steps the number of the step comes after it. */
  readonly name: string;
  /** Lengths of the axes in torch's order. */
  readonly shape: readonly number[];
  /** Side of the squares of a mask; NaN of others. */
  readonly cell: number;
}

/**
 * Inputs that a text of a list describes, in its order.
 *
 * @throws {UserError} If there are fewer than are needed
 */
export function ruleInputs(data: CaseData, text: unknown, least = 1): RuleInput[] {
  const pattern = /(?:\br|mask)\('([^']+)'(?:\+i)?, \[([\d, ]+)\](?:, cell (\d+))?\)/g;
  const found = [...String(text).matchAll(pattern)].map(([, name, shape, cell]): RuleInput => ({
    name,
    shape: shape.split(",").map(Number),
    cell: Number(cell ?? NaN),
  }));
  if (found.length >= least) return found;
  throw new UserError(`${data.folder}/${data.name}: cannot tell the inputs of ${JSON.stringify(text)}`);
}

/** What the list says of an array. */
interface StoredArray {
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly f32_dev?: number;
  readonly stride?: number;
}

/** What the list says of a network case. */
export interface NetworkEntry {
  readonly config: Readonly<Record<string, number | boolean | string | number[]>>;
  readonly mode: "train" | "eval";
  readonly batch: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, StoredArray>>;
  readonly scalars?: Readonly<Record<string, { readonly value: number; readonly f32_dev?: number }>>;
}

/** The list's entry of a case. */
export const entryOf = (data: CaseData): NetworkEntry => data.entry as unknown as NetworkEntry;

/** r(name, i) for i from 0, in [−1, 1). */
export function ruleValues(name: string, count: number): Float64Array {
  let seed = 0x811C9DC5;
  for (const byte of new TextEncoder().encode(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = (seed + Math.imul(i, 0x9E3779B1)) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85EBCA6B);
    x = Math.imul(x ^ (x >>> 13), 0xC2B2AE35);
    values[i] = 2 * (((x ^ (x >>> 16)) >>> 0) / 2 ** 32) - 1;
  }
  return values;
}

/** Zeros and ones in squares of `cell` pixels, `[B, 1, H, W]` flattened. */
export function cellMask(name: string, batch: number, side: number, cell: number): Float64Array {
  const cells = Math.ceil(side / cell), drawn = ruleValues(name, batch * cells * cells);
  const mask = new Float64Array(batch * side * side); // [B, H, W]
  for (let b = 0, at = 0; b < batch; b++) {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++, at++) {
        const place = (b * cells + Math.floor(row / cell)) * cells + Math.floor(column / cell);
        mask[at] = drawn[place] > -0.5 ? 1 : 0;
      }
    }
  }
  return mask;
}

/** A tensor of values in torch's order, channels last, `[B, C, H, W]` → `[B, H, W, C]`. */
export function channelsLast(values: ArrayLike<number>, shape: readonly number[]): Tensor4D {
  const { data, shape: turned } = transposeArray({ data: Float32Array.from(values), shape: [...shape] }, [
    0,
    2,
    3,
    1,
  ]);
  return tf.tensor4d(data, turned as [number, number, number, number]);
}

/** One-hot rows, `[B, classes]`. */
export function oneHot(classes: readonly number[], count: number): Tensor2D {
  return tf.oneHot(tf.tensor1d([...classes], "int32"), count).toFloat() as Tensor2D;
}

/** Fills a network by the rule; `prefix` comes between the salt and the names. */
export function loadRuleWeights(
  parameters: Parameters,
  kind: "reconstruction" | "gan",
  prefix = "",
  salt = DEFAULT_SALT,
): void {
  const arrays: Record<string, NdArray> = {};
  const add = (name: string, shape: readonly number[], values: Float64Array) => {
    arrays[name] = fromTorchLayout(parameters, name, { data: Float32Array.from(values), shape: [...shape] });
  };
  for (const [name, variable] of parameters.entries()) {
    const ours: NdArray = { data: variable.dataSync<"float32">(), shape: variable.shape };
    if (name.endsWith(".pos_emb")) arrays[name] = ours;
    if (name.endsWith(".pos_emb") || /weight_[uv]$/.test(name)) continue;
    const { shape } = toTorchLayout(parameters, name, ours);
    const values = weightValues(`${salt}/${prefix}${name}`, name, shape, kind);
    add(name, shape, values);
    if (!name.endsWith("weight_orig")) continue;
    const unit = name.replace(/orig$/, "u");
    const { u, v } = firstVectors(
      Float64Array.from(Float32Array.from(values)),
      shape,
      `${salt}/${prefix}${unit}`,
    );
    add(unit, [u.length], u);
    add(name.replace(/orig$/, "v"), [v.length], v);
  }
  parameters.load(arrays);
}

/** Values of a network's entry by the rule. */
export function weightValues(
  fullName: string,
  name: string,
  shape: readonly number[],
  kind: string,
): Float64Array {
  const drawn = ruleValues(fullName, sizeOf(shape));
  const parts = name.split("."), last = parts.at(-1)!, parent = parts.at(-2) ?? "";
  const [offset, scale] = ((): [number, number] => {
    if (last === "bias" || last === "running_mean") return [0, 0.1];
    if (last === "running_var") return [1, 0.25];
    if (shape.length === 1) return [1, 0.1];
    if (kind === "reconstruction" && parent === "fc_gamma") return [1, 0.1];
    if (kind === "reconstruction" && parent === "fc_beta") return [0, 0.1];
    if (parent === "emb_class" || parent === "projector") return [0, 1];
    const bound = Math.sqrt(6 / sizeOf(shape.slice(1)));
    if (["conv_tex", "conv_seg", "conv_final"].includes(parent)) return [0, 0.1 * bound];
    if (parent === "conv_mesh") return [0, 0.03 * bound];
    return [0, parent === "fc_gamma" || parent === "fc_beta" ? 0.3 * bound : bound];
  })();
  return drawn.map((value) => offset + scale * value);
}

/** One power step in float64 from the signs of the rule, torch's order. */
function firstVectors(
  matrix: Float64Array,
  shape: readonly number[],
  name: string,
): { u: Float64Array; v: Float64Array } {
  const rows = shape[0], columns = matrix.length / rows;
  const start = ruleValues(name, rows).map((value) => (value < 0 ? -1 : 1) / Math.sqrt(rows));
  const v = new Float64Array(columns), u = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) v[column] += matrix[row * columns + column] * start[row];
  }
  normalise(v);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) u[row] += matrix[row * columns + column] * v[column];
  }
  normalise(u);
  return { u, v };
}

function normalise(vector: Float64Array): void {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
}

/** Values of a map in torch's order, `[B, H, W, C]` → `[B, C, H, W]`. */
export function inTorchOrder(map: Tensor): Float32Array {
  const array = { data: map.dataSync<"float32">(), shape: map.shape };
  return map.rank === 4 ? transposeArray(array, [0, 3, 1, 2]).data : array.data;
}

/** Values of a parameter or of its gradient in torch's order. */
export function parameterInTorchOrder(parameters: Parameters, name: string, value: Tensor): Float32Array {
  return toTorchLayout(parameters, name, { data: value.dataSync<"float32">(), shape: value.shape }).data;
}

/** The stored ones of all values. */
function stored(data: CaseData, name: string, all: ArrayLike<number>): ArrayLike<number> {
  const { stride = 1 } = entryOf(data).arrays[name];
  return stride === 1 ? all : Array.from(all).filter((_, i) => i % stride === 0);
}

/** Compares an output or a state with what is stored: at most ten times the error of float32, or 2e-5 of the largest value. */
export function checkOutput(data: CaseData, name: string, all: ArrayLike<number>): Check {
  const { f32_dev = 0, min, max } = entryOf(data).arrays[name];
  const absolute = Math.max(10 * f32_dev, 2e-5 * Math.max(Math.abs(min), Math.abs(max)), 1e-12);
  return close(name, stored(data, name, all), data.floats(name), { absolute });
}

const SMALL_GRADIENT = 1e-12;

/** Compares as a whole, not entry by entry: relative distance at most 0.02, cosine at least 0.9995. */
export function checkDirection(data: CaseData, name: string, all: ArrayLike<number>): Check {
  return compareDirections(name, stored(data, name, all), data.floats(name));
}

/** The same for a gradient `[B, 3, H, W]` of colours, of which a gradient `[B, 4, H, W]` of colours and mask is stored. */
export function checkColourGradient(data: CaseData, name: string, colours: ArrayLike<number>): Check {
  const { shape: [, , H, W], stride = 1 } = entryOf(data).arrays[name];
  const expected = data.floats(name), pixels = H * W;
  const actual: number[] = [], kept: number[] = [];
  expected.forEach((value, i) => {
    const place = i * stride, pixel = place % pixels, map = Math.floor(place / pixels);
    if (map % 4 === 3) return;
    actual.push(colours[(Math.floor(map / 4) * 3 + map % 4) * pixels + pixel]);
    kept.push(value);
  });
  return compareDirections(name, actual, kept);
}

function compareDirections(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>): Check {
  let difference = 0, ours = 0, theirs = 0, product = 0, largest = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    ours += actual[i] ** 2;
    theirs += expected[i] ** 2;
    product += actual[i] * expected[i];
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  if (largest < SMALL_GRADIENT) return close(name, actual, expected, { absolute: 1e-6 });
  const distance = Math.sqrt(difference / theirs);
  const turn = 1 - product / Math.sqrt(ours * theirs);
  const share = Math.max(distance / 2e-2, turn / 5e-4);
  return { what: name, share: Number.isNaN(share) ? Infinity : share, error: distance };
}

/** Compares a loss of one forward pass. */
export function checkLoss(data: CaseData, name: string, value: number): Check {
  return close(name, [value], [entryOf(data).scalars![name].value], { absolute: 1e-6, relative: 1e-5 });
}

/** States after the case's forward pass. */
export function checkStates(data: CaseData, parameters: Parameters): Check[] {
  const entries = parameters.entries();
  return Object.keys(entryOf(data).arrays).filter((name) => name.startsWith("after/")).map((name) => {
    const own = name.slice("after/".length);
    return checkOutput(data, name, parameterInTorchOrder(parameters, own, entries.get(own)!));
  });
}
