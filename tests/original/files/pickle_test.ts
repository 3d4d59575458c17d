import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteBudget } from "../../../lib/io/byte_budget.ts";
import { numpyGlobals } from "../../../original/files/numpy_pickle.ts";
import { unpickle } from "../../../original/files/pickle.ts";
import { type NumpyArray, PickleTuple, type PickleValue } from "../../../original/files/pickle_values.ts";
import { encodePickle, globalOf, PickleCall, PickleFloat } from "../../../original/files/pickle_writer.ts";
import { RefusedFileError } from "../../../lib/io/refused_file_error.ts";
import { assertThrowsWith, type Fact } from "../../helpers/assert_facts.ts";

function read(bytes: Uint8Array | string): PickleValue {
  const input = typeof bytes === "string" ? Uint8Array.from(bytes, (c) => c.charCodeAt(0)) : bytes;
  const budget = new ByteBudget(input.length);
  return unpickle(input, { place: "a test", globals: numpyGlobals(budget), budget }).value;
}

Deno.test("pickle: values of all kinds come back", () => {
  const leaf = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 200n }),
    fc.bigInt({ min: -(2n ** 200n), max: -(2n ** 60n) }),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array(),
    fc.double({ noInteger: true }),
  );
  const { value: values } = fc.letrec<{ value: PickleValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("value")),
      fc.array(tie("value")).map((items) => new PickleTuple(items)),
      fc.array(fc.tuple(fc.string(), tie("value"))).map((pairs) => new Map(pairs)),
    ),
  }));
  fc.assert(
    fc.property(values, (value) => {
      assertEquals(read(encodePickle(value)), value);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("pickle: instructions of protocol 0, as old Python wrote them", () => {
  assertEquals(read("(lp0\nI1\naI01\naL12345678901234567890L\naF0.5\naS'a\\x41\\''\np1\nag1\na."), [
    1,
    true,
    12345678901234567890n,
    0.5,
    "aA'",
    "aA'",
  ]);
  assertEquals(read("(dV\\u00e9\nNs."), new Map([["é", null]]));
  assertEquals(read("(I1\n(I2\nt1(I3\nI4\nt."), new PickleTuple([3, 4]));
});

Deno.test("pickle: what is referred to twice is one object, and a list may hold itself", () => {
  const shared = read("](lp0\nag0\na.") as PickleValue[];
  assertEquals(Array.isArray(shared), true);
  const own = read("]q\x00h\x00a.") as PickleValue[];
  assert(own[0] === own);
});

Deno.test("pickle: whatever is not on the list is refused by its name", () => {
  const refused: [string, string][] = [
    ["cos\nsystem\n(S'x'\ntR.", "os.system"],
    ["\x80\x04\x8c\x02os\x8c\x06system\x93.", "os.system"],
    ["cnumpy\nndarray\n)R.", "a call of numpy.ndarray"],
    ["(ios\nsystem\n.", "os.system (instruction INST)"],
    ["(cnumpy\nndarray\no.", "the instruction OBJ"],
    ["cnumpy\nndarray\n)\x81.", "the instruction NEWOBJ"],
    ["\x82\x01.", "the instruction EXT1"],
    ["\x97.", "the instruction NEXT_BUFFER"],
    ["S'a'\nQ.", 'the persistent id "a"'],
    ["]}b.", "a state for a list of 0"],
    ["}(K\x01lb.", "a dict with a state of its own"],
    ["K\x01)R.", "a call of 1"],
  ];
  for (const [bytes, name] of refused) {
    const { forbidden } = assertThrowsWith(() => read(bytes), RefusedFileError, "a test");
    assertEquals(forbidden, name);
  }
});

Deno.test("pickle: damage is told", () => {
  const damaged: [string, ErrorConstructor, ...Fact[]][] = [
    ["", SyntaxError, "STOP"],
    ["N", SyntaxError, "STOP"],
    [".", RangeError, "stack"],
    ["a.", RangeError, "stack"],
    ["(a.", RangeError, "stack"],
    ["t.", RangeError, "mark"],
    ["h\x05.", RangeError, 5],
    ["X\xff\xff\xff\x7fab.", RangeError, "2147483647 bytes", 3],
    ["\x8b\xff\xff\xff\x7fab.", RangeError, "1024 bytes", 2147483647],
    ["\x8b\xff\xff\xff\xffab.", RangeError, "-1 bytes", 3],
    ["\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.", RangeError, 2 ** 63, 1],
    ["I12x\n.", SyntaxError, '"12x"'],
    ["Fx\n.", SyntaxError, '"x"'],
    ["S'a\n.", SyntaxError, "'a"],
    ["\x80\x09N.", RangeError, "0 to 5", 9],
    ["\xff.", SyntaxError, "0xff"],
    ["}]Ns.", TypeError, "key", "a list of 0"],
    ["NK\x01a.", TypeError, "None"],
    ["\x95\xff\x00\x00\x00\x00\x00\x00\x00N.", RangeError, "255 bytes", 2],
    ["c_codecs\nencode\n(Va\nVutf-8\ntR.", TypeError, "latin1", '"utf-8"'],
    ["cnumpy\ndtype\n(VM8\ntR.", TypeError, "numbers, texts or objects", '"M8"'],
    ["cnumpy\ndtype\n(Vf4\ntR(I3\nV<\nN(Va\ntNI1\nI1\nI0\ntb.", TypeError, "NumPy", "fields"],
  ];
  for (const [bytes, errorClass, ...facts] of damaged) {
    const error = assertThrowsWith(() => read(bytes), errorClass, ...facts);
    assert(!(error instanceof RefusedFileError));
  }
});

Deno.test("pickle: an array that says more than it holds is refused, a short one read", () => {
  const dtype = (code: string) =>
    new PickleCall(
      globalOf("numpy", "dtype"),
      [code, false, true],
      new PickleTuple([3, ">", null, null, null, -1, -1, 0]),
    );
  const array = (shape: PickleValue[], code: string, raw: PickleValue) =>
    encodePickle(
      new PickleCall(
        globalOf("numpy._core.multiarray", "_reconstruct"),
        [globalOf("numpy", "ndarray"), new PickleTuple([0]), Uint8Array.of(98)],
        new PickleTuple([1, new PickleTuple(shape), dtype(code), false, raw]),
      ),
    );
  const read2 = read(array([2], "i2", Uint8Array.of(1, 0, 255, 255))) as NumpyArray;
  assertEquals([...read2.data], [256, -1]);
  assertEquals((read(array([1], "U2", Uint8Array.of(0, 0, 0, 104, 0, 0, 0, 0))) as NumpyArray).data, ["h"]);
  assertThrowsWith(() => read(array([3], "i2", Uint8Array.of(1, 0))), RangeError, "3 × 2 bytes", "2 bytes");
  assertThrows(() => read(array([2 ** 40, 2 ** 12], "i2", Uint8Array.of(1, 0))), RangeError);
  assertThrowsWith(() => read(array([-1], "i2", Uint8Array.of(1, 0))), RangeError, "axis", -1);
  assertThrowsWith(() => read(array([1.5], "i2", Uint8Array.of(1, 0))), RangeError, "axis", 1.5);
  assertThrowsWith(() => read(array([2], "O8", [1])), RangeError, "2 objects", 1);
  assertThrows(() => read(array([1], "i2", new PickleFloat(1))), RangeError);
});

Deno.test("pickle: few bytes cannot ask for much memory", () => {
  const text = `c_codecs\nencode\np0\n0V${"a".repeat(2e6)}\np1\n0`;
  const call = "g0\n(g1\nVlatin1\ntR0";
  assertThrowsWith(() => read(text + call.repeat(100) + "N."), RangeError, "2.0 MB", "128 MB");
});
