/** `deno task reconstruct`: trains the network that predicts mesh and texture from one photograph. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { formatFigures } from "../cli/progress.ts";
import { runOptions } from "../cli/run_options.ts";
import { startRanks } from "../cli/start_ranks.ts";
import { requireRun } from "../cli/stored_run.ts";
import { BACKEND_OPTIONS } from "../lib/backend/options.ts";
import { modeOrAutodetect, skipInvalid } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { OWN_IMAGES_OPTIONS } from "../lib/datasets/photograph_options.ts";
import {
  evaluateReconstructionRun,
  RECONSTRUCT_OPTIONS,
  RECONSTRUCTION_RUN,
  runReconstruction,
} from "../lib/pipeline/reconstruct.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";

export const reconstruct = defineCommand({
  name: "reconstruct",
  doc: "Trains the network that predicts mesh, texture and parts from one photograph.",
  options: {
    ...RECONSTRUCT_OPTIONS,
    mode: modeOrAutodetect,
    ...OWN_IMAGES_OPTIONS,
    skipInvalid,
    ...BACKEND_OPTIONS,
    evaluate: option.boolean({
      doc: "Print mean losses and IoU of a checkpoint instead of training.",
      default: false,
      excludes: ["continueTrain"],
    }),
    generatePseudogt: option.boolean({
      doc: "Run generate_pseudogt with the other flags instead of training.",
      default: false,
    }),
  },
  handsOn: {
    generate_pseudogt: async () => (await import("./generate_pseudogt.ts")).generatePseudogt,
  },
  async run(values, { options, callbacks, print }) {
    const { name, evaluate, gpuIds } = values, { onMessage } = callbacks("reconstruct");
    if (evaluate) await requireRun("reconstruction", name);
    const mode = await resolveRunMode(name, "reconstruction", values.mode, undefined, onMessage);
    await importOwnImages(values, callbacks("import"));
    const request = await runOptions(RECONSTRUCTION_RUN, { ...options, name, mode });
    if (!evaluate) await startRanks("reconstruct", gpuIds, onMessage);
    await activateBackend(values, options, onMessage);
    if (evaluate) {
      const { maskTarget } = request; // without the flag that of the run
      return print(formatFigures(await evaluateReconstructionRun({ ...values, mode, maskTarget })));
    }
    const { folder, figures } = await runReconstruction(request, callbacks("reconstruct"));
    print(`Trained ${folder}${figures ? `: ${formatFigures({ ...figures })}` : ""}`);
  },
});

if (import.meta.main) await runCommand(reconstruct);
