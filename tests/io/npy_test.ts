import { assertEquals } from "@std/assert";
import type { TypedArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { readNpy, writeNpy } from "../../lib/io/npy.ts";
import { assertThrowsWith, type Fact } from "../helpers/assert_facts.ts";

/** A file with any header and any bytes of data. */
function npy(description: string, order: string, shape: string, data: ArrayLike<number>): Uint8Array {
  const header = `{'descr': ${description}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
  const text = new TextEncoder().encode(header);
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    1,
    0,
    text.length,
    0,
    ...text,
    ...Array.from(data),
  ]);
}

Deno.test("npy: every kind of array survives writing and reading", () => {
  const kinds: TypedArray[] = [
    Float32Array.of(0.5, -0, NaN, Infinity, 3, 4),
    Float64Array.of(0.1, 2, 3, 4, 5, 6),
    Int8Array.of(-128, 127, 0, 1, 2, 3),
    Int16Array.of(-32768, 32767, 0, 1, 2, 3),
    Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, 1, 2, 3),
    Uint8Array.of(0, 255, 1, 2, 3, 4),
    Uint16Array.of(0, 65535, 1, 2, 3, 4),
    Uint32Array.of(0, 2 ** 32 - 1, 1, 2, 3, 4),
    BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, 1n, 2n, 3n),
  ];
  for (const data of kinds) {
    const array = { data, shape: [2, 3] };
    const bytes = writeNpy(array);
    assertEquals((bytes.length - data.byteLength) % 64, 0);
    assertEquals(readNpy(bytes), array);
  }
});

Deno.test("npy: scalars and empty arrays keep their shape", () => {
  const scalar = readNpy(writeNpy({ data: Float64Array.of(7), shape: [] }));
  assertEquals(scalar.shape, []);
  assertEquals(scalar.data[0], 7);
  assertEquals(readNpy(writeNpy({ data: new Int32Array(0), shape: [0, 3] })).shape, [0, 3]);
});

Deno.test("npy: booleans, half floats and big-endian values are read", () => {
  assertEquals(readNpy(npy("'|b1'", "False", "(3,)", [1, 0, 1])).data, Uint8Array.of(1, 0, 1));
  const halves = readNpy(npy("'<f2'", "False", "(3,)", [0x00, 0x3e, 0x00, 0xbc, 0x01, 0x00]));
  assertEquals(halves.data, Float32Array.of(1.5, -1, 2 ** -24));
  assertEquals(readNpy(npy("'>i2'", "False", "(2,)", [1, 2, 255, 255])).data, Int16Array.of(258, -1));
});

Deno.test("npy: Fortran order is turned to row-major", () => {
  const { data, shape } = readNpy(npy("'|u1'", "True", "(2, 3)", [1, 4, 2, 5, 3, 6]));
  assertEquals(shape, [2, 3]);
  assertEquals(data, Uint8Array.of(1, 2, 3, 4, 5, 6));
});

Deno.test("npy: what is not a plain array of numbers is refused", () => {
  const refused: [Uint8Array, ...Fact[]][] = [
    [npy("'|O'", "False", "()", [0x80, 4, 0x2e]), "Python", '"|O"'],
    [npy("[('a', '<f4')]", "False", "(1,)", [0, 0, 0, 0]), "[('a', '<f4')]"],
    [npy("'<U4'", "False", "(1,)", []), "<U4"],
    [npy("'<f4'", "False", "(2,)", [0, 0, 0, 0]), "[2]", 8, 4],
    [npy("'<f4'", "False", "(99999999999, 99999999999)", [0, 0, 0, 0]), "[99999999999, 99999999999]", 4],
    [npy("'<f4'", "False", "(print(1),)", [0, 0, 0, 0]), "header"],
    [Uint8Array.of(1, 2, 3), "\\x93NUMPY"],
    [npy("'<f4'", "False", "(1,)", []).subarray(0, 30), 30],
  ];
  for (const [bytes, ...facts] of refused) {
    assertThrowsWith(() => readNpy(bytes, "a.npy"), UserError, "a.npy", ...facts);
  }
});

Deno.test("npy: a shape that does not hold the values is not written", () => {
  assertThrowsWith(() => writeNpy({ data: new Float32Array(5), shape: [2, 3] }), TypeError, "[2, 3]", 5);
});
