import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { NdArray } from "../../lib/core/arrays.ts";
import { readNpy, writeNpy } from "../../lib/io/npy.ts";
import { decodeNpz, encodeNpz } from "../../lib/io/npz.ts";
import { readSafetensors, writeSafetensors } from "../../lib/io/safetensors.ts";

const KINDS = [
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
] as const;

/** Arrays of all types and shapes, with any bytes. */
const ARRAYS: fc.Arbitrary<NdArray> = fc.tuple(
  fc.array(fc.nat({ max: 4 }), { maxLength: 4 }),
  fc.constantFrom(...KINDS),
).chain(([shape, Kind]) => {
  const length = shape.reduce((a, b) => a * b, 1) * Kind.BYTES_PER_ELEMENT;
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => ({
    data: new Kind(bytes.slice().buffer),
    shape,
  }));
});
const NAMED = fc.dictionary(fc.string({ minLength: 1 }).filter((name) => !/^__|[\\/]/.test(name)), ARRAYS, {
  noNullPrototype: true,
});

Deno.test("npy: arrays of all types and shapes come back", () => {
  fc.assert(fc.property(ARRAYS, (array) => assertEquals(readNpy(writeNpy(array)), array)), {
    seed: 1,
    numRuns: 300,
  });
});

Deno.test("npz: archives of any arrays come back", () => {
  fc.assert(
    fc.property(NAMED, (arrays) => assertEquals(decodeNpz(encodeNpz(arrays)), { ...arrays })),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("safetensors: files of any arrays and texts come back", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/a.safetensors`;
  const texts = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }).filter((t) =>
    !("__proto__" in t && false)
  );
  try {
    await fc.assert(
      fc.asyncProperty(NAMED, texts, async (arrays, metadata) => {
        await writeSafetensors(path, arrays, metadata);
        const read = await readSafetensors(path);
        assertEquals(Object.keys(read.arrays).sort(), Object.keys(arrays).sort());
        for (const [name, array] of Object.entries(arrays)) assertEquals(read.arrays[name], array);
        assertEquals(read.metadata, metadata);
      }),
      { seed: 1, numRuns: 60 },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
