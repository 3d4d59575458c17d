/** `deno task train_gan`: trains the GAN on a data set's pseudo-ground-truth. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { formatFigures } from "../cli/progress.ts";
import { runOptions } from "../cli/run_options.ts";
import { startRanks } from "../cli/start_ranks.ts";
import { BACKEND_OPTIONS } from "../lib/backend/options.ts";
import { modeOrAutodetect } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { OWN_IMAGES_OPTIONS } from "../lib/datasets/photograph_options.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";
import { GAN_RUN, runGan, TRAIN_GAN_OPTIONS } from "../lib/pipeline/train_gan.ts";

export const trainGan = defineCommand({
  name: "train_gan",
  doc: "Trains the generator of meshes and textures on a data set's pseudo-ground-truth.",
  options: {
    ...TRAIN_GAN_OPTIONS,
    mode: modeOrAutodetect,
    ...OWN_IMAGES_OPTIONS,
    ...BACKEND_OPTIONS,
    evaluate: option.boolean({
      doc: "Run evaluate with the other flags instead of training.",
      default: false,
    }),
    exportSample: option.boolean({
      doc: "Run export with the other flags instead of training.",
      default: false,
    }),
  },
  handsOn: {
    export_sample: async () => (await import("./export.ts")).exportSample,
    evaluate: async () => (await import("./evaluate.ts")).evaluate,
  },
  async run(values, { options, callbacks, print }) {
    const { onMessage } = callbacks("train_gan"), { name, gpuIds } = values;
    const mode = await resolveRunMode(name, "gan", values.mode, undefined, onMessage);
    await importOwnImages(values, callbacks("import"));
    const request = await runOptions(GAN_RUN, { ...options, name, mode });
    await startRanks("train_gan", gpuIds, onMessage);
    await activateBackend(values, options, onMessage);
    const { folder, epochs, iterations, bestDistance } = await runGan(request, callbacks("train_gan"));
    const figures = {
      epochs,
      iterations,
      ...(bestDistance === null ? {} : { "best FID or FD": bestDistance }),
    };
    print(`Trained ${folder}: ${formatFigures(figures)}`);
  },
});

if (import.meta.main) await runCommand(trainGan);
