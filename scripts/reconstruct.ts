/** `deno task reconstruct`: trains the network that predicts mesh and texture from one photograph. */
import { backendOptions } from "../cli/backend_options.ts";
import { type Command, defineCommand, runCommand } from "../cli/command.ts";
import { RECONSTRUCT_FLAGS } from "../cli/flags/reconstruction.ts";
import { formatFigures } from "../cli/progress.ts";
import { ifGiven, optionsOf, refuseTogether } from "../cli/training_flags.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import {
  evaluateReconstructionRun,
  type ReconstructRequest,
  runReconstruction,
} from "../lib/pipeline/reconstruct.ts";
import { RECONSTRUCTION_DEFAULTS } from "../lib/reconstruction/options.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";

export const reconstruct = defineCommand({
  name: "reconstruct",
  doc: "Trains the network that predicts mesh, texture and parts from one photograph.",
  flags: RECONSTRUCT_FLAGS,
  handsOn: {
    generate_pseudogt: async () =>
      (await import("./generate_pseudogt.ts")).generatePseudogt as unknown as Command,
  },
  async run(flags, { given, callbacks, print }) {
    refuseTogether(given, "iters", "epochs");
    refuseTogether(given, "continue_train", "evaluate");
    const { onMessage } = callbacks("reconstruct");
    const mode = await resolveRunMode(flags.name, "reconstruction", flags.mode, undefined, onMessage);
    await useBackend(backendOptions(flags), { onMessage });
    if (flags.evaluate) {
      return print(formatFigures(await evaluateReconstructionRun({ ...flags, mode })));
    }
    const request = {
      ...optionsOf(flags, RECONSTRUCTION_DEFAULTS),
      name: flags.name,
      dataset: flags.dataset,
      tensorboard: flags.tensorboard,
      mode,
      iters: flags.iters ?? -1,
      textureResolution: ifGiven(given, "texture_resolution", flags.textureResolution),
      predictionType: ifGiven(given, "prediction_type", flags.predictionType),
    } as ReconstructRequest;
    const { folder, figures } = await runReconstruction(request, callbacks("reconstruct"));
    print(`Trained ${folder}${figures ? `: ${formatFigures({ ...figures })}` : ""}`);
  },
});

if (import.meta.main) await runCommand(reconstruct);
