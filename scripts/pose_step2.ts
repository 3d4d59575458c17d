/** `deno task pose_step2`: chooses a pose for every picture. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { POSE_STEP2_FLAGS } from "../cli/flags/pose.ts";
import { CHOOSE_DEFAULTS, type ChooseOptions } from "../lib/pose/choose_options.ts";
import { featureModelOf } from "../cli/feature_source.ts";
import { importOwnImages } from "../cli/own_images.ts";
import { optionsOf } from "../cli/training_flags.ts";
import type { Mode } from "../lib/core/paths.ts";
import { runPoseStep2 } from "../lib/pipeline/pose_step2.ts";

export const poseStep2 = defineCommand({
  name: "pose_step2",
  doc:
    "Learns the template's parts, chooses a hypothesis for every picture by them and drops unsure pictures.",
  flags: POSE_STEP2_FLAGS,
  async run({ mode, numWorkers, ...flags }, { callbacks, print }) {
    await importOwnImages(flags, callbacks("import"));
    const request = {
      ...(optionsOf(flags, CHOOSE_DEFAULTS) as ChooseOptions), // the flag table lists the allowed words
      dataset: flags.dataset,
      overwrite: flags.overwrite,
      partsFrom: flags.partsFrom,
      featureModel: featureModelOf(flags),
      mode: mode as Mode,
      workers: numWorkers ?? null,
    };
    const { estimates } = await runPoseStep2(request, callbacks("pose step 2"));
    print(`${estimates.indices.length} pictures are kept.`);
  },
});

if (import.meta.main) await runCommand(poseStep2);
