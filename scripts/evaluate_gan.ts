/** `deno task evaluate_gan`: measures a GAN run on photographs that it has not seen. */
import { featureModelOf } from "../cli/feature_source.ts";
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { EVALUATE_GAN_FLAGS } from "../cli/flags/generated.ts";
import { heldOutLines } from "../cli/measure.ts";
import { checkWritable } from "../cli/training_flags.ts";
import { UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { evaluateHeldOut, type HeldOutRequest } from "../lib/pipeline/evaluate_held_out.ts";

export const evaluateGan = defineCommand({
  name: "evaluate_gan",
  doc: "Measures a GAN run on photographs that it has not seen: distances, diversity and faulty meshes.",
  flags: EVALUATE_GAN_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const { name, images, whichEpoch, seed, samples, featureNetwork, featureWeights } = flags;
    await checkWritable("json", flags.json);
    await activateBackend(flags, given, callbacks("evaluate_gan").onMessage);
    const judge = featureModelOf(flags);
    const request = { name, images, whichEpoch, seed, samples, featureNetwork, featureWeights, judge };
    const found = await evaluateHeldOut(request as HeldOutRequest, callbacks("evaluate_gan"));
    const lines = heldOutLines(found);
    lines.forEach(print);
    if (flags.json) await writeJsonAtomic(flags.json, found);
    const short = lines.filter((line) => line.endsWith("short")).length;
    if (short > 0) throw new UserError(`${short} of ${lines.length} figures are short.`);
  },
});

if (import.meta.main) await runCommand(evaluateGan);
