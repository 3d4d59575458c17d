import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { FloatImage } from "../../lib/core/arrays.ts";
import {
  type Box,
  cropAndResize,
  cropAndResizeLabels,
  cropOfBox,
  roundHalfToEven,
} from "../../lib/datasets/crop.ts";
import { oneHot } from "../../lib/datasets/part_maps.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

function makeImage(height: number, width: number, channels: number): FloatImage {
  const data = Float64Array.from({ length: height * width * channels }, (_, i) => (i * 7919 % 101) / 101);
  return { data, height, width, channels };
}

Deno.test("halves are rounded to even", () => {
  assertEquals([-1.5, -0.5, 0.5, 1.5, 2.5, 2.4999, 3].map(roundHalfToEven), [-2, -0, 0, 2, 2, 2, 3]);
});

Deno.test("a box worked out by hand", () => {
  // width 60 + 1, margin 3.05: 6.95 to 73.05 rounds to 7 … 73 (67); height 41, margin 2.05: 17.95 … 62.05 (45)
  assertEquals(cropOfBox([10, 20, 70, 60]), { x: 7, y: 7, size: 67 }); // 18 − 11
  // width 30 + 1, margin 1.55: −1.55 … 31.55 rounds to −2 … 32 (35); height 36, margin 1.8: 3.2 … 41.8 (40)
  assertEquals(cropOfBox([0, 5, 30, 40]), { x: -4, y: 3, size: 40 }); // (40 − 35) / 2 = 2.5 rounds to 2
  assertThrowsWith(() => cropOfBox([5, 0, 4, 3]), RangeError, "[5,0,4,3]");
  assertThrows(() => cropOfBox([0, NaN, 4, 3]), RangeError);
});

Deno.test("a crop is a square of whole pixels that contains the padded box", () => {
  const boxes = fc.tuple(
    fc.float({ min: 0, max: 500, noNaN: true }),
    fc.float({ min: 1, max: 300, noNaN: true }),
  );
  fc.assert(
    fc.property(boxes, boxes, ([x1, w], [y1, h]) => {
      const box: Box = [x1, y1, x1 + w, y1 + h];
      const { x, y, size } = cropOfBox(box);
      assert([x, y, size].every(Number.isInteger));
      assert(size >= 1.1 * Math.max(w, h) - 1); // rounding moves each end by half a pixel at most
      const padX = 0.05 * (w + 1), padY = 0.05 * (h + 1), slack = 0.5 + 1e-3;
      assert(x <= x1 - padX + slack && x + size - 1 >= x1 + w + padX - slack);
      assert(y <= y1 - padY + slack && y + size - 1 >= y1 + h + padY - slack);
    }),
    { seed: 1 },
  );
});

Deno.test("a crop inside of the image at its own size is a slice", () => {
  const image = makeImage(12, 15, 3);
  const cut = cropAndResize(image, { x: 4, y: 2, size: 8 }, 8, [1, 1, 1]);
  for (let i = 0; i < 8; i++) {
    const start = ((i + 2) * 15 + 4) * 3;
    assertEquals(cut.data.subarray(i * 24, (i + 1) * 24), image.data.subarray(start, start + 24));
  }
});

Deno.test("outside of the image stand the fill values", () => {
  const image = makeImage(5, 6, 2);
  const outside = cropAndResize(image, { x: 10, y: -20, size: 4 }, 7, [1, 0.25]);
  assertEquals([...outside.data], Array.from({ length: 49 }, () => [1, 0.25]).flat());
  const corner = cropAndResize(image, { x: -1, y: -1, size: 2 }, 2, [1, 0.25]);
  assertEquals([...corner.data], [1, 0.25, 1, 0.25, 1, 0.25, image.data[0], image.data[1]]);
});

Deno.test("a constant stays, half the size is the mean of 2 x 2, and three times the size blends by thirds", () => {
  const constant = { data: new Float64Array(81).fill(0.3), height: 9, width: 9, channels: 1 };
  for (const resolution of [1, 4, 9, 20]) {
    for (const value of cropAndResize(constant, { x: 0, y: 0, size: 9 }, resolution, [0]).data) {
      assertAlmostEquals(value, 0.3, 1e-15);
    }
  }
  const image = makeImage(8, 8, 1);
  const half = cropAndResize(image, { x: 0, y: 0, size: 8 }, 4, [0]);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      const at = (y: number, x: number) => image.data[(2 * i + y) * 8 + 2 * j + x];
      assertAlmostEquals(half.data[i * 4 + j], (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4, 1e-15);
    }
  }
  const ramp = { data: new Float64Array([0, 3, 0, 3]), height: 2, width: 2, channels: 1 };
  const large = cropAndResize(ramp, { x: 0, y: 0, size: 2 }, 6, [0]);
  for (const [i, expected] of [0, 0, 1, 2, 3, 3].entries()) {
    assertAlmostEquals(large.data[i], expected, 1e-12);
  }
});

Deno.test("labels are resized as their one-hot channels", () => {
  const labels = Uint8Array.from({ length: 7 * 9 }, (_, i) => i * 5 % 11 % 4);
  const crop = { x: -2, y: 1, size: 8 };
  for (const resolution of [5, 8, 11]) {
    const shares = cropAndResizeLabels(labels, 7, 9, crop, resolution, 4);
    const channels = cropAndResize(oneHot(labels, 7, 9, 4), crop, resolution, [1, 0, 0, 0]);
    for (const [i, value] of shares.data.entries()) assertAlmostEquals(value, channels.data[i], 1e-14);
  }
});

Deno.test("wrong arguments are refused", () => {
  const image = makeImage(4, 4, 3);
  assertThrowsWith(
    () => cropAndResize(image, { x: 0, y: 0, size: 4 }, 4, [1]),
    TypeError,
    "3 channels",
    "fill",
    1,
  );
  assertThrows(() => cropAndResize(image, { x: 0, y: 0, size: 4 }, 0, [1, 1, 1]), RangeError);
});
