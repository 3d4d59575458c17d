import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeRle, encodeRle, runsToText, textToRuns } from "../../lib/io/rle.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("the published text of a mask that is 1 in columns 50 to 99 of rows 0 to 49", () => {
  const mask = Uint8Array.from({ length: 100 * 100 }, (_, i) => i % 100 >= 50 && i < 50 * 100 ? 1 : 0);
  const text = "Xl4b1b1" + "0".repeat(98);
  assertEquals(runsToText(encodeRle(mask, 100, 100)), text);
  assertEquals(decodeRle(textToRuns(text), 100, 100), mask);
});

Deno.test("runs go column by column and start with 0", () => {
  assertEquals(encodeRle(new Uint8Array([1, 0, 0, 1, 1, 0]), 2, 3), [0, 2, 1, 1, 2]);
  assertEquals(encodeRle(new Uint8Array(6), 2, 3), [6]);
  assertEquals(encodeRle(new Uint8Array(6).fill(255), 2, 3), [0, 6]);
  assertEquals(decodeRle([0, 6], 2, 3), new Uint8Array(6).fill(1));
});

Deno.test("decode and encode are inverse, and the area is the sum of the odd runs", () => {
  const masks = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })).chain(([h, w]) =>
    fc.tuple(
      fc.constant(h),
      fc.constant(w),
      fc.uint8Array({ minLength: h * w, maxLength: h * w, max: 1 }),
    )
  );
  fc.assert(
    fc.property(masks, ([height, width, mask]) => {
      const runs = encodeRle(mask, height, width);
      assertEquals(textToRuns(runsToText(runs)), runs);
      assertEquals(decodeRle(runs, height, width), mask);
      const area = runs.reduce((sum, run, i) => sum + (i % 2) * run, 0);
      assertEquals(area, mask.reduce((sum, value) => sum + value, 0));
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("texts of all kinds of lists come back, large runs included", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 30 - 1 })), (runs) => {
      assertEquals(textToRuns(runsToText(runs)), runs);
    }),
    { seed: 1 },
  );
});

Deno.test("lists and texts that are not run lengths are refused", () => {
  assertThrowsWith(() => decodeRle([3, 2], 2, 3), RangeError, "2 x 3", 6, 5);
  assertThrowsWith(() => decodeRle([-1, 7], 2, 3), RangeError, -1);
  assertThrows(() => decodeRle([1e300], 2, 3), RangeError);
  assertThrows(() => decodeRle([1.5, 4.5], 2, 3), RangeError);
  assertThrowsWith(() => textToRuns("Xl4b1b1 "), SyntaxError, "character 7", '" "');
  assertThrowsWith(() => textToRuns("l"), SyntaxError, "character 1");
  assertThrows(() => textToRuns("oooooooooooo"), SyntaxError);
  assertThrows(() => encodeRle(new Uint8Array(5), 2, 3), TypeError);
});
