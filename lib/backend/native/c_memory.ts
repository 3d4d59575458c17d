/**
 * Text, bytes and buffers between JavaScript and C.
 *
 * @module
 */
import { windowAt } from "../memory_window.ts";

/** Bytes that JavaScript owns. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const names = new Map<string, Bytes>();

/** UTF-8 bytes of a text. */
export function encodeText(text: string): Bytes {
  return encoder.encode(text);
}

/** A NUL-terminated name, kept for ever: for the few names of operations and attributes. */
export function cName(name: string): Bytes {
  let bytes = names.get(name);
  if (bytes === undefined) names.set(name, bytes = encoder.encode(name + "\0"));
  return bytes;
}

/** The text at a C string. */
export function readCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/** A window on C memory; valid only while that memory is. */
export function bytesAt(pointer: Deno.PointerValue, length: number): Bytes {
  return new Uint8Array(windowAt(pointer, length));
}

/** A copy of the contents of a `TF_Buffer` {data, length, deallocator}. */
export function readBuffer(buffer: Deno.PointerObject): Bytes {
  const view = new Deno.UnsafePointerView(buffer);
  return bytesAt(view.getPointer(0), Number(view.getBigUint64(8))).slice();
}

const held = new Set<Bytes>();

/** Calls with a `TF_Buffer` over JavaScript's bytes, which stay reachable until the call returned. */
export function withBuffer<T>(bytes: Bytes, call: (buffer: BigUint64Array<ArrayBuffer>) => T): T {
  held.add(bytes);
  try {
    const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
    return call(BigUint64Array.of(address, BigInt(bytes.length), 0n));
  } finally {
    held.delete(bytes);
  }
}
