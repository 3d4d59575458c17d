import { assert, assertEquals } from "@std/assert";
import { helpText } from "../../cli/help_text.ts";
import { COMMANDS } from "./_commands.ts";
import { type KnownFlags, NEW_FLAGS, ORIGINAL_FLAGS } from "./known_flags.ts";

/** Defaults of ours that differ from the original's, as a run's settings are kept with it. */
const FROM_THE_RUN: Readonly<Record<string, KnownFlags>> = {
  evaluate: { dataset: null, conditional_class: null },
  export: { dataset: null, conditional_class: null },
};

/** What `--help` says in brackets at the end of a flag's line, by flag; only of flags that have an effect. */
function defaultsOfHelp(task: string): Map<string, string | null> {
  const { name, doc, flags } = COMMANDS[task];
  const [used] = helpText(name, doc, flags).split("\nKnown, but not used here:");
  const lines = used.split("\n").filter((line) => line.startsWith("  --"));
  return new Map(lines.map((line) => {
    const flag = /^ {2}--(\w+) /.exec(line)![1];
    return [flag, /\((?:default )?([^()]*)\)$/.exec(line)?.[1] ?? null];
  }));
}

Deno.test("each task knows the original's flags and ours, none of which gets lost", () => {
  for (const task of Object.keys(COMMANDS)) {
    const wanted = [...Object.keys(ORIGINAL_FLAGS[task] ?? {}), ...NEW_FLAGS[task]];
    assertEquals(wanted.filter((flag) => !(flag in COMMANDS[task].flags)), [], task);
  }
});

Deno.test("--help prints the original's defaults", () => {
  for (const [task, known] of Object.entries(ORIGINAL_FLAGS)) {
    const shown = defaultsOfHelp(task);
    for (const [flag, value] of Object.entries({ ...known, ...FROM_THE_RUN[task] })) {
      if (shown.has(flag)) assertEquals(shown.get(flag), value, `--${flag} of ${task}`);
    }
  }
});

Deno.test("every flag says in a sentence what it does, and why it does nothing", () => {
  for (const [task, { flags }] of Object.entries(COMMANDS)) {
    for (const [name, flag] of Object.entries(flags)) {
      for (const sentence of [flag.doc, flag.neutral, flag.refused]) {
        if (sentence !== undefined) assert(/\S.*\.$/.test(sentence), `--${name} of ${task}: ${sentence}`);
      }
    }
  }
});
