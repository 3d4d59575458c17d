/** `deno task train_gan`: trains the GAN on a data set's pseudo-ground-truth. */
import { backendOptions } from "../cli/backend_options.ts";
import { type Command, defineCommand, runCommand } from "../cli/command.ts";
import { TRAIN_GAN_FLAGS } from "../cli/flags/gan.ts";
import { formatFigures } from "../cli/progress.ts";
import { ifGiven, optionsOf, refuseTogether } from "../cli/training_flags.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { GAN_DEFAULTS } from "../lib/gan/gan_options.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";
import { runGan, type TrainGanRequest } from "../lib/pipeline/train_gan.ts";

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
    const { onMessage } = callbacks("train_gan");
    const mode = await resolveRunMode(flags.name, "gan", flags.mode, undefined, onMessage);
    await useBackend(backendOptions(flags), { onMessage });
    const request = {
      ...optionsOf(flags, GAN_DEFAULTS),
      name: flags.name,
      dataset: flags.dataset,
      tensorboard: flags.tensorboard,
      mode,
      iters: flags.iters ?? -1,
      numDiscriminators: flags.numDiscriminators ?? -1,
      normG: flags.normG === "syncbatch" ? "batch" : flags.normG,
      textureResolution: ifGiven(given, "texture_resolution", flags.textureResolution),
    } as TrainGanRequest;
    const { folder, epochs, iterations, bestDistance } = await runGan(request, callbacks("train_gan"));
    print(
      `Trained ${folder}: ${formatFigures({ epochs, iterations, "best distance": bestDistance ?? NaN })}`,
    );
  },
});

if (import.meta.main) await runCommand(trainGan);
