/** `deno task photo_to_mesh photo.png --template car`: one photograph to a GLB, without training. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { masksOf } from "../cli/mask_source.ts";
import { photoLines, templateLines } from "../cli/photo_lines.ts";
import { requestWrite } from "../cli/request_write.ts";
import { UsageError, UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { PHOTO_TO_MESH_OPTIONS, runPhotoToMesh } from "../lib/pipeline/photo_to_mesh.ts";

export const photoToMesh = defineCommand({
  name: "photo_to_mesh",
  doc: "Makes a textured GLB of each photograph within seconds, without training; and an image of it.",
  options: PHOTO_TO_MESH_OPTIONS,
  bare: "photos",
  async run({ listTemplates, template, json, ...values }, { callbacks, print }) {
    if (listTemplates) return (await templateLines()).forEach(print);
    if (values.photos.length === 0) {
      throw new UsageError("A photograph is needed: photo_to_mesh photo.png --template car");
    }
    if (template === undefined) {
      throw new UsageError(
        "--template is required: the class of the object, auto for any; --list_templates tells all",
      );
    }
    await requestWrite(values.output, "write the meshes there");
    const { onMessage, onProgress, signal } = callbacks("photo_to_mesh"), failures: string[] = [];
    const results = await runPhotoToMesh({
      ...{ ...values, template, ...masksOf(values) },
      ...{ mask: values.mask ?? null, azimuth: values.azimuth ?? null },
    }, {
      ...{ signal, onMessage },
      onProgress: (share) => onProgress?.({ done: Math.round(100 * share), total: 100 }),
      onResult: (result) => photoLines(result).forEach(print),
      onFailure: ({ message }) => failures.push(message),
    });
    if (json) await writeJsonAtomic(json, results);
    if (failures.length > 0) {
      const count = `${failures.length} of ${values.photos.length}`;
      throw new UserError(
        `The others are made; ${count} photographs could not be used: ${failures.join("; ")}`,
      );
    }
  },
});

if (import.meta.main) await runCommand(photoToMesh);
