import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  halvedRate,
  initialFlatWarmup,
  linearDecayRate,
  nextFlatWarmup,
  nextSemiCoefficient,
  planFromIterations,
} from "../../lib/training/schedules.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

function flatness(meshRegularization: number, iterations: number): number[] {
  const values: number[] = [];
  let warmup = initialFlatWarmup(meshRegularization);
  for (let k = 0; k <= iterations; k++) {
    values.push(meshRegularization * warmup);
    warmup = nextFlatWarmup(warmup, meshRegularization);
  }
  return values;
}

Deno.test("the flatness coefficient starts at 5e-4 and falls by 5e-6 to its final value", () => {
  const usual = flatness(5e-5, 95);
  assertAlmostEquals(usual[0], 5e-4, 1e-12);
  assertAlmostEquals(usual[1], 4.95e-4, 1e-12);
  assertAlmostEquals(usual[89], 5.5e-5, 1e-12);
  assertAlmostEquals(usual[90], 5e-5, 1e-12);
  assertEquals(usual[95], 5e-5);
  const weak = flatness(1e-5, 100);
  assert(weak[97] > 1.01e-5);
  assertAlmostEquals(weak[98], 1e-5, 1e-12);
  const strong = flatness(1e-3, 2);
  assertAlmostEquals(strong[0], 5e-4, 1e-12);
  assertEquals(strong[1], 1e-3);
});

Deno.test("the pull to the template falls below 0.01 at iteration 459", () => {
  let coefficient = 1;
  for (let k = 0; k < 458; k++) coefficient = nextSemiCoefficient(coefficient);
  assert(coefficient >= 0.01);
  assert(nextSemiCoefficient(coefficient) < 0.01);
});

Deno.test("learning rates halve at multiples of the period, or fall linearly to the end", () => {
  assertEquals([0, 249, 250, 500].map((epoch) => halvedRate(1e-4, epoch, 250)), [1e-4, 1e-4, 5e-5, 2.5e-5]);
  assertEquals([0, 10, 15, 20].map((epoch) => linearDecayRate(1, epoch, 10, 20)), [1, 1, 0.5, 1]);
});

Deno.test("iterations become epochs and intervals, never 0", () => {
  assertEquals(planFromIterations(4000, 32, 130000), {
    iterationsPerEpoch: 125,
    epochs: 1040,
    period: 34,
    decayEvery: 260,
  });
  const short = planFromIterations(64, 32, 6);
  assertEquals([short.epochs, short.period, short.decayEvery], [3, 1, 1]);
  assertThrowsWith(() => planFromIterations(20, 32, 100), RangeError, 100, 32, 20);
  assertThrows(() => planFromIterations(320, 32, 9), RangeError);
});
