import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  oneHot,
  partLabelsOfImage,
  type PartMask,
  priorityPartLabels,
  probabilisticPartMap,
} from "../../lib/datasets/part_maps.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const bits = (...values: number[]) => new Uint8Array(values);
const HEAD = { part: 0, score: 0.5, priority: 25 };
const FACE = { part: 1, score: 0.9, priority: 26 };
const EYE = { part: 2, score: 0.3, priority: 33 };

Deno.test("eye over face over head, and nothing outside of the object", () => {
  const object = bits(0, 1, 1, 1, 1);
  const parts = [
    { ...EYE, mask: bits(1, 0, 0, 0, 1) },
    { ...HEAD, mask: bits(1, 0, 1, 1, 1) },
    { ...FACE, mask: bits(1, 0, 0, 1, 1) },
  ];
  assertEquals(priorityPartLabels(object, 1, 5, parts), bits(0, 1, 2, 3, 4));
  assertEquals(priorityPartLabels(object, 1, 5, parts.toReversed()), bits(0, 1, 2, 3, 4));
});

Deno.test("scores are shared out, later parts of a kind overwrite, and parts may leave the object", () => {
  const object = bits(0, 1, 1, 0);
  const parts = [
    { ...HEAD, mask: bits(0, 0, 1, 1) },
    { ...FACE, mask: bits(0, 0, 1, 0) },
    { ...HEAD, score: 0.1, mask: bits(0, 0, 1, 0) },
  ];
  const { data } = probabilisticPartMap(object, 1, 4, parts, 2);
  const rows = [0, 1, 2, 3].map((p) => [...data.subarray(4 * p, 4 * p + 4)]);
  assertEquals(rows.slice(0, 2), [[1, 0, 0, 0], [0, 1, 0, 0]]);
  for (const [c, expected] of [0, 0, 0.1, 0.9].entries()) assertAlmostEquals(rows[2][c], expected, 1e-7);
  for (const [c, expected] of [0, 0, 1, 0].entries()) assertAlmostEquals(rows[3][c], expected, 1e-7);
});

Deno.test("channels sum to 1 everywhere, and label 0 is exactly the outside", () => {
  const masks = fc.uint8Array({ minLength: 12, maxLength: 12, max: 1 });
  const part = fc.record({
    part: fc.nat({ max: 3 }),
    score: fc.double({ min: 0.2, max: 1, noNaN: true }),
    priority: fc.integer({ min: 1, max: 34 }),
    mask: masks,
  });
  fc.assert(
    fc.property(masks, fc.array(part, { maxLength: 6 }), (object, parts: PartMask[]) => {
      const labels = priorityPartLabels(object, 3, 4, parts);
      for (let p = 0; p < 12; p++) assertEquals(labels[p] === 0, object[p] === 0);
      for (const { data } of [oneHot(labels, 3, 4, 6), probabilisticPartMap(object, 3, 4, parts, 4)]) {
        for (let p = 0; p < 12; p++) {
          const channels = [...data.subarray(6 * p, 6 * p + 6)];
          assertAlmostEquals(channels.reduce((sum, value) => sum + value, 0), 1, 1e-12);
        }
      }
    }),
    { seed: 1 },
  );
});

Deno.test("label images: kept labels become parts, other labels object without a part", () => {
  const labels = partLabelsOfImage(bits(0, 1, 1, 1, 1), bits(7, 0, 7, 200, 9), [200, 7]);
  assertEquals(labels, bits(0, 1, 3, 2, 1));
  assertThrowsWith(() => partLabelsOfImage(bits(0, 1), bits(0), []), TypeError, "2 pixels", 1);
  assertThrowsWith(() => priorityPartLabels(bits(0), 1, 2, []), TypeError, "1 x 2", "1 pixels");
});
