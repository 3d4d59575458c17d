/** `deno task doctor`: tells what this machine has, and what to do about what is missing. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { tableLines } from "../cli/table.ts";
import { json } from "../lib/core/common_options.ts";
import { diagnose } from "../tools/setup/diagnose.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { diagnoseVision } from "../tools/setup/diagnose_vision.ts";

export const doctor = defineCommand({
  name: "doctor",
  doc:
    "Prints the machine, the backends with their speed, versions, and what to do about each thing that is missing.",
  options: { json },
  async run(flags, { callbacks, print }) {
    const { machine, backends } = await diagnose({}, callbacks("doctor")), vision = await diagnoseVision();
    const rows = [...machine, ...vision, ...backends].map((
      { item, found, ok, advice },
    ) => [ok ? "ok" : "--", item, found, advice]);
    tableLines(rows).forEach((line) => print(line.trimEnd()));
    if (flags.json) await writeJsonAtomic(flags.json, { machine, vision, backends });
  },
});

if (import.meta.main) await runCommand(doctor);
