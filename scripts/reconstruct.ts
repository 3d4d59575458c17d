/** `deno task reconstruct`: trains the network that predicts mesh and texture from one photograph. */
import { activateBackend } from "../cli/activate_backend.ts";
import { type Command, defineCommand, runCommand } from "../cli/command.ts";
import { RECONSTRUCT_FLAGS } from "../cli/flags/reconstruction.ts";
import { formatFigures } from "../cli/progress.ts";
import { reconstructRequest } from "../cli/requests.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { requireRun } from "../cli/stored_run.ts";
import { startRanks } from "../cli/start_ranks.ts";
import { ifGiven, refuseTogether } from "../cli/training_flags.ts";
import { evaluateReconstructionRun, runReconstruction } from "../lib/pipeline/reconstruct.ts";
import type { MaskTarget } from "../lib/reconstruction/options.ts";
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
    const { name } = flags, { onMessage } = callbacks("reconstruct");
    if (flags.evaluate) await requireRun("reconstruction", name);
    const mode = await resolveRunMode(name, "reconstruction", flags.mode, undefined, onMessage);
    await importOwnImages(flags, callbacks("import"));
    const request = await reconstructRequest(flags, given, mode);
    if (!flags.evaluate) await startRanks("reconstruct", flags.gpuIds, onMessage);
    await activateBackend(flags, given, onMessage);
    if (flags.evaluate) {
      const maskTarget = ifGiven(given, "mask_target", flags.maskTarget as MaskTarget);
      return print(formatFigures(await evaluateReconstructionRun({ ...flags, mode, maskTarget })));
    }
    const { folder, figures } = await runReconstruction(request, callbacks("reconstruct"));
    print(`Trained ${folder}${figures ? `: ${formatFigures({ ...figures })}` : ""}`);
  },
});

if (import.meta.main) await runCommand(reconstruct);
