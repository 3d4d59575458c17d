import { assertEquals } from "@std/assert";
import { continuedOptions, runOptions } from "../../cli/run_options.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { RECONSTRUCT_OPTIONS, RECONSTRUCTION_RUN } from "../../lib/pipeline/reconstruct.ts";
import { GAN_RUN, TRAIN_GAN_OPTIONS } from "../../lib/pipeline/train_gan.ts";
import { resolveReconstructionOptions } from "../../lib/reconstruction/options.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { parseLine } from "./_commands.ts";

const RUN = "--name e2e_requests --dataset b";

async function given(task: string, line: string, mode: string) {
  const { options } = await parseLine(task, `${RUN} ${line}`);
  return { ...options, name: "e2e_requests", mode };
}

const reconstructOf = async (line: string) =>
  await runOptions(RECONSTRUCTION_RUN, await given("reconstruct", line, "singletpl"));
const ganOf = async (line: string) => await runOptions(GAN_RUN, await given("train_gan", line, "multitpl"));

Deno.test("sizes are those of the preset where flags say nothing", async () => {
  const sizes = async (line: string) => {
    const { preset, textureResolution, imageResolution, predictionType } = await reconstructOf(line);
    return { preset, textureResolution, imageResolution, predictionType };
  };
  const none = { textureResolution: undefined, imageResolution: undefined, predictionType: undefined };
  assertEquals(await sizes(""), { preset: undefined, ...none });
  assertEquals(await sizes("--preset demo"), { preset: "demo", ...none });
  assertEquals(await sizes("--texture_resolution 128 --image_resolution 256 --prediction_type texture"), {
    preset: undefined,
    textureResolution: 128,
    imageResolution: 256,
    predictionType: "texture",
  });
  const paper = resolveReconstructionOptions(await reconstructOf(""), false);
  assertEquals([paper.preset, paper.imageResolution, paper.predictionType], ["paper", 256, "texture"]);
  assertEquals((await ganOf("--preset small")).textureResolution, undefined);
  assertEquals((await ganOf("--texture_resolution 256")).textureResolution, 256);
});

Deno.test("the words of flags become the options of the stages", async () => {
  const request = await ganOf("--norm_g syncbatch --num_discriminators -1 --iters auto --conditional_class");
  const gan = resolveGanOptions(request);
  assertEquals([gan.normG, gan.numDiscriminators, gan.iters, request.mode], ["batch", 3, -1, "multitpl"]);
  assertEquals([gan.conditionalClass, gan.batchSize, gan.seed], [true, 32, 1]);
  const reconstruction = await reconstructOf("--iters 500 --no_prefetch --no_symmetric --val_fraction 0.1");
  assertEquals([reconstruction.iters, reconstruction.noPrefetch, reconstruction.symmetric], [
    500,
    true,
    false,
  ]);
  assertEquals(reconstruction.valFraction, 0.1);
});

Deno.test("options that are not possible are wrong usage", async () => {
  await assertRejectsWith(() => reconstructOf("--lr 0"), UsageError, "--lr", "> 0", '"0"');
  await assertRejectsWith(
    () => reconstructOf("--prediction_type none"),
    UsageError,
    "'predictionType'",
    "none",
  );
  await assertRejectsWith(
    () => ganOf("--num_discriminators 3 --preset demo"),
    UsageError,
    "'numDiscriminators'",
    2,
    512,
    3,
    128,
  );
});

Deno.test("a resumed run keeps what is not given", () => {
  const stored = { loss: "ls", epochs: 600, iters: 5000, batchSize: 8, networks: {} };
  const options = (given: Record<string, unknown>) =>
    continuedOptions(TRAIN_GAN_OPTIONS, { continueTrain: true, ...given }, stored);
  assertEquals(options({ other: 1 }), {
    ...{ loss: "ls", epochs: 600, iters: 5000, batchSize: 8 },
    continueTrain: true,
  });
  assertEquals([options({ epochs: 3 }).epochs, options({ epochs: 3 }).iters], [3, undefined]);
  assertEquals([options({ hours: 1 }).epochs, options({ hours: 1 }).iters], [undefined, undefined]);
  assertEquals(options({ batchSize: 32 }).batchSize, 32);
  assertEquals(options({ loss: "hinge" }).loss, "hinge");
  assertEquals(continuedOptions(RECONSTRUCT_OPTIONS, { iters: 9 }, stored), {
    loss: "ls",
    batchSize: 8,
    iters: 9,
  });
});
