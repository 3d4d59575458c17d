import { assertEquals } from "@std/assert";
import { labelsOfPicture, maskOfAlpha, maskOfPicture } from "../../lib/datasets/mask_picture.ts";
import { measureMask } from "../../lib/datasets/measure_mask.ts";

const row = (channels: number, ...values: number[]) => ({
  data: new Uint8Array(values),
  height: 1,
  width: values.length / channels,
  channels,
});

Deno.test("alpha of one half and more is the object", () => {
  assertEquals(maskOfAlpha(row(2, 9, 127, 9, 128, 0, 255)), new Uint8Array([0, 1, 1]));
  assertEquals(maskOfAlpha(row(4, 9, 9, 9, 0, 9, 9, 9, 200)), new Uint8Array([0, 1]));
  assertEquals(maskOfAlpha(row(3, 9, 9, 9)), null);
});

Deno.test("mask pictures: labels by being not 0, soft masks by half of the largest value", () => {
  assertEquals(maskOfPicture(row(1, 0, 1, 2, 255)), new Uint8Array([0, 1, 1, 1]));
  assertEquals(maskOfPicture(row(3, 0, 0, 0, 0, 7, 0)), new Uint8Array([0, 1]));
  assertEquals(maskOfPicture(row(4, 0, 0, 0, 255, 0, 0, 9, 0)), new Uint8Array([0, 1]));
  const soft = Array.from({ length: 200 }, (_, k) => k);
  assertEquals(maskOfPicture(row(1, ...soft)), Uint8Array.from(soft, (value) => value >= 100 ? 1 : 0));
});

Deno.test("labels of grey pictures, stored with one channel or three alike", () => {
  assertEquals(labelsOfPicture(row(1, 0, 3, 200)), new Uint8Array([0, 3, 200]));
  assertEquals(labelsOfPicture(row(2, 4, 255, 5, 255)), new Uint8Array([4, 5]));
  assertEquals(labelsOfPicture(row(3, 4, 4, 4, 0, 0, 0)), new Uint8Array([4, 0]));
  assertEquals(labelsOfPicture(row(3, 4, 4, 5)), null);
});

Deno.test("area, box, border and pieces of a mask", () => {
  const mask = new Uint8Array([
    ...[0, 1, 0, 0, 0],
    ...[0, 1, 0, 0, 1],
    ...[0, 0, 1, 0, 0],
    ...[0, 0, 0, 0, 0],
  ]);
  assertEquals(measureMask(mask, 4, 5), {
    area: 4,
    box: [1, 0, 5, 3],
    borderPixels: 2,
    pieces: 2,
    largestPiece: 3,
  });
  assertEquals(measureMask(new Uint8Array(20), 4, 5).box, [0, 0, 0, 0]);
});
