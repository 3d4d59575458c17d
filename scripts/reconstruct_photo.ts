/** `deno task reconstruct_photo --name N photo.png`: the textured mesh of one photograph. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { RECONSTRUCT_PHOTO_FLAGS } from "../cli/flags/reconstruction.ts";
import { requireRun } from "../cli/stored_run.ts";
import { checkWritable, refuseTogether } from "../cli/training_flags.ts";
import type { MeshFormat } from "../lib/io/export_mesh.ts";
import { runReconstructPhoto } from "../lib/pipeline/reconstruct_photo.ts";
import { foundObjects } from "../original/detect/found_objects.ts";
import { type Refinement, REFINEMENT_WORDS } from "../lib/refinement/refinement.ts";

export const reconstructPhoto = defineCommand({
  name: "reconstruct_photo",
  doc:
    "Writes the textured mesh of one photograph; its mask is its alpha channel, a picture, or what was found in it.",
  flags: RECONSTRUCT_PHOTO_FLAGS,
  bare: "photo",
  async run(flags, { given, callbacks, print }) {
    refuseTogether(given, "mask", "detections");
    const { name, photo, classIndex, whichEpoch } = flags, refine = flags.refine as Refinement;
    await checkWritable("output", flags.output);
    await requireRun("reconstruction", name);
    const find = flags.detections === undefined ? null : await foundObjects(flags.detections);
    await activateBackend(flags, given, callbacks("reconstruct_photo").onMessage);
    const { paths, seconds, notes } = await runReconstructPhoto({
      ...{ name, photo, find, classIndex, whichEpoch },
      mask: flags.mask ?? null,
      threshold: flags.detectionThreshold,
      category: flags.template ?? null,
      output: flags.output ?? null,
      formats: flags.formats as MeshFormat[],
      refine,
    });
    notes.forEach(print);
    print(`${paths.join(", ")} in ${seconds.toFixed(2)} s: ${REFINEMENT_WORDS[refine]}`);
  },
});

if (import.meta.main) await runCommand(reconstructPhoto);
