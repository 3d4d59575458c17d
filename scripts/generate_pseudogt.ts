/** `deno task generate_pseudogt`: projects posed photographs to UV space, the GAN's training data. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { GENERATE_PSEUDOGT_FLAGS } from "../cli/flags/reconstruction.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { requireRun } from "../cli/stored_run.ts";
import { checkWritable, ifGiven } from "../cli/training_flags.ts";
import { runPseudoGroundTruth } from "../lib/pipeline/generate_pseudogt.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";

export const generatePseudogt = defineCommand({
  name: "generate_pseudogt",
  doc: "Projects posed photographs to UV space with a trained reconstruction network.",
  flags: GENERATE_PSEUDOGT_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const { onMessage } = callbacks("generate_pseudogt");
    const { name, dataset, whichEpoch, batchSize, skipInvalid, overwrite, pseudogtPath, statistics } = flags;
    await checkWritable("pseudogt_path", pseudogtPath);
    await requireRun("reconstruction", name);
    const mode = await resolveRunMode(name, "reconstruction", flags.mode, undefined, onMessage);
    await importOwnImages(flags, callbacks("import"));
    await activateBackend(flags, given, onMessage);
    const result = await runPseudoGroundTruth({
      ...{ name, dataset, mode, whichEpoch, batchSize, skipInvalid, overwrite, statistics },
      workers: flags.numWorkers ?? null,
      pseudogtResolution: ifGiven(given, "pseudogt_resolution", flags.pseudogtResolution) ?? 0,
      ...(pseudogtPath ? { folder: pseudogtPath } : {}),
    }, callbacks("generate_pseudogt"));
    const left = result.skipped.length > 0 ? `; left out: ${result.skipped.join(", ")}` : "";
    print(`${result.count} files in ${result.folder}${left}`);
  },
});

if (import.meta.main) await runCommand(generatePseudogt);
