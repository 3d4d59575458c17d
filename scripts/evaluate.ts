/** `deno task evaluate`: measures how near a GAN's pictures come to the real ones. */
import { backendOptions } from "../cli/backend_options.ts";
import { type Command, defineCommand, runCommand } from "../cli/command.ts";
import { EVALUATE_FLAGS } from "../cli/flags/gan.ts";
import { measureLines } from "../cli/measure.ts";
import { numbersOf, optionsOf } from "../cli/training_flags.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { EVALUATE_GAN_DEFAULTS } from "../lib/gan/evaluate_gan.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { type EvaluateRequest, runEvaluation } from "../lib/pipeline/evaluate.ts";

export const evaluate = defineCommand({
  name: "evaluate",
  doc:
    "Measures the distance between a GAN's pictures and the real ones; --which_epoch best searches all checkpoints.",
  flags: EVALUATE_FLAGS,
  handsOn: { export_sample: async () => (await import("./export.ts")).exportSample as unknown as Command },
  async run(flags, { callbacks, print }) {
    await useBackend(backendOptions(flags), { onMessage: callbacks("evaluate").onMessage });
    const request = {
      ...optionsOf(flags, EVALUATE_GAN_DEFAULTS),
      name: flags.name,
      featureNetwork: flags.featureNetwork,
      filterClass: flags.filterClass ?? "",
      truncationSigma: numbersOf("truncation_sigma", flags.truncationSigma, 0),
    } as EvaluateRequest;
    const entries = await runEvaluation(request, callbacks("evaluate"));
    for (const entry of entries) measureLines(entry).forEach(print);
    if (flags.json) await writeJsonAtomic(flags.json, entries);
  },
});

if (import.meta.main) await runCommand(evaluate);
