import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type Tensor, tf } from "../../lib/core/tensor.ts";
import {
  meanIou,
  photometricLoss,
  symmetryLossTensor,
  templateLoss,
} from "../../lib/reconstruction/losses.ts";
import { partTables, writePartTarget } from "../../lib/reconstruction/part_tables.ts";
import { batchFlips, splitValidation } from "../../lib/reconstruction/random_choices.ts";
import { highConfidenceSubset } from "../../lib/reconstruction/high_confidence_subset.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

await tf.setBackend("cpu");

const value = (x: Tensor): number => x.dataSync()[0];

Deno.test("photometric losses are means over all elements", () => {
  const difference = tf.tensor4d([1, -2, 0, 3], [1, 2, 2, 1]);
  assertEquals(value(photometricLoss(difference, "mse")), 14 / 4);
  assertEquals(value(photometricLoss(difference, "l1")), 6 / 4);
});

Deno.test("the template term weighs squared distances by each image's share, also at distance 0", () => {
  const vertices = tf.tensor3d([0, 0, 0, 1, 2, 2, 0, 0, 1, 0, 0, 0], [2, 2, 3]);
  const templates = tf.zeros<tf.Rank.R3>([2, 2, 3]);
  const share = tf.tensor1d([1, 0.5]);
  assertAlmostEquals(value(templateLoss(vertices, templates, share)), (9 / 2 + 0.5 * 1 / 2) / 2, 1e-6);
  const gradient = tf.grad((x: Tensor) => templateLoss(x as typeof vertices, templates, share))(vertices);
  assertEquals([...gradient.dataSync().slice(0, 6)], [0, 0, 0, 0.5, 1, 1]);
});

Deno.test("vertices of the positive side beyond the mirror plane are penalised", () => {
  const vertices = tf.tensor3d([-0.5, 0, 0, 2, 0, 0, -3, 0, 0], [1, 3, 3]);
  assertAlmostEquals(value(symmetryLossTensor(vertices, tf.tensor1d([1, 1, 0]))), 0.25, 1e-6);
});

Deno.test("the IoU counts pixels strictly above a half, and nothing over nothing is 0", () => {
  const a = tf.tensor4d([1, 0.5, 0.6, 0, 0, 0, 0, 0], [2, 2, 2, 1]);
  const b = tf.tensor4d([1, 1, 0, 0, 0, 0, 0, 0], [2, 2, 2, 1]);
  assertAlmostEquals(value(meanIou(a, b)), (1 / 3) / 2, 1e-6);
});

Deno.test("tables lead from the parts of one class to those of all; with one class they are the identity", () => {
  const one = partTables([[0, 1]], 2);
  assertEquals([one.localChannels, one.globalChannels, one.identity], [3, 3, true]);
  assertEquals([...one.selection], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  const two = partTables([[0, 2], [1]], 3);
  assertEquals([two.localChannels, two.globalChannels, two.identity], [3, 4, false]);
  assertEquals([...two.used], [1, 1, 1, 1, 1, 0]);
  assertEquals([...two.presence], [1, 1, 0, 1, 1, 0, 1, 0]);
  assertEquals([...two.selection.slice(0, 12)], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  assertEquals([...partTables([[]], 0).selection], [1]);
  assertThrowsWith(() => partTables([[5]], 2), RangeError, "parts", 2, 5);
});

Deno.test("part targets sum to 1 over the parts of the class and are 0 elsewhere", () => {
  const tables = partTables([[0, 2], [1]], 3);
  const parts = Float32Array.of(0.5, 0.1, 0.3, 0, 0.1, 0, 0, 1, 0, 0); // two pixels: background, object, three parts
  const target = new Float32Array(2 * 3);
  writePartTarget(tables, 0, parts, 2, target, 0, 3);
  [0.5 / 3 + 0.1, 0.5 / 3 + 0.3, 0.5 / 3 + 0.1, 0, 1, 0].forEach((expected, i) =>
    assertAlmostEquals(target[i], expected, 1e-6)
  );
  writePartTarget(tables, 1, null, 2, target, 0, 3);
  assertEquals([...target], [0.5, 0.5, 0, 0.5, 0.5, 0]);
});

Deno.test("the high-confidence subset is the best tenth of each template, the first of equals, none of IoU 0", () => {
  const weights = Float32Array.from(Array.from({ length: 25 }, (_, i) => i < 20 ? [1, 0] : [0, 1]).flat());
  const iou = Float32Array.from(
    { length: 25 },
    (_, i) => i < 20 ? (i === 3 || i === 7 || i === 9 ? 0.9 : 0.5) : 0,
  );
  const subset = highConfidenceSubset(weights, iou, 2, 0.1);
  assertEquals([...subset.keys()].filter((i) => subset[i]), [3, 7]);
  assertEquals(highConfidenceSubset(weights, iou, 2, 0.2).reduce((a, b) => a + b), 4);
  assertEquals(highConfidenceSubset(weights, iou, 2, 1).reduce((a, b) => a + b), 20);
});

Deno.test("flips and the held-out share follow from seed and place alone", () => {
  assertEquals(batchFlips(16, 1, 5), batchFlips(16, 1, 5));
  const flips = Array.from({ length: 100 }, (_, i) => batchFlips(10, 1, i)).flat();
  const share = flips.filter((flip) => flip).length / 1000;
  assertAlmostEquals(share, 0.5, 0.06);
  const { training, validation } = splitValidation(10, 0.2, 3);
  assertEquals(validation.length, 2);
  assertEquals([...training, ...validation].sort((a, b) => a - b), Array.from({ length: 10 }, (_, i) => i));
  assertEquals(splitValidation(5, 0, 3).training, [0, 1, 2, 3, 4]);
});
