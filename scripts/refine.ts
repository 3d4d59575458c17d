/** `deno task refine`: shape, pose and texture of the object in each posed photograph, without any training. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { requireRun } from "../cli/stored_run.ts";
import { INFERENCE_OPTIONS } from "../lib/backend/options.ts";
import { REFINE_TASK_OPTIONS, runRefine } from "../lib/pipeline/refine.ts";

export const refine = defineCommand({
  name: "refine",
  doc:
    "Fits shape and pose to each posed photograph, projects the photograph onto the mesh and completes the texture.",
  options: { ...REFINE_TASK_OPTIONS, ...INFERENCE_OPTIONS },
  async run(values, { options, callbacks, print }) {
    const work = callbacks("refine"), { name } = values;
    if (name !== undefined) {
      await requireRun("reconstruction", name);
      await activateBackend(values, options, work.onMessage);
    }
    const { ious, folder } = await runRefine(values, work);
    const mean = ious.reduce((sum, iou) => sum + iou, 0) / Math.max(1, ious.length);
    print(`${ious.length} objects with a mean IoU of ${mean.toFixed(3)} are in ${folder}.`);
  },
});

if (import.meta.main) await runCommand(refine);
