import { assertAlmostEquals, assertEquals } from "@std/assert";
import { tf } from "../../lib/core/tensor.ts";
import { discriminatorWeights, ganLoss } from "../../lib/gan/gan_losses.ts";

const score = (prediction: number[], mask: number[]) => ({
  prediction: tf.tensor4d(prediction, [1, prediction.length, 1, 1]),
  mask: tf.tensor4d(mask, [1, mask.length, 1, 1]),
});
const value = (...args: Parameters<typeof ganLoss>) => ganLoss(...args).dataSync()[0];

await tf.setBackend("cpu");

Deno.test("ganLoss: hinge of scores of 2 is 0 on reals, 3 on fakes, −2 for the generator", () => {
  const scores = [score([2, 2], [1, 1]), score([2], [1])];
  for (const weights of [[1, 1], [2, 1]]) {
    assertAlmostEquals(value("hinge", "real", scores, weights), 0, 1e-6);
    assertAlmostEquals(value("hinge", "fake", scores, weights), 3, 1e-6);
    assertAlmostEquals(value("hinge", "generator", scores, weights), -2, 1e-6);
  }
});

Deno.test("ganLoss weighs scores by the mask and discriminators by their weights", () => {
  const scores = [score([3, 100], [1, 0]), score([6, 0], [0.5, 0.5])];
  assertAlmostEquals(value("hinge", "generator", scores, [2, 1]), -(2 * 3 + 3) / 3, 1e-6);
  assertAlmostEquals(value("hinge", "generator", scores, [1, 1], false), -(51.5 + 3) / 2, 1e-5);
});

Deno.test("ganLoss of the other kinds follows its formula", () => {
  const scores = [score([0.3], [1])];
  assertAlmostEquals(value("ls", "real", scores, [1]), 0.49, 1e-6);
  assertAlmostEquals(value("ls", "fake", scores, [1]), 0.09, 1e-6);
  assertAlmostEquals(value("original", "generator", scores, [1]), Math.log(1 + Math.exp(-0.3)), 1e-6);
  assertAlmostEquals(value("original", "fake", scores, [1]), Math.log(1 + Math.exp(0.3)), 1e-6);
});

Deno.test("ganLoss passes no gradient where the mask is 0, and half of it at the hinge", () => {
  const mask = tf.tensor4d([1, 0, 1], [1, 3, 1, 1]);
  const gradient = tf.grad((y) =>
    ganLoss("hinge", "real", [{ prediction: y as ReturnType<typeof tf.tensor4d>, mask }], [1])
  )(tf.tensor4d([0, 0, 1], [1, 3, 1, 1]));
  assertEquals([...gradient.dataSync()], [-0.5, -0, -0.25]);
});

Deno.test("discriminatorWeights: texture twice with two discriminators at 512 or more", () => {
  assertEquals(discriminatorWeights(2, 512), [2, 1]);
  assertEquals(discriminatorWeights(2, 128), [1, 1]);
  assertEquals(discriminatorWeights(3, 512), [1, 1, 1]);
});
