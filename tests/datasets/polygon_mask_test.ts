import { assertEquals } from "@std/assert";
import { polygonMask } from "../../lib/datasets/polygon_mask.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const rowsOf = (mask: Uint8Array, width: number) =>
  Array.from({ length: mask.length / width }, (_, i) => mask.subarray(i * width, (i + 1) * width).join(""));

Deno.test("corners are pixel corners: the box 1, 1 to 4, 3 covers three columns and two rows", () => {
  assertEquals(rowsOf(polygonMask([[1, 1, 4, 1, 4, 3, 1, 3]], 4, 5), 5), [
    "00000",
    "01110",
    "01110",
    "00000",
  ]);
});

Deno.test("polygons are joined, crossings inside one are even-odd, and the outside is cut off", () => {
  const left = [-5, 0, 1, 0, 1, 2, -5, 2];
  const right = [3, 1, 99, 1, 99, 9, 3, 9];
  assertEquals(rowsOf(polygonMask([left, right], 3, 4), 4), ["1000", "1001", "0001"]);
  const twice = [0, 0, 3, 0, 3, 3, 0, 3, 0, 0, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1];
  assertEquals(rowsOf(polygonMask([twice], 3, 3), 3), ["111", "101", "111"]);
});

Deno.test("a triangle covers the pixels whose centres lie in it, shared edges once", () => {
  const lower = polygonMask([[0, 0, 4, 4, 0, 4]], 4, 4);
  const upper = polygonMask([[0, 0, 4, 0, 4, 4]], 4, 4);
  assertEquals(lower.map((value, p) => value + upper[p]), new Uint8Array(16).fill(1));
});

Deno.test("lists that are no polygons are refused", () => {
  for (const polygon of [[], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, Infinity]]) {
    assertThrowsWith(
      () => polygonMask([polygon], 4, 4),
      RangeError,
      JSON.stringify(polygon).replaceAll("null", "Infinity"),
    );
  }
});
