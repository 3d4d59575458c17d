/** `deno task generate_pseudogt`: projects posed photographs to UV space, the GAN's training data. */
import { backendOptions } from "../cli/backend_options.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { GENERATE_PSEUDOGT_FLAGS } from "../cli/flags/reconstruction.ts";
import { ifGiven } from "../cli/training_flags.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { runPseudoGroundTruth } from "../lib/pipeline/generate_pseudogt.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";

export const generatePseudogt = defineCommand({
  name: "generate_pseudogt",
  doc: "Projects posed photographs to UV space with a trained reconstruction network.",
  flags: GENERATE_PSEUDOGT_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const { onMessage } = callbacks("generate_pseudogt");
    const mode = await resolveRunMode(flags.name, "reconstruction", flags.mode, undefined, onMessage);
    await useBackend(backendOptions(flags), { onMessage });
    const { name, dataset, whichEpoch, batchSize, skipInvalid, overwrite } = flags;
    const result = await runPseudoGroundTruth({
      ...{ name, dataset, mode, whichEpoch, batchSize, skipInvalid, overwrite },
      pseudogtResolution: ifGiven(given, "pseudogt_resolution", flags.pseudogtResolution) ?? 0,
      ...(flags.pseudogtPath ? { folder: flags.pseudogtPath } : {}),
    }, callbacks("generate_pseudogt"));
    const left = result.skipped.length > 0 ? `; left out: ${result.skipped.join(", ")}` : "";
    print(`${result.count} files in ${result.folder}${left}`);
  },
});

if (import.meta.main) await runCommand(generatePseudogt);
