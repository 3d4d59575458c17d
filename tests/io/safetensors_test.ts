import { assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { readSafetensors, readSafetensorsMetadata, writeSafetensors } from "../../lib/io/safetensors.ts";
import { assertFacts, assertMissing, assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";

const PATH = await Deno.makeTempFile({ suffix: ".safetensors" });
globalThis.addEventListener("unload", () => Deno.removeSync(PATH));

function fileOf(header: unknown, dataLength: number, claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

async function messageFor(bytes: Uint8Array): Promise<string> {
  await Deno.writeFile(PATH, bytes);
  const error = await assertRejects(() => readSafetensors(PATH), UserError);
  assertStringIncludes(error.message, PATH);
  return error.message;
}

Deno.test("every kind of values comes back as it was written", async () => {
  const arrays: Record<string, NdArray> = {
    bytes: { data: new Uint8Array([1, 2, 255]), shape: [3] },
    signed: { data: new Int8Array([-1, 2]), shape: [2, 1] },
    shorts: { data: new Int16Array([-300]), shape: [1] },
    words: { data: new Uint16Array([65535]), shape: [1] },
    ints: { data: new Int32Array([-70000, 70000]), shape: [2] },
    unsigned: { data: new Uint32Array([4e9]), shape: [1] },
    longs: { data: new BigInt64Array([-(2n ** 60n)]), shape: [1] },
    floats: { data: new Float32Array([1 / 3, NaN, -Infinity]), shape: [3] },
    doubles: { data: new Float64Array([Math.PI]), shape: [] },
    empty: { data: new Float32Array(0), shape: [0, 3] },
    part: { data: new Float32Array([9, 1, 2, 9]).subarray(1, 3), shape: [2] },
    "__proto__x": { data: new Uint8Array([7]), shape: [1] },
  };
  await writeSafetensors(PATH, arrays, { note: "grüße" });
  const file = await readSafetensors(PATH);
  assertEquals(file.metadata, { note: "grüße" });
  assertEquals(Object.keys(file.arrays).sort(), Object.keys(arrays).sort());
  for (const [name, { data, shape }] of Object.entries(arrays)) {
    assertEquals(file.arrays[name].shape, shape);
    assertEquals(file.arrays[name].data.constructor, data.constructor);
    assertEquals(Array.from<number | bigint>(file.arrays[name].data), Array.from<number | bigint>(data));
  }
});

Deno.test("half precision is read as float32", async () => {
  const x = { data: new Float32Array([1 / 3, 2]), shape: [2] };
  await writeSafetensors(PATH, { x }, {}, { half: ["x"] });
  const { data } = (await readSafetensors(PATH)).arrays.x as NdArray<Float32Array>;
  assertEquals(data instanceof Float32Array, true);
  assertAlmostEquals(data[0], 1 / 3, 2e-4);
  assertEquals(data[1], 2);
  await assertRejectsWith(() => writeSafetensors(PATH, { x }, {}, { half: ["y"] }), TypeError, "y");
  await assertRejectsWith(
    () => writeSafetensors(PATH, { x: { ...x, shape: [3] } }),
    TypeError,
    "x",
    "[3]",
    2,
  );
});

Deno.test("a file cut anywhere is refused", async () => {
  await writeSafetensors(PATH, { x: { data: new Float32Array(20), shape: [4, 5] } });
  const bytes = await Deno.readFile(PATH);
  for (const length of [0, 5, 8, 20, bytes.length - 60, bytes.length - 1]) {
    await messageFor(bytes.slice(0, length));
  }
  await messageFor(new Uint8Array([...bytes, 0]));
});

Deno.test("a folder in the place of a file is named", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const read of [readSafetensors, readSafetensorsMetadata]) {
      await assertRejectsWith(() => read(folder), UserError, folder);
    }
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("headers that do not describe the file are refused before memory is taken", async () => {
  const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({
    x: { dtype, shape, data_offsets: [begin, end] },
  });
  const cases: [Fact[], unknown, number][] = [
    [["x", 12, 8], entry("F32", [3], 0, 12), 8],
    [["x", "[1000000000000]", 4000000000000, 8], entry("F32", [1e12], 0, 8), 8],
    [["x", 2 ** 40, 8], entry("F32", [2 ** 40, 2 ** 40, 2 ** 40], 0, 8), 8],
    [["x", "shape.0", -2], entry("F32", [-2], 0, 8), 8],
    [["x", "shape.0", 1.5], entry("F32", [1.5], 0, 8), 8],
    [["x", "data_offsets.0", '"0"'], entry("F32", [2], "0", 8), 8],
    [["x", "BF16", "F32"], entry("BF16", [4], 0, 8), 8],
    [["x", "toString", "F32"], entry("toString", [4], 0, 8), 8],
    [["x", 4, 0], entry("F32", [1], 4, 8), 8],
    [[4, 8], entry("F32", [1], 0, 4), 8],
    [["y", 0, 4], {
      ...entry("F32", [1], 0, 4),
      y: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
    }, 4],
    [["__metadata__"], { __metadata__: { a: 1 } }, 0],
    [["header", "JSON", "line 1"], "{nonsense", 0],
    [["header", "Object", 3], "3", 0],
  ];
  for (const [facts, header, length] of cases) {
    assertFacts(await messageFor(fileOf(header, length)), ...facts);
  }
  assertFacts(await messageFor(fileOf({}, 0, 2n ** 63n)), "header", 2 ** 63, 10);
  await assertMissing(() => readSafetensors(PATH + ".none"), PATH + ".none");
});
