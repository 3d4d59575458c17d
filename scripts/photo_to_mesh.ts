/** `deno task photo_to_mesh photo.png --template car`: one photograph to a GLB, with nothing trained. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { PHOTO_TO_MESH_FLAGS } from "../cli/flags/photo.ts";
import { masksOf } from "../cli/mask_source.ts";
import { photoLines, templateLines } from "../cli/photo_lines.ts";
import { requestWrite } from "../cli/request_write.ts";
import { checkWritable, refuseTogether } from "../cli/training_flags.ts";
import { UsageError, UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { runPhotoToMesh } from "../lib/pipeline/photo_to_mesh.ts";

export const photoToMesh = defineCommand({
  name: "photo_to_mesh",
  doc: "Makes a textured GLB of each photograph within seconds, with nothing trained; and a picture of it.",
  flags: PHOTO_TO_MESH_FLAGS,
  bare: "photos",
  async run({ listTemplates, template, json, numWorkers, ...flags }, { given, callbacks, print }) {
    if (listTemplates) return (await templateLines()).forEach(print);
    refuseTogether(given, "azimuth", "flip");
    if (flags.photos.length === 0) {
      throw new UsageError("A photograph is needed: photo_to_mesh photo.png --template car");
    }
    if (template === undefined) {
      throw new UsageError(
        "--template is required: the class of the object, auto for any; --list_templates tells all",
      );
    }
    await checkWritable("json", json);
    await requestWrite(flags.output, "write the meshes there");
    const { onMessage, onProgress, signal } = callbacks("photo_to_mesh"), failures: string[] = [];
    const results = await runPhotoToMesh({
      ...{ ...flags, template, workers: numWorkers ?? null, ...masksOf(flags) },
      ...{ mask: flags.mask ?? null, azimuth: flags.azimuth ?? null },
    }, {
      ...{ signal, onMessage },
      onProgress: (share) => onProgress?.({ done: Math.round(100 * share), total: 100 }),
      onResult: (result) => photoLines(result).forEach(print),
      onFailure: ({ message }) => failures.push(message),
    });
    if (json) await writeJsonAtomic(json, results);
    if (failures.length > 0) {
      const count = `${failures.length} of ${flags.photos.length}`;
      throw new UserError(
        `The others are made; ${count} photographs could not be used: ${failures.join("; ")}`,
      );
    }
  },
});

if (import.meta.main) await runCommand(photoToMesh);
