import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { withFlagNames } from "../../cli/flag_names.ts";
import { flagTable } from "../../cli/flag_table.ts";
import { option } from "../../lib/core/option.ts";
import config from "../../deno.json" with { type: "json" };

const FLAGS = flagTable("test", {
  category: option.text({ doc: "Class.", flag: "template" }),
  batchSize: option.integer({ doc: "Samples." }),
});

Deno.test("fields of the library's sentences become flags", () => {
  for (
    const [sentence, wanted] of [
      ["'batchSize' must be above 0", "--batch_size must be above 0"],
      ["or 'masks: auto' if its ground is plain", "or --masks auto if its ground is plain"],
      ["try 'symmetric: false', or 'train: true'", "try --no_symmetric, or --train"],
      ["give it with 'category'", "give it with --template"],
      ["(default-src 'self-made') don't, won't", "(default-src 'self-made') don't, won't"],
      ["the run's 'lrG'.", "the run's --lr_g."],
    ]
  ) assertEquals(withFlagNames(sentence, FLAGS), wanted);
});

const LIB = fromFileUrl(new URL("../../lib", import.meta.url));

/** Files that hold other things with two hyphens: the parser of flags, styles, programs that are called. */
const EXEMPT =
  /core\/flags|report\/(page_style|card_list)|native\/pip|vision\/npm_package|notebook\/jupyter|rendering\/wasm|pipeline\/(read_poses|pseudogt_runs)/;

/** A command with its flags, as a person types it, up to the next flag. */
const COMMAND = new RegExp(
  `\\b(${Object.keys(config.tasks).join("|")})( --[a-z_]+( \\$\\{[^}]*\\}| [A-Za-z_.]+)?)*\\s*$`,
);

function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* sources(join(folder, name));
    else if (name.endsWith(".ts")) yield join(folder, name);
  }
}

Deno.test("the library speaks of fields; flags stand in whole commands only", () => {
  const wrong: string[] = [];
  for (const path of sources(LIB)) {
    if (EXEMPT.test(path)) continue;
    for (const [number, line] of Deno.readTextFileSync(path).split("\n").entries()) {
      if (/^\s*(\*|\/\*|\/\/)/.test(line)) continue;
      const code = line.replace(/\s\/\/ .*/, "");
      for (const { index } of code.matchAll(/--(?=[a-z]|\$\{)/g)) {
        if (!COMMAND.test(code.slice(0, index))) wrong.push(`${path}:${number + 1}: ${line.trim()}`);
      }
    }
  }
  assertEquals(wrong, []);
});
