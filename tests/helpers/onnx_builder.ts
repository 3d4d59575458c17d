/**
 * Builds small models in ONNX's format.
 *
 * @module
 */
import { bytesField, concatBytes, floatField, varintField } from "../../lib/core/protocol_buffer.ts";

/** Types of arrays. */
const TYPES = { float32: 1, int64: 7 } as const;

/** A constant. */
export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly type?: keyof typeof TYPES;
}

/** A step. */
export interface OnnxNode {
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integers, or lists of them, by name. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** A model. */
export interface OnnxGraph {
  /** Input `name` of float32; a text is an axis of any length. */
  readonly input: { readonly name: string; readonly shape: readonly (number | string)[] };
  readonly constants: readonly OnnxConstant[];
  readonly nodes: readonly OnnxNode[];
  /** Outputs with their types. */
  readonly outputs: readonly {
    readonly name: string;
    readonly rank: number;
    readonly type?: keyof typeof TYPES;
  }[];
}

/** The bytes of a model file. */
export function encodeOnnx({ input, constants, nodes, outputs }: OnnxGraph): Uint8Array {
  const graph = concatBytes([
    ...nodes.map((node) => bytesField(1, encodeNode(node))),
    bytesField(2, text("fixture")),
    ...constants.map((constant) => bytesField(5, encodeConstant(constant))),
    bytesField(11, encodeValue(input.name, "float32", input.shape)),
    ...outputs.map(({ name, rank, type }) =>
      bytesField(
        12,
        encodeValue(name, type ?? "float32", Array.from({ length: rank }, (_, i) => `${name}_${i}`)),
      )
    ),
  ]);
  const operators = concatBytes([bytesField(1, text("")), varintField(2, 13)]);
  return concatBytes([varintField(1, 8), bytesField(7, graph), bytesField(8, operators)]);
}

function encodeNode({ kind, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  return concatBytes([
    ...inputs.map((name) => bytesField(1, text(name))),
    ...outputs.map((name) => bytesField(2, text(name))),
    bytesField(4, text(kind)),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, encodeAttribute(name, value))),
  ]);
}

function encodeAttribute(name: string, value: number | readonly number[]): Uint8Array {
  if (typeof value !== "number") {
    const numbers = value.map((number) => varintField(8, number));
    return concatBytes([bytesField(1, text(name)), ...numbers, varintField(20, 7)]);
  }
  if (!Number.isInteger(value)) {
    return concatBytes([bytesField(1, text(name)), floatField(2, value), varintField(20, 1)]);
  }
  return concatBytes([bytesField(1, text(name)), varintField(3, value), varintField(20, 2)]);
}

function encodeConstant({ name, shape, values, type = "float32" }: OnnxConstant): Uint8Array {
  const data = type === "float32" ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
  return concatBytes([
    ...shape.map((length) => varintField(1, length)),
    varintField(2, TYPES[type]),
    bytesField(8, text(name)),
    bytesField(9, new Uint8Array(data.buffer)),
  ]);
}

function encodeValue(
  name: string,
  type: keyof typeof TYPES,
  shape: readonly (number | string)[],
): Uint8Array {
  const axes = shape.map((axis) =>
    bytesField(1, typeof axis === "number" ? varintField(1, axis) : bytesField(2, text(axis)))
  );
  const tensor = concatBytes([varintField(1, TYPES[type]), bytesField(2, concatBytes(axes))]);
  return concatBytes([bytesField(1, text(name)), bytesField(2, bytesField(1, tensor))]);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
