/** `deno task evaluate_reconstruction`: tests reconstructions on models that were not trained on. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { evaluationLines, evaluationSets } from "../cli/reconstruction_evaluation.ts";
import { EVALUATE_RECONSTRUCTION_FLAGS } from "../cli/flags/reconstruction.ts";
import { requireRun } from "../cli/stored_run.ts";
import { checkWritable } from "../cli/training_flags.ts";
import type { MaskTarget } from "../lib/reconstruction/options.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import {
  type ReconstructionEvaluation,
  runReconstructionEvaluation,
} from "../tools/evaluation/evaluate_reconstruction.ts";

export const evaluateReconstruction = defineCommand({
  name: "evaluate_reconstruction",
  doc:
    "Trains on three quarters of the models of an annotated set and tests on the others, all poses estimated; " +
    "or tests a run that is there.",
  flags: EVALUATE_RECONSTRUCTION_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const { name = null, iters, batchSize, lr, seed, limit = 0, numWorkers, json } = flags;
    const maskTarget = flags.maskTarget as MaskTarget; // the flag table lists the allowed words
    await checkWritable("json", json);
    if (name !== null) await requireRun("reconstruction", name);
    const { onMessage } = callbacks("evaluate_reconstruction");
    const sets = await evaluationSets(flags.data, name, onMessage);
    await activateBackend(flags, given, onMessage);
    const evaluations: ReconstructionEvaluation[] = [];
    for (const data of sets) {
      const training = { name, limit, iters, batchSize, lr, maskTarget, seed };
      const request = { ...training, data, workers: numWorkers ?? null };
      const evaluation = await runReconstructionEvaluation(request, callbacks);
      evaluations.push(evaluation);
      evaluationLines(evaluation).forEach(print);
      if (json) await writeJsonAtomic(json, evaluations);
    }
  },
});

if (import.meta.main) await runCommand(evaluateReconstruction);
