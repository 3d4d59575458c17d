/**
 * Fields of protocol buffer messages.
 *
 * @module
 */

/** An integer ≥ 0 below 2⁵³, as varint. */
export function varintField(field: number, value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Cannot write a field as it must be an integer ≥ 0: current value is ${value}`);
  }
  return new Uint8Array([...varint(field << 3), ...varint(value)]);
}

/** A 64-bit float. */
export function doubleField(field: number, value: number): Uint8Array {
  return concatBytes([
    new Uint8Array(varint(field << 3 | 1)),
    new Uint8Array(new Float64Array([value]).buffer),
  ]);
}

/** A 32-bit float. */
export function floatField(field: number, value: number): Uint8Array {
  return concatBytes([
    new Uint8Array(varint(field << 3 | 5)),
    new Uint8Array(new Float32Array([value]).buffer),
  ]);
}

/** Bytes, a text or a message inside a message. */
export function bytesField(field: number, bytes: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  return concatBytes([varint(field << 3 | 2), varint(bytes.length), bytes]);
}

/** One array of the bytes of several. */
export function concatBytes(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** An integer in base 128, low digits first; negative ones as 64 bits of two's complement. */
export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const digits: number[] = [];
  for (; rest > 127n; rest >>= 7n) digits.push(Number(rest & 127n) | 128);
  return [...digits, Number(rest)];
}
