import { assertEquals } from "@std/assert";
import { dilate, type FilteredObject, filterReason } from "../../../original/datasets/filters.ts";
import { boxMask } from "../../datasets/photo_fixtures.ts";

const [HEIGHT, WIDTH] = [300, 400];

function object(x1: number, y1: number, x2: number, y2: number): FilteredObject {
  return { box: [x1, y1, x2, y2], mask: boxMask(HEIGHT, WIDTH, [x1, y1, x2, y2]) };
}

function reason(found: FilteredObject, ...others: FilteredObject[]) {
  return filterReason(found, others, HEIGHT, WIDTH);
}

Deno.test("area: from 96 x 96 pixels on", () => {
  assertEquals(reason(object(100, 100, 196, 196)), null);
  assertEquals(reason(object(100, 100, 195, 196)), "too_small");
});

Deno.test("truncation: a side within 10 pixels of the border with 50 pixels of the object, grown by 2", () => {
  assertEquals(reason(object(9, 50, 220, 200)), "cut_off");
  assertEquals(reason(object(10, 50, 220, 200)), null);
  assertEquals(reason(object(60, 9, 220, 200)), "cut_off");
  assertEquals(reason(object(150, 50, 390, 200)), "cut_off");
  assertEquals(reason(object(150, 50, 389, 200)), null);
  assertEquals(reason(object(100, 100, 220, 290)), "cut_off");
  assertEquals(reason(object(100, 100, 220, 289)), null);
  const low = boxMask(HEIGHT, WIDTH, [5, 100, 300, 145]); // 45 rows, 49 grown
  assertEquals(reason({ box: [5, 100, 300, 145], mask: low }), null);
  const high = boxMask(HEIGHT, WIDTH, [5, 100, 300, 146]); // 50 grown
  assertEquals(reason({ box: [5, 100, 300, 146], mask: high }), "cut_off");
});

Deno.test("collision: any other object within 4 pixels, if the object is below 30 % of the image", () => {
  const found = object(100, 100, 220, 220);
  assertEquals(reason(found, object(224, 100, 260, 220)), null);
  assertEquals(reason(found, object(223, 100, 260, 220)), "collides");
  const large = object(20, 20, 270, 164); // 36,000 of 120,000 pixels
  assertEquals(reason(large, object(20, 20, 60, 60)), null);
  assertEquals(reason(object(20, 20, 269, 164), object(20, 20, 60, 60)), "collides");
});

Deno.test("dilation: a square of 5 x 5, cut at the border", () => {
  const mask = new Uint8Array(48);
  mask[0] = 1;
  mask[8 * 3 + 5] = 1;
  const grown = dilate(mask, 6, 8);
  assertEquals(
    [...grown],
    Array.from({ length: 48 }, (_, p) => {
      const i = Math.floor(p / 8), j = p % 8;
      return (i <= 2 && j <= 2) || (Math.abs(i - 3) <= 2 && Math.abs(j - 5) <= 2) ? 1 : 0;
    }),
  );
});
