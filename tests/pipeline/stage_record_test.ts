import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { StageRecord } from "../../lib/pipeline/stage_record.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

const NAMES = ["a", "b", "c"];

/** Three stages in a folder; a call tells how each was started. */
function threeStages(folder: string) {
  const file = (name: string) => join(folder, name);
  return async (settings: Record<string, number>, { failing = "", fromScratch = "", last = "c" } = {}) => {
    const starts: Record<string, string> = {};
    const record = await StageRecord.open(file("pipeline.json"));
    for (const name of NAMES.slice(0, NAMES.indexOf(last) + 1)) {
      const inputs = { name, settings: settings[name], resultFile: file(name) };
      const outcome = await record.stage(inputs, async (start) => {
        starts[name] = start;
        if (name === failing) throw new Error("stopped");
        await Deno.writeTextFile(file(name), "x");
        return { value: settings[name] };
      }, { fromScratch: name === fromScratch });
      assertEquals(outcome.result, { value: settings[name] });
      if (outcome.skipped) starts[name] = "skip";
    }
    return starts;
  };
}

Deno.test("a pipeline skips what is up to date, resumes what was stopped, and redoes what follows a change", async () => {
  const folder = await Deno.makeTempDir(), call = threeStages(folder);
  assertEquals(await call({ a: 1, b: 1, c: 1 }), { a: "scratch", b: "scratch", c: "scratch" });
  assertEquals(await call({ a: 1, b: 1, c: 1 }), { a: "skip", b: "skip", c: "skip" });
  assertEquals(await call({ a: 1, b: 2, c: 1 }), { a: "skip", b: "scratch", c: "scratch" });
  await Deno.remove(join(folder, "c"));
  assertEquals(await call({ a: 1, b: 2, c: 1 }), { a: "skip", b: "skip", c: "scratch" });
  await assertRejectsWith(() => call({ a: 1, b: 3, c: 1 }, { failing: "b" }), Error, "stopped");
  assertEquals(await call({ a: 1, b: 3, c: 1 }), { a: "skip", b: "resume", c: "scratch" });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what rests on a stage that was redone is out of date, also in later calls", async () => {
  const folder = await Deno.makeTempDir(), call = threeStages(folder), same = { a: 1, b: 1, c: 1 };
  await call(same);
  assertEquals(await call(same, { fromScratch: "b", last: "b" }), { a: "skip", b: "scratch" });
  assertEquals(await call(same), { a: "skip", b: "skip", c: "scratch" });
  assertEquals(await call(same, { fromScratch: "b" }), { a: "skip", b: "scratch", c: "scratch" });
  await assertRejectsWith(() => call({ ...same, a: 2 }, { failing: "a" }), Error, "stopped");
  assertEquals(await call(same), { a: "scratch", b: "scratch", c: "scratch" });
  await Deno.remove(folder, { recursive: true });
});
