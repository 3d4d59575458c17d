/**
 * Windows on memory outside of JavaScript.
 *
 * @module
 */

/** Windows shorter than that are allocated again. */
const LEAST_KEPT_BYTES = 1 << 16;
/** Windows that are kept; then all are allocated again. */
const MOST_KEPT = 128;

const kept = new Map<bigint, ArrayBuffer>();

/**
 * A window on memory; valid only while that memory is.
 *
 * Large ones are kept, since programs that do the same again and again find their memory at the same addresses: the collector
 * takes each new window for so much new memory, and would set to work every few steps.
 *
 * @param pointer Where it starts; null for an empty window
 * @param byteLength Its length
 */
export function windowAt(pointer: Deno.PointerValue, byteLength: number): ArrayBuffer {
  if (pointer === null || byteLength === 0) return new ArrayBuffer(0);
  if (byteLength < LEAST_KEPT_BYTES) return Deno.UnsafePointerView.getArrayBuffer(pointer, byteLength);
  const address = Deno.UnsafePointer.value(pointer), found = kept.get(address);
  if (found?.byteLength === byteLength) return found;
  const buffer = Deno.UnsafePointerView.getArrayBuffer(pointer, byteLength);
  if (kept.size === MOST_KEPT) kept.clear();
  kept.set(address, buffer);
  return buffer;
}
