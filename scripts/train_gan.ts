/** `deno task train_gan`: trains the GAN on a data set's pseudo-ground-truth. */
import { activateBackend } from "../cli/activate_backend.ts";
import { type Command, defineCommand, runCommand } from "../cli/command.ts";
import { TRAIN_GAN_FLAGS } from "../cli/flags/gan.ts";
import { formatFigures } from "../cli/progress.ts";
import { trainGanRequest } from "../cli/requests.ts";
import { startRanks } from "../cli/start_ranks.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { refuseTogether } from "../cli/training_flags.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";
import { runGan } from "../lib/pipeline/train_gan.ts";

export const trainGan = defineCommand({
  name: "train_gan",
  doc: "Trains the generator of meshes and textures on a data set's pseudo-ground-truth.",
  flags: TRAIN_GAN_FLAGS,
  handsOn: {
    export_sample: async () => (await import("./export.ts")).exportSample as unknown as Command,
    evaluate: async () => (await import("./evaluate.ts")).evaluate as unknown as Command,
  },
  async run(flags, { given, callbacks, print }) {
    refuseTogether(given, "iters", "epochs");
    refuseTogether(given, "hours", "epochs");
    refuseTogether(given, "hours", "iters");
    const { onMessage } = callbacks("train_gan");
    const mode = await resolveRunMode(flags.name, "gan", flags.mode, undefined, onMessage);
    await importOwnImages(flags, callbacks("import"));
    const request = await trainGanRequest(flags, given, mode);
    await startRanks("train_gan", flags.gpuIds, onMessage);
    await activateBackend(flags, given, onMessage);
    const { folder, epochs, iterations, bestDistance } = await runGan(request, callbacks("train_gan"));
    const figures = {
      epochs,
      iterations,
      ...(bestDistance === null ? {} : { "best distance": bestDistance }),
    };
    print(`Trained ${folder}: ${formatFigures(figures)}`);
  },
});

if (import.meta.main) await runCommand(trainGan);
