import { assertEquals } from "@std/assert";
import { assertSnapshot } from "@std/testing/snapshot";
import { helpText } from "../../cli/help_text.ts";
import { commandsOfTasks } from "../../scripts/make_flag_docs.ts";

const commands = await commandsOfTasks();

// after a change that is meant: deno test --allow-all tests/cli/help_test.ts -- --update
Deno.test("help of every task", async (context) => {
  assertEquals(commands.length > 25, true);
  for (const { name, doc, flags } of commands) {
    await context.step(name, (step) => assertSnapshot(step, helpText(name, doc, flags)));
  }
});
