/** `deno task export_reconstructions`: writes the textured mesh of each photograph of a data set. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { EXPORT_RECONSTRUCTIONS_FLAGS } from "../cli/flags/reconstruction.ts";
import type { MeshFormat } from "../lib/io/export_mesh.ts";
import { runExportReconstructions } from "../lib/pipeline/export_reconstructions.ts";
import { resolveRunMode } from "../lib/pipeline/run_mode.ts";
import { type Refinement, REFINEMENT_WORDS } from "../lib/refinement/refinement.ts";

export const exportReconstructions = defineCommand({
  name: "export_reconstructions",
  doc: "Writes the textured mesh of each photograph of a data set, refined or as the network predicts it.",
  flags: EXPORT_RECONSTRUCTIONS_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const work = callbacks("export_reconstructions"), { name, dataset, whichEpoch } = flags;
    const refine = flags.refine as Refinement, formats = flags.formats as MeshFormat[];
    const mode = await resolveRunMode(name, "reconstruction", flags.mode, "singletpl", work.onMessage);
    await activateBackend(flags, given, work.onMessage);
    const workers = flags.numWorkers ?? null;
    const { paths, folder, iou } = await runExportReconstructions(
      { name, dataset, mode, refine, whichEpoch, formats, workers },
      work,
    );
    const overlap = iou === null ? "" : `, mean IoU ${iou.toFixed(3)}`;
    print(`${paths.length} files in ${folder}: ${REFINEMENT_WORDS[refine]}${overlap}`);
  },
});

if (import.meta.main) await runCommand(exportReconstructions);
