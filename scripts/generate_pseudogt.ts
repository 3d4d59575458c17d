/** `deno task generate_pseudogt`: brings posed photographs to UV space, the GAN's training data. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { GENERATE_PSEUDOGT_FLAGS } from "../cli/flags/reconstruction.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { requireRun } from "../cli/stored_run.ts";
import { checkWritable, ifGiven } from "../cli/training_flags.ts";
import type { PresetName } from "../lib/networks/presets.ts";
import { runPseudoGroundTruth } from "../lib/pipeline/generate_pseudogt.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";
import type { PseudoGroundTruthWay } from "../lib/pseudogt/files.ts";

export const generatePseudogt = defineCommand({
  name: "generate_pseudogt",
  doc: "Brings posed photographs to UV space: shapes, textures and where photographs show them.",
  flags: GENERATE_PSEUDOGT_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const { onMessage } = callbacks("generate_pseudogt");
    const { dataset, whichEpoch, batchSize, skipInvalid, overwrite, pseudogtPath, statistics } = flags;
    const { name } = flags;
    const [pseudogt, preset] = [flags.pseudogt as PseudoGroundTruthWay, flags.preset as PresetName];
    await checkWritable("pseudogt_path", pseudogtPath);
    if (name !== undefined) await requireRun("reconstruction", name);
    const fallback = name === undefined ? "singletpl" : undefined;
    const mode = await resolveRunMode(name ?? dataset, "reconstruction", flags.mode, fallback, onMessage);
    await importOwnImages(flags, callbacks("import"));
    await activateBackend(flags, given, onMessage);
    const result = await runPseudoGroundTruth({
      ...{ name, dataset, mode, pseudogt, preset, whichEpoch, batchSize, skipInvalid, overwrite, statistics },
      workers: flags.numWorkers ?? null,
      pseudogtResolution: ifGiven(given, "pseudogt_resolution", flags.pseudogtResolution) ?? 0,
      ...(pseudogtPath ? { folder: pseudogtPath } : {}),
    }, callbacks("generate_pseudogt"));
    const left = result.skipped.length > 0 ? `; left out: ${result.skipped.join(", ")}` : "";
    print(`${result.count} files in ${result.folder}${left}`);
  },
});

if (import.meta.main) await runCommand(generatePseudogt);
