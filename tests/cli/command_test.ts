import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Command, defineCommand } from "../../cli/command.ts";
import { continueTrain } from "../../lib/core/common_options.ts";
import { StoppedError, UsageError, UserError } from "../../lib/core/errors.ts";
import { callCommand } from "../e2e/_workplace.ts";
import { assertFacts } from "../helpers/assert_facts.ts";

function commandThat(run: Command["run"]): Command {
  return defineCommand({ name: "task", doc: "Tests.", options: {}, run });
}

Deno.test("exit codes: done, a problem, wrong usage, an error of the program", async () => {
  const outcome = (run: () => void) => callCommand(commandThat(() => Promise.try(run)), []);
  assertEquals((await outcome(() => {})).code, 0);
  const problem = await outcome(() => {
    throw new UserError("The folder is empty.");
  });
  assertEquals([problem.code, problem.messages], [1, "error: The folder is empty."]);
  const usage = await outcome(() => {
    throw new UsageError("--a and --b exclude each other.");
  });
  assertEquals(usage.code, 2);
  assertFacts(usage.messages, "deno task task --help");
  const bug = await outcome(() => {
    throw new TypeError("x is not a function");
  });
  assertEquals(bug.code, 1);
  assertStringIncludes(bug.messages, "TEXMESH_DEBUG=1");
  const full = await outcome(() => {
    throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  });
  assertEquals([full.code, full.messages.includes("TEXMESH_DEBUG")], [1, false]); // no error of the program
});

Deno.test("a stop is told with the exit code of its signal", async () => {
  const stopped = await callCommand(
    commandThat(() => Promise.reject(new StoppedError("The work was stopped."))),
    [],
  );
  assertEquals([stopped.code, stopped.messages], [130, "The work was stopped."]);
});

Deno.test("a training that was stopped is told with the flag that resumes it", async () => {
  const training = defineCommand({
    name: "task",
    doc: "Tests.",
    options: { continueTrain },
    run: () => Promise.reject(new StoppedError("The training was stopped.")),
  });
  assertFacts((await callCommand(training, [])).messages, "--continue_train");
});

Deno.test("progress is told in lines where there is no terminal", async () => {
  const { output, messages } = await callCommand(
    commandThat((_, { callbacks, print }) => {
      const { onProgress, onMessage } = callbacks("work");
      for (let done = 1; done <= 100; done++) onProgress?.({ done, total: 100, values: { loss: 0.5 } });
      onMessage?.("A sentence.");
      print("result");
      return Promise.resolve();
    }),
    [],
  );
  assertEquals(output, "result");
  const lines = messages.split("\n");
  assertEquals(lines.length, 2); // a short job tells its end only
  assertStringIncludes(lines[0], "work: 100/100  under 1 s");
  assertStringIncludes(lines[0], "loss 0.5");
  assertEquals(lines[1], "A sentence.");
});
