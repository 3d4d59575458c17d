/** `deno task evaluate`: measures how near a GAN's pictures come to the real ones. */
import { activateBackend } from "../cli/activate_backend.ts";
import { type Command, defineCommand, runCommand } from "../cli/command.ts";
import { EVALUATE_FLAGS } from "../cli/flags/generated.ts";
import { measureLines } from "../cli/measure.ts";
import { requireRun } from "../cli/stored_run.ts";
import { checkWritable, ifSet, numbersOf, optionsOf } from "../cli/training_flags.ts";
import { EVALUATE_CHECKPOINTS_DEFAULTS } from "../lib/pipeline/evaluate_checkpoints.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { type EvaluateRequest, runEvaluation } from "../lib/pipeline/evaluate.ts";

export const evaluate = defineCommand({
  name: "evaluate",
  doc:
    "Measures the distance between a GAN's pictures and the real ones; --which_epoch best searches all checkpoints.",
  flags: EVALUATE_FLAGS,
  handsOn: { export_sample: async () => (await import("./export.ts")).exportSample as unknown as Command },
  async run(flags, { given, callbacks, print }) {
    const { name, dataset, pseudogtRun, conditionalClass, featureNetwork, filterClass = "" } = flags;
    const truncationSigma = numbersOf("truncation_sigma", flags.truncationSigma ?? ["auto"], 0);
    await checkWritable("json", flags.json);
    await requireRun("gan", name, { dataset, mode: ifSet(flags.mode), conditionalClass, pseudogtRun });
    const { onMessage } = callbacks("evaluate");
    await activateBackend(flags, given, onMessage);
    const options = optionsOf(flags, EVALUATE_CHECKPOINTS_DEFAULTS);
    const featureWeights = flags.featureWeights ?? flags.inception;
    const request = {
      ...{
        ...options,
        name,
        dataset,
        pseudogtRun,
        featureNetwork,
        featureWeights,
        filterClass,
        truncationSigma,
      },
    } as EvaluateRequest;
    const entries = await runEvaluation(request, callbacks("evaluate"));
    for (const entry of entries) measureLines(entry).forEach(print);
    if (flags.json) await writeJsonAtomic(flags.json, entries);
  },
});

if (import.meta.main) await runCommand(evaluate);
