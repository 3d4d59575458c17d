/** `deno task refine_template`: a better template from the poses that were kept. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { REFINE_TEMPLATE_FLAGS } from "../cli/flags/pose.ts";
import { optionsOf } from "../cli/training_flags.ts";
import type { Mode } from "../lib/core/paths.ts";
import { runRefineTemplate } from "../lib/pipeline/refine_template.ts";
import { REFINE_DEFAULTS, type RefineOptions } from "../lib/pose/refine_template.ts";

export const refineTemplate = defineCommand({
  name: "refine_template",
  doc: "Re-estimates the mean shape of a category from the kept poses and masks of a data set.",
  flags: REFINE_TEMPLATE_FLAGS,
  async run(flags, { callbacks, print }) {
    const { dataset, overwrite } = flags, mode = flags.mode as Mode;
    const options = optionsOf(flags, REFINE_DEFAULTS) as RefineOptions; // the flag table lists the allowed words
    const request = { ...options, dataset, mode, overwrite };
    const { path, figures } = await runRefineTemplate(request, callbacks("refine_template"));
    for (const { name, pictures, iouBefore, iouAfter } of figures) {
      const overlaps = iouBefore === null || iouAfter === null
        ? "left as it is"
        : `mean IoU ${iouBefore.toFixed(3)} before, ${iouAfter.toFixed(3)} after`;
      print(`${name}: ${pictures} pictures, ${overlaps}`);
    }
    print(`Templates: ${path}; before and after: ${path.replace(/safetensors$/, "png")}`);
    const again = `--dataset ${dataset} --mode ${mode} --overwrite`;
    print(`Next: deno task pose_step1 ${again}, then deno task pose_step2 ${again}`);
  },
});

if (import.meta.main) await runCommand(refineTemplate);
