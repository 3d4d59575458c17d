/**
 * The steps of a model in ONNX's format, and copies of the model that give inner arrays as outputs too, or take images
 * of any size.
 *
 * Field numbers are those of onnx.proto: ModelProto.graph is 7, GraphProto.node 1, .input 11 and .output 12, NodeProto.input 1,
 * .output 2, .name 3 and .op_type 4, ValueInfoProto.name 1.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { bytesField, concatBytes } from "../core/protocol_buffer.ts";

/** One step of a model. */
export interface OnnxStep {
  /** Name; may be empty. */
  readonly name: string;
  /** Kind, such as `MatMul`. */
  readonly kind: string;
  /** Names of the arrays that it takes; empty where one is left out. */
  readonly inputs: readonly string[];
  /** Names of the arrays that it gives. */
  readonly outputs: readonly string[];
}

/** A model's graph. */
export interface OnnxGraph {
  /** Steps in their order. */
  readonly steps: readonly OnnxStep[];
  /** Names of the outputs. */
  readonly outputs: readonly string[];
}

/** Wire type of bytes, texts and messages. */
const BYTES = 2;

/** A field of a message: its number and, where it holds bytes, where they lie. */
interface Field {
  readonly number: number;
  readonly wire: number;
  /** First byte of the tag. */
  readonly start: number;
  /** First byte of the content, behind its length. */
  readonly from: number;
  readonly to: number;
}

/**
 * Reads the steps of a model, not its weights.
 *
 * @param bytes The file
 * @param place Its path, for messages
 * @throws {UserError} If it is no such file
 */
export function readOnnxGraph(bytes: Uint8Array, place: string): OnnxGraph {
  const graph = graphField(bytes, place);
  const steps: OnnxStep[] = [], outputs: string[] = [];
  for (const field of fieldsOf(bytes, graph.from, graph.to, place)) {
    if (field.wire !== BYTES) continue;
    if (field.number === 1) steps.push(stepOf(bytes, field, place));
    else if (field.number === 12) outputs.push(nameOf(bytes, field, place));
  }
  return { steps, outputs };
}

/** Options of {@link editOnnx}. */
export interface OnnxEdits {
  /** Arrays of the model's steps that become outputs too. */
  outputs?: readonly string[];
  /** Name of an input of which any height and width, its last two axes, are taken from now on; "" for none. */
  freeInput?: string;
}

/**
 * The same model with more outputs, or with an input of any size.
 *
 * @param bytes The file
 * @param edits What becomes different
 * @param place Path of the file, for messages
 * @returns The new file
 * @throws {UserError} If the model has no array of a name
 */
export function editOnnx(
  bytes: Uint8Array,
  { outputs = [], freeInput = "" }: OnnxEdits,
  place: string,
): Uint8Array {
  const graph = readOnnxGraph(bytes, place), known = new Set(graph.steps.flatMap((step) => step.outputs));
  const missing = outputs.find((name) => !known.has(name));
  if (missing !== undefined) {
    throw new UserError(
      `Cannot take "${missing}" from the model ${place}: none of its ${graph.steps.length} steps gives it`,
    );
  }
  const whole = graphField(bytes, place), parts: Uint8Array[] = [];
  let copied = whole.from;
  for (const field of fieldsOf(bytes, whole.from, whole.to, place)) {
    if (field.number !== 11 || nameOf(bytes, field, place) !== freeInput) continue;
    const value = bytes.subarray(field.from, field.to);
    parts.push(bytes.subarray(copied, field.start), bytesField(11, withFreeSides(value, place)));
    copied = field.to;
  }
  parts.push(bytes.subarray(copied, whole.to));
  for (const name of outputs) {
    if (!graph.outputs.includes(name)) parts.push(bytesField(12, bytesField(1, encoded(name))));
  }
  const edited = bytesField(7, concatBytes(parts));
  return concatBytes([bytes.subarray(0, whole.start), edited, bytes.subarray(whole.to)]);
}

/** A ValueInfoProto whose last two axes have names in place of lengths. */
function withFreeSides(value: Uint8Array, place: string): Uint8Array {
  const inside = (bytes: Uint8Array, path: readonly number[], edit: (bytes: Uint8Array) => Uint8Array) => {
    const [number, ...rest] = path;
    if (number === undefined) return edit(bytes);
    return concatBytes(
      [...fieldsOf(bytes, 0, bytes.length, place)].map((field): Uint8Array =>
        field.number === number && field.wire === BYTES
          ? bytesField(number, inside(bytes.subarray(field.from, field.to), rest, edit))
          : bytes.subarray(field.start, field.to)
      ),
    );
  };
  return inside(value, [2, 1, 2], (shape) => { // ValueInfoProto.type, TypeProto.tensor_type, Tensor.shape
    const axes = [...fieldsOf(shape, 0, shape.length, place)];
    return concatBytes(axes.map(({ start, to }, k) => {
      const side = ["height", "width"][k - axes.length + 2];
      return side === undefined ? shape.subarray(start, to) : bytesField(1, bytesField(2, encoded(side)));
    }));
  });
}

function graphField(bytes: Uint8Array, place: string): Field {
  for (const field of fieldsOf(bytes, 0, bytes.length, place)) {
    if (field.number === 7 && field.wire === BYTES) return field;
  }
  throw damaged(place);
}

function stepOf(bytes: Uint8Array, node: Field, place: string): OnnxStep {
  const inputs: string[] = [], outputs: string[] = [];
  let name = "", kind = "";
  for (const { number, from, to } of fieldsOf(bytes, node.from, node.to, place)) {
    if (number > 4) continue;
    const text = textOf(bytes, from, to);
    if (number === 1) inputs.push(text);
    else if (number === 2) outputs.push(text);
    else if (number === 3) name = text;
    else kind = text;
  }
  return { name, kind, inputs, outputs };
}

/** Name of a ValueInfoProto. */
function nameOf(bytes: Uint8Array, value: Field, place: string): string {
  for (const { number, from, to } of fieldsOf(bytes, value.from, value.to, place)) {
    if (number === 1) return textOf(bytes, from, to);
  }
  return "";
}

function* fieldsOf(bytes: Uint8Array, from: number, to: number, place: string): Generator<Field> {
  for (let start = from; start < to;) {
    const [tag, behindTag] = varintAt(bytes, start, to, place);
    const wire = tag % 8, number = Math.floor(tag / 8);
    let content = behindTag, end = behindTag;
    if (wire === 0) end = varintAt(bytes, behindTag, to, place)[1];
    else if (wire === 1) end += 8;
    else if (wire === 5) end += 4;
    else if (wire === BYTES) {
      const [length, behind] = varintAt(bytes, behindTag, to, place);
      content = behind;
      end = behind + length;
    } else throw damaged(place);
    if (end > to || number === 0) throw damaged(place);
    yield { number, wire, start, from: content, to: end };
    start = end;
  }
}

/** A number in base 128, low digits first, and the place behind it. */
function varintAt(bytes: Uint8Array, at: number, to: number, place: string): [number, number] {
  let value = 0, scale = 1;
  for (let k = at; k < to && k < at + 10; k++, scale *= 128) {
    value += (bytes[k] & 127) * scale;
    if (bytes[k] < 128) return [value, k + 1];
  }
  throw damaged(place);
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, to));
}

function damaged(place: string): UserError {
  return new UserError(`Cannot read the model ${place}: it is no complete file in ONNX's format`);
}
