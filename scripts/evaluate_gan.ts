/** `deno task evaluate_gan`: held-out evaluation of a GAN run. */
import { featureModelOf } from "../cli/feature_source.ts";
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { heldOutLines } from "../cli/measure.ts";
import { INFERENCE_OPTIONS } from "../lib/backend/options.ts";
import { json } from "../lib/core/common_options.ts";
import { UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { FEATURE_MODEL_OPTIONS } from "../lib/vision/feature_model_options.ts";
import { evaluateHeldOut, HELD_OUT_OPTIONS } from "../tools/evaluation/evaluate_held_out.ts";

export const evaluateGan = defineCommand({
  name: "evaluate_gan",
  doc: "Evaluates a GAN run on held-out photographs: FID or FD(network), KID, diversity and faulty meshes.",
  options: { ...HELD_OUT_OPTIONS, ...FEATURE_MODEL_OPTIONS, json, ...INFERENCE_OPTIONS },
  async run(values, { options, callbacks, print }) {
    await activateBackend(values, options, callbacks("evaluate_gan").onMessage);
    const found = await evaluateHeldOut(
      { ...values, secondNetwork: featureModelOf(values) },
      (what) => callbacks(`evaluate_gan, ${what}`),
    );
    const lines = heldOutLines(found);
    lines.forEach(print);
    if (values.json) await writeJsonAtomic(values.json, found);
    const short = lines.filter((line) => line.endsWith("short")).length;
    if (short > 0) throw new UserError(`${short} of ${lines.length} figures are short.`);
  },
});

if (import.meta.main) await runCommand(evaluateGan);
