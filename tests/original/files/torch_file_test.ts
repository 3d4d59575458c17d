import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { zipSync } from "fflate";
import { UserError } from "../../../lib/core/errors.ts";
import { decodeNpzValues, readNpyValues } from "../../../original/files/npy_values.ts";
import { packNpz } from "../../../lib/io/npz.ts";
import { PickleTuple, type PickleValue } from "../../../original/files/pickle_values.ts";
import {
  encodePickle,
  globalOf,
  PickleCall,
  PicklePersistentId,
} from "../../../original/files/pickle_writer.ts";
import { RefusedFileError } from "../../../lib/io/refused_file_error.ts";
import { decodeTorchFile, readTorchFile } from "../../../original/files/torch_file.ts";
import type { TorchTensor } from "../../../original/files/torch_tensor.ts";
import {
  ArrayToWrite,
  encodeTorchFile,
  TensorToWrite,
  writeNpyValues,
} from "../../../original/files/torch_writer.ts";
import { assertMissing, assertThrowsWith, type Fact } from "../../helpers/assert_facts.ts";

const FOLDER = "tests/fixtures/parity/checkpoints";

/** A zip file with one tensor over a storage of `values`. */
function zipOf(
  { shape, stride, offset = 0, count, values, kind = "FloatStorage", extra = {} }: {
    shape: number[];
    stride: number[];
    offset?: number;
    count?: number;
    values: Uint8Array;
    kind?: string;
    extra?: Record<string, Uint8Array>;
  },
): Uint8Array {
  const id = ["storage", globalOf("torch", kind), "0", "cuda:1", count ?? values.length / 4];
  const tensor = new PickleCall(globalOf("torch._utils", "_rebuild_tensor_v2"), [
    new PicklePersistentId(new PickleTuple(id)),
    offset,
    new PickleTuple(shape),
    new PickleTuple(stride),
    false,
    new PickleCall(globalOf("collections", "OrderedDict"), []),
  ]);
  return zipSync({ "a/data.pkl": encodePickle(tensor), "a/data/0": values, ...extra }, { level: 0 });
}

const FLOATS = new Uint8Array(Float32Array.from({ length: 12 }, (_, i) => i).buffer);

function valuesOf(bytes: Uint8Array): number[] {
  return Array.from((decodeTorchFile(bytes) as TorchTensor).toArray().data, Number);
}

Deno.test("PyTorch: views are read in row-major order", () => {
  assertEquals(valuesOf(zipOf({ shape: [3, 4], stride: [4, 1], values: FLOATS })), [...Array(12).keys()]);
  assertEquals(valuesOf(zipOf({ shape: [2, 3], stride: [1, 4], offset: 1, values: FLOATS })), [
    1,
    5,
    9,
    2,
    6,
    10,
  ]);
  assertEquals(valuesOf(zipOf({ shape: [2, 2], stride: [0, 1], offset: 3, values: FLOATS })), [3, 4, 3, 4]);
  assertEquals(valuesOf(zipOf({ shape: [0, 9], stride: [9, 1], offset: 12, values: FLOATS })), []);
});

Deno.test("PyTorch: tensors that leave their storage and unreadable files are errors", () => {
  const wrong: [Uint8Array, ...Fact[]][] = [
    [zipOf({ shape: [13], stride: [1], values: FLOATS }), "[13]", 12],
    [zipOf({ shape: [2], stride: [11], offset: 1, values: FLOATS }), "[2]", 12],
    [zipOf({ shape: [2], stride: [-1], offset: 5, values: FLOATS }), "offset 5", "[2]", "stride [-1]"],
    [zipOf({ shape: [2, 2], stride: [1], values: FLOATS }), "offset 0", "[2,2]", "stride [1]"],
    [zipOf({ shape: [1], stride: [1], count: 99, values: FLOATS }), "396 bytes", 48],
    [
      zipOf({
        shape: [1],
        stride: [1],
        values: FLOATS,
        extra: { "a/byteorder": new TextEncoder().encode("big") },
      }),
      "little",
      "big",
    ],
    [zipOf({ shape: [1], stride: [1], values: FLOATS, extra: { "b/data.pkl": FLOATS } }), "data.pkl", 2],
    [zipSync({ "a/x": FLOATS }), "data.pkl", 0],
    [FLOATS, "0x0"],
    [encodePickle(1), 1],
  ];
  for (const [bytes, ...facts] of wrong) {
    assertThrowsWith(() => decodeTorchFile(bytes, "a.pth"), UserError, "a.pth", ...facts);
  }
  assertThrowsWith(
    () => decodeTorchFile(zipOf({ shape: [1], stride: [1], values: FLOATS, kind: "ComplexFloatStorage" })),
    RefusedFileError,
    "torch.ComplexFloatStorage",
  );
});

