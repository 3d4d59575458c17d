/** `deno task evaluate_real`: prints every target on photographs of real things. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { EVALUATE_REAL_FLAGS } from "../cli/flags/real.ts";
import { figureLine, throwIfShort } from "../cli/measure.ts";
import { directionLines, realSets } from "../cli/real_evaluation.ts";
import { requireRun } from "../cli/stored_run.ts";
import { checkWritable } from "../cli/training_flags.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import type { PoseFigure } from "../tools/evaluation/evaluate_poses.ts";
import { type EvaluateRealRequest, evaluateRealSet } from "../tools/evaluation/evaluate_real.ts";

export const evaluateReal = defineCommand({
  name: "evaluate_real",
  doc: "Measures poses and reconstructions of photographs of real things, beside their targets.",
  flags: EVALUATE_REAL_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const { name: run = null, limit = 0, numWorkers: workers = null, json } = flags;
    await checkWritable("json", json);
    if (run !== null) await requireRun("reconstruction", run);
    const { onMessage } = callbacks("evaluate_real"), sets = await realSets(flags.sets, onMessage);
    if (sets.length > 0 && flags.inputs > 0) await activateBackend(flags, given, onMessage);
    const request = { ...flags, run, limit, workers } as EvaluateRealRequest;
    const entries: unknown[] = [], lines: string[] = [];
    for (const set of sets) {
      const figures: PoseFigure[] = [],
        onFigure = (figure: PoseFigure) => {
          figures.push(figure);
          print(lines[lines.push(figureLine(figure)) - 1]);
        };
      const evaluation = await evaluateRealSet(set, request, onFigure, callbacks);
      directionLines(set.name, evaluation).forEach(print);
      entries.push({ set: set.name, ...evaluation, figures });
      if (json) await writeJsonAtomic(json, entries);
    }
    throwIfShort(lines);
  },
});

if (import.meta.main) await runCommand(evaluateReal);
