import { assertEquals } from "@std/assert";
import { keptCount, poseSchedule, renderLevels, renderSizes } from "../../lib/pose/schedule.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("the original schedule of 100 steps", () => {
  const steps = poseSchedule({ steps: 100, learningRateDecayAfter: 80, sharpening: "original" });
  assertEquals([0, 1, 29, 30, 60, 80, 99].map((k) => steps[k].sharpness), [
    7000,
    7001,
    7047,
    7049,
    7098,
    7131,
    7163,
  ]);
  assertEquals([0, 30, 31, 60, 61, 99].map((k) => steps[k].level), [0, 0, 1, 1, 2, 2]);
  assertEquals(steps.flatMap((step, k) => step.pruneAfter ? [k] : []), [30, 60]);
  assertEquals([79, 80, 81].map((k) => steps[k].learningRate), [0.1, 0.1, 0.01]);
});

Deno.test("the annealed schedule ends at ten times the sharpness, short ones work", () => {
  const steps = poseSchedule({ steps: 50, learningRateDecayAfter: 80, sharpening: "annealed" });
  assertEquals([steps[0].sharpness, steps[49].sharpness], [7000, 70000]);
  assertEquals(poseSchedule({ steps: 1, learningRateDecayAfter: 80, sharpening: "original" }).length, 1);
});

Deno.test("render sizes are ½, ¾ and 1 of the resolution", () => {
  assertEquals(renderSizes(256), [128, 192, 256]);
  assertEquals(renderSizes(64), [32, 48, 64]);
  assertThrowsWith(() => renderSizes(100), RangeError, "resolution", 16, 100);
});

Deno.test("the fast schedule begins with small renders and drops hypotheses twice", () => {
  const options = {
    steps: 100,
    learningRateDecayAfter: 80,
    sharpening: "original",
    schedule: "fast",
  } as const;
  const steps = poseSchedule(options);
  const sizes = renderLevels(256, "fast").map(({ size }) => size);
  assertEquals(steps.length, 100);
  assertEquals([0, 24, 25, 54, 55].map((k) => sizes[steps[k].level]), [96, 96, 192, 192, 256]);
  assertEquals(sizes.at(-1), 256); // the IoUs are told at the full size
  const drops = steps.flatMap(({ keepAfter }, k) =>
    keepAfter ? [[k, keptCount(keepAfter, 40), keptCount(keepAfter, 160)]] : []
  );
  assertEquals(drops, [[24, 24, 48], [54, 14, 20]]);
  assertEquals([steps[0].learningRate, steps[55].learningRate], [0.1, 0.1]);
  assertEquals(Math.abs(steps[99].learningRate - 0.003) < 1e-9, true);
  assertEquals(poseSchedule({ ...options, steps: 10 }).length, 11);
  assertEquals(renderLevels(256, "original").map(({ size }) => size), [128, 192, 256]);
});
