/** `deno task pose_step2`: chooses a pose for every image. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { featureModelOf } from "../cli/feature_source.ts";
import { FEATURE_MODEL_OPTIONS } from "../lib/vision/feature_model_options.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { skipInvalid } from "../lib/core/common_options.ts";
import { OWN_IMAGES_OPTIONS } from "../lib/datasets/photograph_options.ts";
import { POSE_STEP2_OPTIONS, runPoseStep2 } from "../lib/pipeline/pose_step2.ts";

export const poseStep2 = defineCommand({
  name: "pose_step2",
  doc: "Learns the template's parts, chooses a hypothesis for every image by them and drops unsure images.",
  options: { ...POSE_STEP2_OPTIONS, ...FEATURE_MODEL_OPTIONS, ...OWN_IMAGES_OPTIONS, skipInvalid },
  async run(values, { callbacks, print }) {
    await importOwnImages(values, callbacks("import"));
    const { estimates } = await runPoseStep2(
      { ...values, featureModel: featureModelOf(values) },
      callbacks("pose step 2"),
    );
    print(`${estimates.indices.length} images are kept.`);
  },
});

if (import.meta.main) await runCommand(poseStep2);
