import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { UserError } from "../../../lib/core/errors.ts";
import { decodeMat, type MatValue, readMat } from "../../../original/files/mat.ts";
import { assertMissing, assertThrowsWith, type Fact } from "../../helpers/assert_facts.ts";
import { encodeMat, matCells, matNumbers, matStructs, matText } from "../../helpers/mat_writer.ts";

Deno.test("MAT: values of all kinds come back, compressed or not", () => {
  const { value: values } = fc.letrec<{ value: MatValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.array(fc.double({ noNaN: true })).map((data) => matNumbers(data)),
      fc.string({ unit: fc.integer({ min: 1, max: 0xd7ff }).map((code) => String.fromCharCode(code)) }).map(
        matText,
      ),
      fc.array(tie("value"), { maxLength: 4 }).map(matCells),
      fc.array(tie("value"), { minLength: 1, maxLength: 3 }).map((items) =>
        matStructs(items.map((item) => ({ first: item, b: matText("x") })))
      ),
    ),
  }));
  fc.assert(
    fc.property(fc.record({ images: values, other: values }), fc.boolean(), (variables, compressed) => {
      assertEquals(decodeMat(encodeMat(variables, compressed)), { ...variables });
    }),
    { seed: 1, numRuns: 150 },
  );
});

Deno.test("MAT: only the wanted fields of structs are read", () => {
  const record = {
    mask: matNumbers(new Array(1000).fill(1)),
    rel_path: matText("a\\b.jpg"),
    rot: matNumbers([1]),
  };
  for (const compressed of [false, true]) {
    const bytes = encodeMat({ images: matStructs([record, record]) }, compressed);
    const { images } = decodeMat(bytes, "x.mat", { fields: ["rel_path"] });
    assert(images.kind === "structs");
    assertEquals(images.records, [{ rel_path: matText("a\\b.jpg") }, { rel_path: matText("a\\b.jpg") }]);
  }
});

Deno.test("MAT: big-endian numbers of small types", () => {
  const little = encodeMat({ a: matNumbers([1.5, -2]) });
  const bytes = little.slice();
  bytes.set([1, 0, 0x4d, 0x49], 124);
  const view = new DataView(bytes.buffer);
  const old = new DataView(little.buffer);
  for (let at = 128; at < bytes.length - 16; at += 4) view.setUint32(at, old.getUint32(at, true));
  bytes.set(["a".charCodeAt(0), 0, 0, 0], bytes.length - 24 - 4); // the name stands in its tag
  view.setFloat64(bytes.length - 16, 1.5);
  view.setFloat64(bytes.length - 8, -2);
  assertEquals(decodeMat(bytes), { a: matNumbers([1.5, -2]) });
});

Deno.test("MAT: damaged files and other versions are errors with the place", async () => {
  const good = encodeMat({ a: matNumbers([1, 2, 3]) });
  const changed = (at: number, ...values: number[]) => {
    const bytes = good.slice();
    bytes.set(values, at);
    return bytes;
  };
  const title = new Uint8Array(200);
  title.set(new TextEncoder().encode("MATLAB 7.3 MAT-file"));
  const wrong: [Uint8Array, ...Fact[]][] = [
    [title, "7.3", "-v7"],
    [good.subarray(0, 100), "version 5"],
    [good.subarray(0, good.length - 8), "24 bytes", 16],
    [changed(132, 255, 255, 255, 255), 4294967223, 0],
    [changed(160, 9), "[9,3]", "27 values", 3],
    [changed(160, 255, 255, 255, 255), "[-1,3]"],
    [changed(136, 99), "type 99"],
    [changed(138, 9), "9 bytes"],
    [changed(140, 255, 255), "65535 bytes"],
  ];
  for (const [bytes, ...facts] of wrong) {
    assertThrowsWith(() => decodeMat(bytes, "x.mat"), UserError, "x.mat", ...facts);
  }
  await assertMissing(() => readMat("none.mat"), "none.mat");
});
