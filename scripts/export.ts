/** `deno task export`: writes meshes that a GAN's generator makes. */
import { backendOptions } from "../cli/backend_options.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { EXPORT_FLAGS } from "../cli/flags/gan.ts";
import { numbersOf } from "../cli/training_flags.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import type { MeshFormat } from "../lib/io/export_mesh.ts";
import { runExport } from "../lib/pipeline/export.ts";

export const exportSample = defineCommand({
  name: "export",
  doc: "Writes meshes that a GAN's generator makes as GLB and OBJ, with a sheet of pictures.",
  flags: EXPORT_FLAGS,
  async run(flags, { callbacks, print }) {
    await useBackend(backendOptions(flags), { onMessage: callbacks("export").onMessage });
    const { name, seed, whichEpoch, perspective, legacy, filterClass = "" } = flags;
    const [truncationSigma] = numbersOf("truncation_sigma", flags.truncationSigma, 0);
    const howMany = flags.howMany ?? flags.batchSize;
    const formats = flags.format as MeshFormat[];
    const request = {
      name,
      seed,
      whichEpoch,
      perspective,
      legacy,
      filterClass,
      truncationSigma,
      howMany,
      formats,
    };
    const result = await runExport(request, callbacks("export"));
    print(`${result.samples.length} meshes in ${result.folder}; sheet of pictures: ${result.sheet}`);
  },
});

if (import.meta.main) await runCommand(exportSample);