Deno.test("PyTorch: an expanded tensor cannot ask for more memory than the file explains", () => {
  const value = decodeTorchFile(
    zipOf({ shape: [2 ** 20, 2 ** 20], stride: [0, 0], values: FLOATS }),
  ) as TorchTensor;
  assertThrowsWith(() => value.toArray(), RangeError, "4.4 TB", "128 MB");
});

Deno.test("PyTorch: files that we write come back, and in NumPy's files too", () => {
  const arrays = fc.tuple(
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    fc.constantFrom(Float32Array, Float64Array, Int32Array, Int16Array, Int8Array, Uint8Array, BigInt64Array),
    fc.nat(),
  ).map(([shape, Kind, seed]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const bytes = Uint8Array.from({ length: size * Kind.BYTES_PER_ELEMENT }, (_, i) => (seed + 37 * i) % 120);
    return { data: new Kind(bytes.buffer), shape };
  });
  fc.assert(
    fc.property(fc.dictionary(fc.string(), arrays), (named) => {
      const value = new Map<PickleValue, PickleValue>(
        Object.entries(named).map(([name, array]) => [name, new TensorToWrite(array)]),
      );
      const inNumpy = decodeNpzValues(packNpz({ data: writeNpyValues([value], []) })).data;
      for (
        const read of [decodeTorchFile(encodeTorchFile(value)), inNumpy.data[0]] as Map<string, TorchTensor>[]
      ) {
        assertEquals([...read.keys()], Object.keys(named));
        for (const [name, tensor] of read) assertEquals(tensor.toArray(), named[name]);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
  const half = new TensorToWrite({ data: Float32Array.of(0.5, -1.25), shape: [2] }, true);
  const read = decodeTorchFile(encodeTorchFile([half])) as TorchTensor[];
  assertEquals([read[0].dtype, read[0].toArray().data], ["float16", Float32Array.of(0.5, -1.25)]);
});

Deno.test("npy with objects: arrays and texts inside, wrong counts refused", () => {
  const array = { data: Float32Array.of(1, 2, 3, 4), shape: [1, 4] };
  const bytes = writeNpyValues([new Map([["bbox", new ArrayToWrite(array)]]), "two"], [2]);
  const { data, shape } = readNpyValues(bytes);
  const box = (data[0] as unknown as Map<string, { data: unknown; shape: unknown }>).get("bbox");
  assertEquals([box?.data, box?.shape, data[1], shape], [array.data, array.shape, "two", [2]]);
  assertThrows(() => writeNpyValues([1], [2]), TypeError);
  const wrong = bytes.slice();
  wrong[wrong.indexOf("(2,)".charCodeAt(1), 60)] = "3".charCodeAt(0); // the header's shape
  assertThrows(() => readNpyValues(wrong), UserError);
});

Deno.test("PyTorch: a changed value of a real file is noticed, a missing file is named", async () => {
  const bytes = await Deno.readFile(`${FOLDER}/templates.pth`);
  const before = decodeTorchFile(bytes) as TorchTensor;
  const first = before.toArray().data[0] as number;
  const at = bytes.findIndex((_, i) =>
    i % 4 === 0 && new DataView(bytes.buffer).getFloat32(i, true) === first
  );
  bytes[at + 2] ^= 1;
  assert((decodeTorchFile(bytes) as TorchTensor).toArray().data[0] !== first);
  await assertMissing(() => readTorchFile("none.pth"), "none.pth");
});
