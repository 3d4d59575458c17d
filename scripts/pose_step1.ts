/** `deno task pose_step1`: fits the templates to every image's mask. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { skipInvalid } from "../lib/core/common_options.ts";
import { OWN_IMAGES_OPTIONS } from "../lib/datasets/photograph_options.ts";
import { POSE_STEP1_OPTIONS, runPoseStep1 } from "../lib/pipeline/pose_step1.ts";

export const poseStep1 = defineCommand({
  name: "pose_step1",
  doc: "Fits every template from 40 start views to every image's mask and keeps all hypotheses.",
  options: { ...POSE_STEP1_OPTIONS, ...OWN_IMAGES_OPTIONS, skipInvalid },
  async run(values, { callbacks, print }) {
    await importOwnImages(values, callbacks("import"));
    const { N, H } = await runPoseStep1(values, callbacks("pose step 1"));
    const { dataset, mode } = values;
    print(
      `${N} images, ${H} hypotheses each. Next: deno task pose_step2 --dataset ${dataset} --mode ${mode}`,
    );
  },
});

if (import.meta.main) await runCommand(poseStep1);
