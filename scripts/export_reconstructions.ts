/** `deno task export_reconstructions`: writes the textured mesh of each photograph of a data set. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { INFERENCE_OPTIONS } from "../lib/backend/options.ts";
import { modeOrAutodetect } from "../lib/core/common_options.ts";
import {
  EXPORT_RECONSTRUCTIONS_OPTIONS,
  runExportReconstructions,
} from "../lib/pipeline/export_reconstructions.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";
import { REFINEMENT_WORDS } from "../lib/refinement/refinement.ts";

export const exportReconstructions = defineCommand({
  name: "export_reconstructions",
  doc: "Writes the textured mesh of each photograph of a data set, refined or as the network predicts it.",
  options: { ...EXPORT_RECONSTRUCTIONS_OPTIONS, mode: modeOrAutodetect, ...INFERENCE_OPTIONS },
  async run(values, { options, callbacks, print }) {
    const work = callbacks("export_reconstructions"), { name, refine } = values;
    const mode = await resolveRunMode(name, "reconstruction", values.mode, "singletpl", work.onMessage);
    await activateBackend(values, options, work.onMessage);
    const { paths, folder, iou } = await runExportReconstructions({ ...values, mode }, work);
    const told = iou === null ? "" : `, mean IoU ${iou.toFixed(3)}`;
    print(`${paths.length} files in ${folder}: ${REFINEMENT_WORDS[refine]}${told}`);
  },
});

if (import.meta.main) await runCommand(exportReconstructions);
