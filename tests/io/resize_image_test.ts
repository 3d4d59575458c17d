import { assert, assertEquals } from "@std/assert";
import { resizeToRgb } from "../../lib/io/resize_image.ts";

const grey = (values: readonly number[], width = values.length) => ({
  data: Uint8Array.from(values),
  height: values.length / width,
  width,
  channels: 1,
});
/** The first channel of an image. */
const reds = ({ data }: { data: Uint8Array }) => [...data].filter((_, k) => k % 3 === 0);

Deno.test("images shrink by triangles over their pixels, and grow between pixel centres", () => {
  const row = [0, 0, 80, 160, 240, 240];
  // inside (1, 3, 3, 1) / 8, at the ends what is left of that: (3, 3, 1) / 7
  assertEquals(reds(resizeToRgb(grey(row), 1, 3)), [Math.round(80 / 7), 120, Math.round(1600 / 7)]);
  assertEquals(reds(resizeToRgb(grey(row, 1), 3, 1)), [Math.round(80 / 7), 120, Math.round(1600 / 7)]);
  assertEquals(reds(resizeToRgb(grey([0, 100]), 1, 4)), [0, 25, 75, 100]);
  const one = { data: Uint8Array.of(9, 8, 7, 0), height: 1, width: 1, channels: 4 };
  assertEquals([...resizeToRgb(one, 2, 1).data], [9, 8, 7, 9, 8, 7]); // alpha is left out
});

Deno.test("an image of one colour keeps it at any size", () => {
  for (const [height, width] of [[7, 5], [64, 33], [13, 200]]) {
    const { data } = resizeToRgb(grey(new Array(90 * 64).fill(201), 90), height, width);
    assertEquals(data.length, 3 * height * width);
    assert(data.every((value) => value === 201));
  }
});
