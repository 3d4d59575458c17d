import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { UsageError } from "../../lib/core/errors.ts";
import type { FlagTable } from "../../cli/flag_table.ts";
import { parseFlags } from "../../cli/parse_flags.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const ROOT = new URL("../../", import.meta.url);
/** Flags whose values become names of folders. */
const NAMES = ["name", "dataset", "datasets"];
const OUTSIDE = ["../a", "a/../../b", "..", "/a", "a\\b", "a/b"];

const { tasks } = JSON.parse(Deno.readTextFileSync(fromFileUrl(new URL("deno.json", ROOT)))) as {
  tasks: Record<string, { command?: string }>;
};

Deno.test("names of runs and data sets cannot lead out of their folders, whatever the task", async () => {
  const scripts = Object.values(tasks).flatMap(({ command = "" }) => /scripts\/\w+\.ts/.exec(command) ?? []);
  let checked = 0;
  for (const script of new Set(scripts)) {
    const module = await import(new URL(script, ROOT).href) as Record<string, { flags?: FlagTable }>;
    for (const { flags } of Object.values(module)) {
      for (const name of NAMES.filter((name) => flags?.[name])) {
        const table = { [name]: flags![name] };
        assertEquals(`${parseFlags([`--${name}`, "a_b-1"], table).values[name]}`, "a_b-1");
        for (const value of OUTSIDE) {
          const parse = () => parseFlags([`--${name}`, value], table);
          assertThrowsWith(parse, UsageError, `--${name}`, JSON.stringify(value));
        }
        checked++;
      }
    }
  }
  assert(checked >= 20, `${checked} flags were checked`);
});
