import { assertEquals, assertRejects } from "@std/assert";
import { StoppedError, UserError } from "../../lib/core/errors.ts";
import type { Checkpoint } from "../../lib/training/checkpoint.ts";
import { runTraining } from "../../lib/training/loop.ts";
import type { RunPlan } from "../../lib/training/run_length.ts";
import type { Position, StepReport, Trainer } from "../../lib/training/trainer.ts";
import { memoryRun } from "../../lib/training/training_run.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";

const PLAN: RunPlan = { epochs: 4, checkpointFreq: 2, evaluateFreq: 1, saveFreq: 3 };

/** Adds its batch's number to a value; epoch by epoch it is as good as `scores` say. */
class Adder implements Trainer<number> {
  readonly subject = "The addition";
  readonly batchSize = 2;
  readonly batchesPerEpoch = 3;
  readonly firstStep = 1;
  readonly settings = { stage: "adder" };
  readonly freeSettings = [];
  readonly log: string[] = [];
  value = 0;
  broken = Infinity;

  constructor(readonly plan: RunPlan = PLAN, readonly scores: readonly number[] = [1, 3, 2, 4]) {}

  start(): Promise<void> {
    return Promise.resolve(void this.log.push("start"));
  }
  resume({ arrays, state }: Checkpoint): Position {
    this.value = arrays.value.data[0] as number;
    return state as Position;
  }
  load(epoch: number, index: number): Promise<number> {
    return Promise.resolve(10 * epoch + index);
  }
  prepare(batch: number): Promise<void> {
    return Promise.resolve(void this.log.push(`prepare ${batch}`));
  }
  step(batch: number, { iteration }: Position): Promise<StepReport> {
    this.value += batch;
    const loss = iteration === this.broken ? NaN : batch;
    return Promise.resolve({ scalars: { loss }, shown: { loss } });
  }
  endEpoch({ epoch }: Position): Promise<boolean> {
    const best = Math.max(0, ...this.scores.slice(0, epoch - 1));
    return Promise.resolve(this.scores[epoch - 1] > best);
  }
  checkpoint(position: Position): Promise<Checkpoint> {
    const data = Float32Array.of(this.value);
    return Promise.resolve({ arrays: { value: { data, shape: [1] } }, state: position });
  }
  wayBack(): Promise<string> {
    return Promise.resolve("subtract");
  }
}

const epochOf = ({ state }: Checkpoint) => (state as Position).epoch;

Deno.test("a run trains every batch once, and keeps the checkpoints of its plan", async () => {
  const trainer = new Adder(), run = memoryRun(), steps: number[] = [], done: number[] = [];
  const end = await runTraining(trainer, run, {
    onScalars: (step, { loss }) => steps.push(step, loss),
    onProgress: ({ done: count, total }) => done.push(count / total),
  });
  assertEquals(end, { epoch: 4, batch: 0, iteration: 12 });
  assertEquals(trainer.value, 4 * 3 + 3 * (10 + 20 + 30)); // 0 + 1 + 2 in each, and ten times the epoch
  assertEquals(steps.slice(0, 8), [1, 0, 2, 1, 3, 2, 4, 10]);
  assertEquals([done[0], done.at(-1)], [1 / 12, 1]);
  const kept = [...run.checkpoints].map(([tag, checkpoint]) => [tag, epochOf(checkpoint)]);
  assertEquals(kept, [["best", 4], [2, 2], ["latest", 4], [4, 4]]);
  assertEquals(trainer.log, ["start", "prepare 0"]);
});

Deno.test("a run that is stopped anywhere resumes from there to the same end", async () => {
  for (let stopAt = 1; stopAt < 12; stopAt++) {
    const run = memoryRun(), stop = new AbortController();
    const onScalars = (step: number) => step === stopAt && stop.abort();
    await assertRejects(
      () => runTraining(new Adder(), run, { signal: stop.signal, onScalars }),
      StoppedError,
    );
    const { epoch, batch, iteration } = run.checkpoints.get("latest")!.state as Position;
    assertEquals([3 * epoch + batch, iteration], [stopAt, stopAt]);
    const rest = new Adder();
    assertEquals((await runTraining(rest, run, {})).iteration, 12);
    assertEquals([rest.value, rest.log.length], [192, 1], `stopped at ${stopAt}`); // from its own batch on
  }
});

Deno.test("a stop within an evaluation keeps the end of the epoch before it", async () => {
  const trainer = new Adder(), run = memoryRun();
  trainer.endEpoch = ({ epoch }) =>
    epoch < 2 ? Promise.resolve(false) : Promise.reject(new StoppedError("stop"));
  await assertRejects(() => runTraining(trainer, run, {}), StoppedError);
  assertEquals(run.checkpoints.get("latest")!.state, { epoch: 1, batch: 3, iteration: 6 });
  const rest = new Adder(), epochs: number[] = [];
  rest.endEpoch = ({ epoch }) => Promise.resolve(epochs.push(epoch) < 0);
  assertEquals((await runTraining(rest, run, {})).iteration, 12);
  assertEquals([rest.value, epochs], [192, [2, 3, 4]]);
});

Deno.test("figures and values that are NaN or infinite end a run, and nothing of them is kept", async () => {
  const trainer = new Adder(), run = memoryRun();
  trainer.broken = 7;
  await assertRejectsWith(
    () => runTraining(trainer, run, {}),
    UserError,
    ...["memory", "loss", "NaN", "iteration 7", "subtract"],
  );
  assertEquals([...run.checkpoints.keys()], ["best", 2]);
  const infinite = new Adder();
  infinite.value = Infinity;
  const { checkpoints } = memoryRun();
  await assertRejectsWith(
    () => runTraining(infinite, memoryRun(), {}),
    UserError,
    "memory",
    "value",
    "Infinity",
    "iteration 3",
  );
  assertEquals(checkpoints.size, 0);
});

Deno.test("a run that is complete says so, and hours count over all its calls", async () => {
  const run = memoryRun(), messages: string[] = [];
  const onMessage = (sentence: string) => messages.push(sentence);
  await runTraining(new Adder(), run, {});
  await runTraining(new Adder(), run, { onMessage });
  assertEquals(messages.length, 1);
  assertFacts(messages[0], "memory", "4 epochs", "'epochs'", "'iters'");
  const timed = memoryRun(), hours = { ...PLAN, hours: 1e-9 };
  assertEquals((await runTraining(new Adder(hours), timed, {})).epoch, 1); // one at the least
  assertEquals((await runTraining(new Adder(hours), timed, { onMessage })).epoch, 1);
  assertFacts(messages[1], "memory", "1e-9 hours", "'hours'");
});
