import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { StageRecord } from "../../lib/pipeline/stage_record.ts";

Deno.test("a pipeline skips what is up to date, resumes what was stopped, and makes anew what follows a change", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "pipeline.json");
  const file = (name: string) => join(folder, name);
  const call = async (settings: Record<string, number>, failing = "") => {
    const starts: Record<string, string> = {};
    const record = await StageRecord.open(path);
    for (const name of ["a", "b", "c"]) {
      const outcome = await record.stage(name, settings[name], file(name), async (start) => {
        starts[name] = start;
        if (name === failing) throw new Error("stopped");
        await Deno.writeTextFile(file(name), "x");
        return { value: settings[name] };
      });
      assertEquals(outcome.result, { value: settings[name] });
      if (outcome.skipped) starts[name] = "skip";
    }
    return starts;
  };
  assertEquals(await call({ a: 1, b: 1, c: 1 }), { a: "anew", b: "anew", c: "anew" });
  assertEquals(await call({ a: 1, b: 1, c: 1 }), { a: "skip", b: "skip", c: "skip" });
  assertEquals(await call({ a: 1, b: 2, c: 1 }), { a: "skip", b: "anew", c: "anew" });
  await Deno.remove(file("c"));
  assertEquals(await call({ a: 1, b: 2, c: 1 }), { a: "skip", b: "skip", c: "anew" });
  await assertRejects(() => call({ a: 1, b: 3, c: 1 }, "b"), Error, "stopped");
  assertEquals(await call({ a: 1, b: 3, c: 1 }), { a: "skip", b: "resume", c: "anew" });
  await Deno.remove(folder, { recursive: true });
});
