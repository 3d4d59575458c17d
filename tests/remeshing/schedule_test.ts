import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  FULL_SCHEDULE,
  QUICK_SCHEDULE,
  scheduleLength,
  scheduleSteps,
} from "../../lib/remeshing/schedule.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("the full schedule has 400 steps of warm-up and 16,494 in all", () => {
  const steps = [...scheduleSteps(FULL_SCHEDULE)];
  assertEquals(steps.length, 16494);
  assertEquals(steps.filter(({ sigma }) => sigma === 1).length, 401); // the step after the warm-up is the first at 5e-4
  assertAlmostEquals(steps[400].rate, 5e-4, 1e-9);
  const sharpness = steps.map(({ sigma }) => Math.trunc(7000 / sigma));
  assertEquals(sharpness[0], 7000);
  assert(sharpness.every((value, i) => i === 0 || value >= sharpness[i - 1]));
  assertAlmostEquals(sharpness[16493], 35001, 5);
  assertAlmostEquals(steps[16493].laplacianWeight, 6e-4, 1e-6);
});

Deno.test("the quick schedule is short and the limit holds", () => {
  assertEquals(scheduleLength(QUICK_SCHEDULE), 389);
  assertEquals(scheduleLength({ ...FULL_SCHEDULE, limit: 12 }), 12);
});

Deno.test("schedules without an end are refused", () => {
  assertThrowsWith(() => scheduleLength({ ...FULL_SCHEDULE, decay: 1 }), RangeError, "decay", "(0, 1)", 1);
  assertThrowsWith(() => scheduleLength({ ...FULL_SCHEDULE, warmUpStep: 0 }), RangeError, "warmUpStep", 0);
});
