/**
 * The few protocol buffer messages that TensorFlow's C functions take.
 *
 * @module
 */
import { bytesField, concatBytes, varint } from "../../core/protocol_buffer.ts";
import { type Bytes, encodeText } from "./c_memory.ts";

/** Reads a base-128 number at `at`; returns it and the place behind it. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0, scale = 1;
  for (;; at++, scale *= 128) {
    value += (bytes[at] & 127) * scale;
    if (bytes[at] < 128) return { value, next: at + 1 };
  }
}

/** A field with an integer. */
export function intField(field: number, value: number | bigint): Bytes {
  return Uint8Array.from([...varint(field << 3), ...varint(value)]);
}

/** A field with a text. */
export function textField(field: number, text: string): Bytes {
  return bytesField(field, encodeText(text));
}

/** `TensorShapeProto`. */
export function shapeMessage(shape: readonly number[]): Bytes {
  return concatBytes(shape.map((length) => bytesField(2, intField(1, length))));
}

/** `TensorProto` with its values as raw bytes. */
export function tensorMessage(dataType: number, shape: readonly number[], content: Uint8Array): Bytes {
  return concatBytes([intField(1, dataType), bytesField(2, shapeMessage(shape)), bytesField(4, content)]);
}

/** `TensorProto` of strings. */
export function stringTensorMessage(
  dataType: number,
  shape: readonly number[],
  values: readonly Uint8Array[],
): Bytes {
  const elements = values.map((value) => bytesField(8, value));
  return concatBytes([intField(1, dataType), bytesField(2, shapeMessage(shape)), ...elements]);
}

/** An entry of a `NodeDef`'s map of attributes. */
export function attributeEntry(name: string, value: Uint8Array): Bytes {
  return bytesField(5, concatBytes([textField(1, name), bytesField(2, value)]));
}

/** `NodeDef`; an input is `node:output`, and `node` alone means output 0. */
export function nodeMessage(
  name: string,
  operation: string,
  inputs: readonly string[],
  attributes: readonly Uint8Array[],
): Bytes {
  const sources = inputs.map((input) => textField(3, input.endsWith(":0") ? input.slice(0, -2) : input));
  return concatBytes([textField(1, name), textField(2, operation), ...sources, ...attributes]);
}

/** The attributes in a serialised `NameAttrList`, as `NodeDef` wants them. */
export function attributesOfNameAttrList(list: Uint8Array): Bytes[] {
  const attributes: Bytes[] = [];
  for (let at = 0; at < list.length;) {
    const tag = readVarint(list, at), length = readVarint(list, tag.next);
    if (tag.value >> 3 === 2) {
      attributes.push(bytesField(5, list.subarray(length.next, length.next + length.value)));
    }
    at = length.next + length.value;
  }
  return attributes;
}

/** Settings of a context. */
export interface SessionSettings {
  /** Threads inside one operation. */
  readonly intraThreads: number;
  /** Operations at once. */
  readonly interThreads: number;
  /** GPUs to use; undefined for all. */
  readonly gpuIds?: readonly number[];
}

/** `ConfigProto`: threads, and GPU memory taken as it is needed. */
export function configMessage({ intraThreads, interThreads, gpuIds }: SessionSettings): Bytes {
  const visible = gpuIds === undefined ? [] : textField(5, gpuIds.length > 0 ? gpuIds.join(",") : "-1");
  return concatBytes([
    intField(2, intraThreads),
    intField(5, interThreads),
    bytesField(6, concatBytes([intField(4, 1), visible])),
  ]);
}

/**
 * `ConfigProto` of one function that turns on the rewriting to bf16; the remapper is off, since it makes that rewriting
 * fail. Without such a message functions are not rewritten at all.
 */
export function bf16Message(): Bytes {
  const remapping = intField(14, 2), mixedPrecision = intField(31, 1);
  return bytesField(10, bytesField(10, concatBytes([remapping, mixedPrecision])));
}
