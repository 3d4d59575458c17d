/** `deno task evaluate_reconstruction`: tests reconstructions on models that were not trained on. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { evaluationLines, evaluationSets } from "../cli/reconstruction_evaluation.ts";
import { requireRun } from "../cli/stored_run.ts";
import { BACKEND_OPTIONS } from "../lib/backend/options.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import {
  EVALUATE_RECONSTRUCTION_OPTIONS,
  type ReconstructionEvaluation,
  runReconstructionEvaluation,
} from "../tools/evaluation/evaluate_reconstruction.ts";

export const evaluateReconstruction = defineCommand({
  name: "evaluate_reconstruction",
  doc:
    "Trains on three quarters of the models of an annotated set and tests on the others, all poses estimated; " +
    "or tests a run that is there.",
  options: { ...EVALUATE_RECONSTRUCTION_OPTIONS, ...BACKEND_OPTIONS },
  async run(values, { options, callbacks, print }) {
    const { name = null, json } = values;
    if (name !== null) await requireRun("reconstruction", name);
    const { onMessage } = callbacks("evaluate_reconstruction");
    const sets = await evaluationSets(values.data, name, onMessage);
    await activateBackend(values, options, onMessage);
    const evaluations: ReconstructionEvaluation[] = [];
    for (const data of sets) {
      const evaluation = await runReconstructionEvaluation({ ...values, name, data }, callbacks);
      evaluations.push(evaluation);
      evaluationLines(evaluation).forEach(print);
      if (json) await writeJsonAtomic(json, evaluations);
    }
  },
});

if (import.meta.main) await runCommand(evaluateReconstruction);
