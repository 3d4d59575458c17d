import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { assertFacts } from "../helpers/assert_facts.ts";
import config from "../../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const BENCHES = Object.entries(config.tasks as Record<string, { command?: string }>)
  .filter(([name]) => name.startsWith("bench:"));

Deno.test("every bench refuses mistyped flags and a result file that it may not write, before it measures", async (t) => {
  for (const [name, { command = "" }] of BENCHES) {
    await t.step(name, async () => {
      const start = async (...args: string[]) => {
        const words = command.split(" ").slice(2); // without "deno run"
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "--no-check", "--no-prompt", ...words, ...args],
          cwd: ROOT,
        }).output();
        const decoder = new TextDecoder();
        return { code, output: decoder.decode(stdout), messages: decoder.decode(stderr) };
      };
      for (
        const [args, ...facts] of [
          [["--jsn", "x.json"], "--jsn", "--json"],
          [["--json", "/nowhere/x.json"], "--json", '"/nowhere/x.json"'],
        ] as const
      ) {
        const { code, output, messages } = await start(...args);
        assertEquals([code, output], [2, ""], messages);
        assertFacts(messages, ...facts, `deno task ${name} --help`);
      }
    });
  }
});
