/** `deno task pose_step1`: fits the templates to every picture's mask. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { POSE_STEP1_FLAGS } from "../cli/flags/pose.ts";
import { ESTIMATE_DEFAULTS, type EstimateOptions } from "../lib/pose/step1.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { optionsOf } from "../cli/training_flags.ts";
import type { Mode } from "../lib/core/paths.ts";
import { runPoseStep1 } from "../lib/pipeline/pose_step1.ts";

export const poseStep1 = defineCommand({
  name: "pose_step1",
  doc: "Fits every template from 40 start views to every picture's mask and keeps all hypotheses.",
  flags: POSE_STEP1_FLAGS,
  async run({ mode, numWorkers, ...flags }, { callbacks, print }) {
    await importOwnImages(flags, callbacks("import"));
    const request = {
      ...(optionsOf(flags, ESTIMATE_DEFAULTS) as EstimateOptions), // the flag table lists the allowed words
      dataset: flags.dataset,
      overwrite: flags.overwrite,
      mode: mode as Mode,
      workers: numWorkers ?? null,
    };
    const { N, H } = await runPoseStep1(request, callbacks("pose step 1"));
    print(
      `${N} pictures, ${H} hypotheses each. Next: deno task pose_step2 --dataset ${flags.dataset} --mode ${mode}`,
    );
  },
});

if (import.meta.main) await runCommand(poseStep1);
