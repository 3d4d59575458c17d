/** `deno task refine_template`: a better template from the poses that were kept. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { REFINE_TEMPLATE_TASK_OPTIONS, runRefineTemplate } from "../lib/pipeline/refine_template.ts";

export const refineTemplate = defineCommand({
  name: "refine_template",
  doc: "Re-estimates the mean shape of a category from the kept poses and masks of a data set.",
  options: REFINE_TEMPLATE_TASK_OPTIONS,
  async run(values, { callbacks, print }) {
    const { path, figures } = await runRefineTemplate(values, callbacks("refine_template"));
    for (const { name, images, iouBefore, iouAfter } of figures) {
      const told = iouBefore === null || iouAfter === null
        ? "left as it is"
        : `mean IoU ${iouBefore.toFixed(3)} before, ${iouAfter.toFixed(3)} after`;
      print(`${name}: ${images} images, ${told}`);
    }
    print(`Templates: ${path}; before and after: ${path.replace(/safetensors$/, "png")}`);
    const again = `--dataset ${values.dataset} --mode ${values.mode} --overwrite`;
    print(`Next: deno task pose_step1 ${again}, then deno task pose_step2 ${again}`);
  },
});

if (import.meta.main) await runCommand(refineTemplate);
