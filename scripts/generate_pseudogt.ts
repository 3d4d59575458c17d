/** `deno task generate_pseudogt`: brings posed photographs to UV space, the GAN's training data. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { requireRun } from "../cli/stored_run.ts";
import { INFERENCE_OPTIONS } from "../lib/backend/options.ts";
import { modeOrAutodetect } from "../lib/core/common_options.ts";
import { OWN_IMAGES_OPTIONS } from "../lib/datasets/photograph_options.ts";
import { GENERATE_PSEUDOGT_OPTIONS, runPseudoGroundTruth } from "../lib/pipeline/generate_pseudogt.ts";
import { RECONSTRUCT_OPTIONS } from "../lib/pipeline/reconstruct.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";

export const generatePseudogt = defineCommand({
  name: "generate_pseudogt",
  doc: "Brings posed photographs to UV space: shapes, textures and where photographs show them.",
  options: {
    ...GENERATE_PSEUDOGT_OPTIONS,
    mode: modeOrAutodetect,
    ...OWN_IMAGES_OPTIONS,
    ...INFERENCE_OPTIONS,
  },
  accepts: { options: RECONSTRUCT_OPTIONS, why: "the run's own settings decide." },
  async run(values, { options, callbacks, print }) {
    const { onMessage } = callbacks("generate_pseudogt"), { name, dataset } = values;
    if (name !== undefined) await requireRun("reconstruction", name);
    const fallback = name === undefined ? "singletpl" : undefined;
    const mode = await resolveRunMode(name ?? dataset, "reconstruction", values.mode, fallback, onMessage);
    await importOwnImages(values, callbacks("import"));
    await activateBackend(values, options, onMessage);
    const { count, folder, skipped } = await runPseudoGroundTruth(
      { ...values, mode },
      callbacks("generate_pseudogt"),
    );
    print(`${count} files in ${folder}${skipped.length > 0 ? `; left out: ${skipped.join(", ")}` : ""}`);
  },
});

if (import.meta.main) await runCommand(generatePseudogt);
