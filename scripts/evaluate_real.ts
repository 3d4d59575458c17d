/** `deno task evaluate_real`: prints every target on photographs of real things. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { figureLine, throwIfShort } from "../cli/measure.ts";
import { directionLines, realSets } from "../cli/real_evaluation.ts";
import { requireRun } from "../cli/stored_run.ts";
import { INFERENCE_OPTIONS } from "../lib/backend/options.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import type { PoseFigure } from "../tools/evaluation/evaluate_poses.ts";
import { EVALUATE_REAL_OPTIONS, evaluateRealSet } from "../tools/evaluation/evaluate_real.ts";

export const evaluateReal = defineCommand({
  name: "evaluate_real",
  doc: "Measures poses and reconstructions of photographs of real things, beside their targets.",
  options: { ...EVALUATE_REAL_OPTIONS, ...INFERENCE_OPTIONS },
  async run(values, { options, callbacks, print }) {
    const { name, json } = values;
    if (name !== undefined) await requireRun("reconstruction", name);
    const { onMessage } = callbacks("evaluate_real"), sets = await realSets(values.sets, onMessage);
    if (sets.length > 0 && values.inputs > 0) await activateBackend(values, options, onMessage);
    const entries: unknown[] = [], lines: string[] = [];
    for (const set of sets) {
      const figures: PoseFigure[] = [],
        onFigure = (figure: PoseFigure) => {
          figures.push(figure);
          print(lines[lines.push(figureLine(figure)) - 1]);
        };
      const evaluation = await evaluateRealSet(set, values, onFigure, callbacks);
      directionLines(set.name, evaluation).forEach(print);
      entries.push({ set: set.name, ...evaluation, figures });
      if (json) await writeJsonAtomic(json, entries);
    }
    throwIfShort(lines);
  },
});

if (import.meta.main) await runCommand(evaluateReal);
