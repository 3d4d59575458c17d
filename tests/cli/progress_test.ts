import { assert, assertEquals, assertMatch } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { FakeTime } from "@std/testing/time";
import { defineCommand, runToExitCode } from "../../cli/command.ts";
import { ProgressReporter } from "../../cli/progress.ts";
import { UserError } from "../../lib/core/errors.ts";

describe("progress without a terminal", () => {
  const { error } = console;
  let time: FakeTime, lines: string[];

  beforeEach(() => {
    time = new FakeTime();
    lines = [];
    console.error = (line: string) => void lines.push(line);
  });
  afterEach(() => {
    console.error = error;
    time.restore();
  });

  it("is told after ten seconds, and then at intervals that double", () => {
    const reporter = new ProgressReporter("work", false), told: number[] = [];
    for (let second = 1; second <= 200; second++) {
      const before = lines.length;
      time.tick(1000);
      reporter.update({ done: second, total: 1000 });
      if (lines.length > before) told.push(second);
    }
    assertEquals(told, [11, 32, 73, 154]);
    assertMatch(lines[3], /^work: 154\/1000 {2}3 min/);
  });

  it("tells the end of a short job once", () => {
    const reporter = new ProgressReporter("work", false);
    time.tick(3000);
    for (let i = 0; i < 2; i++) reporter.update({ done: 5, total: 5, values: { loss: 0.25 } });
    assertEquals(lines, ["work: 5/5  3 s  loss 0.250"]);
  });

  it("says bytes as people do", () => {
    const reporter = new ProgressReporter("setup", false);
    time.tick(20_000);
    reporter.update({ done: 274_000_000, total: 1_127_309_807, unit: "bytes" });
    assertMatch(lines[0], /^setup: 274 MB of 1\.1 GB {2}20 s/);
  });

  it("lets the first of several processes tell an error before the others do", async () => {
    const command = defineCommand({
      name: "work",
      doc: "Fails.",
      options: {},
      run: () => Promise.reject(new UserError("The disk is gone.")),
    });
    const start = time.now;
    let code: number | null = null;
    void runToExitCode(command, [], 1).then((value) => code = value);
    while (code === null) await time.tickAsync(50);
    assert(time.now - start >= 500, `${time.now - start} ms`);
    assertEquals([code, ...lines], [1, "rank 1: error: The disk is gone."]);
  });
});
