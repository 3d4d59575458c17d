/** `deno task export`: writes meshes that a GAN's generator makes. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { EXPORT_FLAGS } from "../cli/flags/generated.ts";
import { requireRun } from "../cli/stored_run.ts";
import { ifSet, oneNumberOf } from "../cli/training_flags.ts";
import type { MeshFormat } from "../lib/io/export_mesh.ts";
import { runExport } from "../lib/pipeline/export.ts";

export const exportSample = defineCommand({
  name: "export",
  doc: "Writes meshes that a GAN's generator makes as GLB and OBJ, with a sheet of pictures.",
  flags: EXPORT_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const { turntable, interpolate = 0 } = flags;
    const {
      name,
      dataset,
      pseudogtRun,
      conditionalClass,
      seed,
      whichEpoch,
      perspective,
      legacy,
      filterClass = "",
    } = flags;
    const truncationSigma = oneNumberOf("truncation_sigma", flags.truncationSigma ?? ["auto"], 0);
    await requireRun("gan", name, { dataset, mode: ifSet(flags.mode), conditionalClass, pseudogtRun });
    await activateBackend(flags, given, callbacks("export").onMessage);
    const howMany = flags.howMany ?? flags.batchSize;
    const formats = flags.format as MeshFormat[];
    const looks = { pseudogtRun, perspective, legacy, formats, turntable, interpolate };
    const request = { name, dataset, seed, whichEpoch, filterClass, truncationSigma, howMany, ...looks };
    const result = await runExport(request, callbacks("export"));
    const { interpolation } = result;
    if (interpolation.length > 0) print(`The way between ${interpolate} meshes: ${interpolation.join(", ")}`);
    print(`${result.samples.length} meshes in ${result.folder}; sheet of pictures: ${result.sheet}`);
  },
});

if (import.meta.main) await runCommand(exportSample);
