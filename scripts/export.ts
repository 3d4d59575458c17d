/** `deno task export`: writes meshes that a GAN's generator makes. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { GENERATOR_OPTIONS, OF_TRAINING, requireGenerator } from "../cli/generator_run.ts";
import { INFERENCE_OPTIONS } from "../lib/backend/options.ts";
import { option } from "../lib/core/option.ts";
import { EXPORT_OPTIONS, runExport } from "../lib/pipeline/export.ts";

export const exportSample = defineCommand({
  name: "export",
  doc: "Writes meshes that a GAN's generator makes as GLB and OBJ, with an image grid.",
  options: {
    ...EXPORT_OPTIONS,
    ...GENERATOR_OPTIONS,
    batchSize: option.integer({
      doc: "Meshes to export where 'howMany' says nothing.",
      default: 32,
      minimum: 1,
    }),
    ...INFERENCE_OPTIONS,
  },
  accepts: OF_TRAINING,
  async run(values, { options, callbacks, print }) {
    await requireGenerator(values);
    await activateBackend(values, options, callbacks("export").onMessage);
    const howMany = "howMany" in options ? values.howMany : values.batchSize;
    const { samples, folder, grid, interpolation } = await runExport(
      { ...values, howMany },
      callbacks("export"),
    );
    if (interpolation.length > 0) {
      print(`Latent interpolation between ${values.interpolate} meshes: ${interpolation.join(", ")}`);
    }
    print(`${samples.length} meshes in ${folder}; image grid: ${grid}`);
  },
});

if (import.meta.main) await runCommand(exportSample);
