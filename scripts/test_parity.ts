/**
 * Compares the code with recorded numbers of the original: `deno task test:parity`.
 *
 * @module
 */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { isPassed, resultLine, runParity, summaryLines, WASM_BOUND } from "../tests/parity/run_parity.ts";

/** The task `test:parity`. */
export const testParity = defineCommand({
  name: "test:parity",
  doc: "Compares the code with the parity cases under TEXMESH_PARITY (../shared/parity); the measured " +
    "figure is the largest error as a share of what is allowed.",
  options: {
    kinds: option.list({ default: [], doc: "Kinds or folders to run; all if left out." }),
    backend: option.choice({
      doc: `What computes the networks; on wasm the bound is ${WASM_BOUND} times as large.`,
      choices: ["auto", "native", "wasm"],
      default: "auto",
    }),
    json,
  },
  async run({ kinds, backend, json }, { print }) {
    const root = Deno.env.get("TEXMESH_PARITY") ?? "../shared/parity";
    const report = await runParity(root, {
      kinds,
      backend,
      onResult: (result) => print(resultLine(result)),
    });
    if (json) await writeJsonAtomic(json, report);
    summaryLines(report).forEach(print);
    if (!isPassed(report)) {
      throw new UserError("Parity does not hold; the lines marked short or problem say where.");
    }
  },
});

if (import.meta.main) await runCommand(testParity);
