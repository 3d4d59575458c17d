/** `deno task refine`: shape, pose and texture of the object in each posed photograph, without any training. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { REFINE_FLAGS } from "../cli/flags/refine.ts";
import { requireRun } from "../cli/stored_run.ts";
import { optionsOf } from "../cli/training_flags.ts";
import type { Mode } from "../lib/core/paths.ts";
import { runRefine } from "../lib/pipeline/refine.ts";
import { REFINE_DEFAULTS } from "../lib/refinement/refine_options.ts";

export const refine = defineCommand({
  name: "refine",
  doc:
    "Fits shape and pose to each posed photograph, projects the photograph onto the mesh and completes the texture.",
  flags: REFINE_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const work = callbacks("refine"), { dataset, name = null, whichEpoch } = flags;
    if (name !== null) {
      await requireRun("reconstruction", name);
      await activateBackend(flags, given, work.onMessage);
    }
    const { ious, folder } = await runRefine({
      ...optionsOf(flags, REFINE_DEFAULTS),
      ...{ dataset, name, whichEpoch },
      mode: flags.mode as Mode,
      workers: flags.numWorkers ?? null,
    }, work);
    const mean = ious.reduce((sum, iou) => sum + iou, 0) / Math.max(1, ious.length);
    print(`${ious.length} objects with a mean IoU of ${mean.toFixed(3)} are in ${folder}.`);
  },
});

if (import.meta.main) await runCommand(refine);
