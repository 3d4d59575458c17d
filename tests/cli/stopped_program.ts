/** A program of the stop's tests: it works until it is stopped, and then saves for two seconds. */
import { defineCommand, runCommand } from "../../cli/command.ts";
import { StoppedError } from "../../lib/core/errors.ts";

const waiting = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

await runCommand(defineCommand({
  name: "work",
  doc: "Works until it is stopped.",
  options: {},
  async run(_, { callbacks, print }) {
    const { signal } = callbacks("work");
    print("busy");
    while (!signal!.aborted) await waiting(10);
    await waiting(2000);
    throw new StoppedError("The work was stopped.");
  },
}));
