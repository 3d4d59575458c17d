/** `deno task reconstruct_photo --name N photo.png`: the textured mesh of one photograph. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { requireRun } from "../cli/stored_run.ts";
import { INFERENCE_OPTIONS } from "../lib/backend/options.ts";
import { RECONSTRUCT_PHOTO_OPTIONS, runReconstructPhoto } from "../lib/pipeline/reconstruct_photo.ts";
import { REFINEMENT_WORDS } from "../lib/refinement/refinement.ts";
import { foundObjects } from "../original/detect/found_objects.ts";

export const reconstructPhoto = defineCommand({
  name: "reconstruct_photo",
  doc:
    "Writes the textured mesh of one photograph; its mask is its alpha channel, an image, or what was found in it.",
  options: { ...RECONSTRUCT_PHOTO_OPTIONS, ...INFERENCE_OPTIONS },
  bare: "photo",
  async run(values, { options, callbacks, print }) {
    const { name, detections, refine } = values;
    await requireRun("reconstruction", name);
    const find = detections === undefined ? null : await foundObjects(detections);
    await activateBackend(values, options, callbacks("reconstruct_photo").onMessage);
    const { paths, seconds, notes } = await runReconstructPhoto({ ...values, find });
    notes.forEach(print);
    print(`${paths.join(", ")} in ${seconds.toFixed(2)} s: ${REFINEMENT_WORDS[refine]}`);
  },
});

if (import.meta.main) await runCommand(reconstructPhoto);
