/** `deno task evaluate`: FID or FD(network) of a GAN's images. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { GENERATOR_OPTIONS, OF_TRAINING, requireGenerator } from "../cli/generator_run.ts";
import { measureLines } from "../cli/measure.ts";
import { INFERENCE_OPTIONS } from "../lib/backend/options.ts";
import { json } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { EVALUATE_OPTIONS, runEvaluation } from "../lib/pipeline/evaluate.ts";

export const evaluate = defineCommand({
  name: "evaluate",
  doc:
    "Measures FID or FD(network), KID, precision and recall of a GAN's images; --which_epoch best searches all checkpoints.",
  options: {
    ...EVALUATE_OPTIONS,
    ...GENERATOR_OPTIONS,
    inception: option.text({ reads: true, doc: "The same as 'featureWeights'." }),
    json,
    ...INFERENCE_OPTIONS,
    exportSample: option.boolean({
      doc: "Run export with the other flags instead of measuring.",
      default: false,
    }),
  },
  accepts: OF_TRAINING,
  handsOn: { export_sample: async () => (await import("./export.ts")).exportSample },
  async run(values, { options, callbacks, print }) {
    await requireGenerator(values);
    await activateBackend(values, options, callbacks("evaluate").onMessage);
    const { featureWeights = values.inception } = values;
    const entries = await runEvaluation({ ...values, featureWeights }, callbacks("evaluate"));
    for (const entry of entries) measureLines(entry).forEach(print);
    if (values.json) await writeJsonAtomic(values.json, entries);
  },
});

if (import.meta.main) await runCommand(evaluate);
