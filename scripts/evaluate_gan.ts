/** `deno task evaluate_gan`: judges a GAN run on photographs that it has not seen. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { JUDGE_GAN_FLAGS } from "../cli/flags/gan.ts";
import { measureLine } from "../cli/measure.ts";
import { checkWritable } from "../cli/training_flags.ts";
import { UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { judgeGan, type JudgeGanRequest } from "../lib/pipeline/judge_gan.ts";

export const evaluateGan = defineCommand({
  name: "evaluate_gan",
  doc: "Judges a GAN run on photographs that it has not seen: distances, diversity and faulty meshes.",
  flags: JUDGE_GAN_FLAGS,
  async run(flags, { given, callbacks, print }) {
    const { name, images, whichEpoch, seed, samples, featureNetwork, featureWeights } = flags;
    await checkWritable("json", flags.json);
    await activateBackend(flags, given, callbacks("evaluate_gan").onMessage);
    const request = { name, images, whichEpoch, seed, samples, featureNetwork, featureWeights };
    const found = await judgeGan(request as JudgeGanRequest, callbacks("evaluate_gan"));
    const { label, now, start } = found;
    const lines = [
      measureLine("generator steps", found.generatorSteps, 3000),
      measureLine(`${label} of ${found.heldOut} unseen photographs at the start`, start),
      measureLine(`${label} of checkpoint ${found.whichEpoch}`, now.combined, 0.5 * start),
      measureLine(`${label} of the training's photographs`, found.photographs),
      measureLine(`${label} texture-only`, now.textureOnly ?? NaN),
      measureLine(`${label} mesh-only`, now.meshOnly ?? NaN),
      measureLine("kernel distance", now.kernel ?? NaN),
      measureLine("precision", now.precision ?? NaN),
      measureLine("recall", now.recall ?? NaN),
      measureLine(
        "diversity as a share of the data's",
        now.diversity / (now.realDiversity ?? NaN),
        0.5,
        true,
      ),
      measureLine(`samples of ${found.samples} with values that are no numbers`, found.faulty, 0),
      measureLine(`share of folded faces, worst of ${found.samples} samples`, found.worstFolded, 0.05),
    ];
    lines.forEach(print);
    if (flags.json) await writeJsonAtomic(flags.json, found);
    const short = lines.filter((line) => line.endsWith("short")).length;
    if (short > 0) throw new UserError(`${short} of ${lines.length} figures are short.`);
  },
});

if (import.meta.main) await runCommand(evaluateGan);
