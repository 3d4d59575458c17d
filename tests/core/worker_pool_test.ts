import { assert, assertEquals, assertRejects } from "@std/assert";
import { ClosedError, StoppedError } from "../../lib/core/errors.ts";
import { shareArray, WorkerPool } from "../../lib/core/worker_pool.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { TEST_KIND } from "./pool_task.ts";

const table = shareArray(Float64Array.from({ length: 20 }, (_, i) => i * i));

Deno.test("a pool returns results by task number, the same for any number of workers", async () => {
  const expected = Array.from(table, (value) => 2 * value);
  for (const workers of [0, 1, 3]) {
    const pool = await WorkerPool.start(TEST_KIND, { table }, workers);
    const seen: number[] = [];
    const task = async (index: number) => {
      for (let i = 0; i < (index * 7) % 5; i++) await Promise.resolve(); // tasks are ready in another order
      return { index };
    };
    const results = await pool.run(20, task, { onResult: (index) => void seen.push(index) });
    const again = await pool.run(2, (index) => ({ index }));
    pool.close();
    assertEquals(results, expected);
    assertEquals(seen.toSorted((a, b) => a - b), results.map((_, i) => i));
    assertEquals(again, expected.slice(0, 2));
  }
});

Deno.test("results that are not kept are handed on and forgotten", async () => {
  for (const workers of [0, 2]) {
    const pool = await WorkerPool.start(TEST_KIND, { table }, workers);
    const seen = new Map<number, number>();
    const onResult = (index: number, result: number) => void seen.set(index, result);
    assertEquals(await pool.run(20, (index) => ({ index }), { keep: false, onResult }), []);
    pool.close();
    assertEquals(Array.from(table, (_, i) => seen.get(i)), Array.from(table, (value) => 2 * value));
  }
});

Deno.test("workers read shared arrays without a copy", async () => {
  const shared = shareArray(new Float64Array(3));
  const pool = await WorkerPool.start(TEST_KIND, { table: shared }, 1);
  shared[1] = 21;
  assertEquals(await pool.run(2, (index) => ({ index })), [0, 42]);
  pool.close();
});

Deno.test("a task that throws fails the call with its own message and ends the pool", async () => {
  for (const workers of [0, 2]) {
    const pool = await WorkerPool.start(TEST_KIND, { table }, workers);
    const task = (index: number) => index === 3 ? { index, fail: "number three is broken" } : { index };
    await assertRejectsWith(() => pool.run(10, task), Error, "number three is broken");
    await assertRejects(() => pool.run(1, (index) => ({ index })), ClosedError);
  }
});

Deno.test("a task that cannot be made and a callback that throws fail the call", async () => {
  const makes = await WorkerPool.start(TEST_KIND, { table }, 1);
  const task = (index: number) => {
    if (index === 2) throw new Error("no image");
    return { index };
  };
  await assertRejectsWith(() => makes.run(10, task), Error, "no image");
  const calls = await WorkerPool.start(TEST_KIND, { table }, 1);
  const onResult = () => {
    throw new Error("disk full");
  };
  await assertRejectsWith(() => calls.run(10, (index) => ({ index }), { onResult }), Error, "disk full");
});

Deno.test("a setup that throws fails the start", async () => {
  await assertRejectsWith(
    () => WorkerPool.start(TEST_KIND, { table, failSetup: "no template" }, 2),
    Error,
    "no template",
  );
  await assertRejectsWith(() => WorkerPool.start(TEST_KIND, { table }, 1.5), RangeError, "workers", 1.5);
  const broken = { ...TEST_KIND, module: new URL("data:text/javascript,throw new Error('no such module')") };
  await assertRejectsWith(() => WorkerPool.start(broken, { table }, 1), Error, "no such module");
});

Deno.test("a signal stops a pool whose workers are busy", async () => {
  const pool = await WorkerPool.start(TEST_KIND, { table }, 2);
  const controller = new AbortController();
  let done = 0;
  const run = pool.run(10, (index) => ({ index, hang: index > 3 }), {
    signal: controller.signal,
    what: "The test",
    onReport: () => controller.abort(), // one hangs
    onResult: () => void done++,
  });
  await assertRejectsWith(() => run, StoppedError, "The test");
  assert(done <= 4);
  const late = await WorkerPool.start(TEST_KIND, { table }, 1);
  await assertRejects(
    () => late.run(1, (index) => ({ index }), { signal: controller.signal }),
    StoppedError,
  );
});

Deno.test("a worker that breaks between two tasks fails the next one with its message", async () => {
  const pool = await WorkerPool.start(TEST_KIND, { table }, 1);
  assertEquals(await pool.run(1, (index) => ({ index, failLater: "out of the blue" })), [0]);
  const onwards = async () => {
    while (true) await pool.run(1, (index) => ({ index })); // the worker breaks before long
  };
  await assertRejectsWith(onwards, Error, "out of the blue");
});

Deno.test("a result that cannot be sent fails the call", async () => {
  const pool = await WorkerPool.start(TEST_KIND, { table }, 1);
  await assertRejectsWith(() => pool.run(1, (index) => ({ index, odd: true })), Error, "could not be cloned");
});

Deno.test("an error keeps its kind and the worker's stack", async () => {
  const pool = await WorkerPool.start(TEST_KIND, { table }, 1);
  const error = await assertRejects(() => pool.run(1, (index) => ({ index, fail: "too large" })), Error);
  assertEquals([error.name, error.message], ["RangeError", "too large"]);
  assert(error.stack?.includes("pool_task.ts"));
});

Deno.test("a pool ends at once though its workers never give their threads back", async () => {
  const pool = await WorkerPool.start(TEST_KIND, { table }, 2);
  const controller = new AbortController(), { signal } = controller;
  const onReport = () => controller.abort();
  const run = pool.run(4, (index) => ({ index, spin: true }), { signal, onReport });
  await assertRejects(() => run, StoppedError);
});

Deno.test("Ctrl-C stops a program whose workers are busy", async () => {
  const script = new URL("./pool_program.ts", import.meta.url).pathname;
  const program = new Deno.Command("deno", {
    args: ["run", "--no-check", "--allow-read", "--allow-env", script],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = program.stdout.getReader();
  const { value } = await reader.read(); // the workers are at work
  assertEquals(new TextDecoder().decode(value), "busy\n");
  program.kill("SIGINT");
  const rest = await reader.read();
  assert(new TextDecoder().decode(rest.value).startsWith("The spin"));
  reader.releaseLock();
  await program.stdout.cancel();
  await program.stderr.cancel();
  assertEquals((await program.status).code, 130);
});
