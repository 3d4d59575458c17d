import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { reconstructRequest, trainGanRequest } from "../../cli/requests.ts";
import { checkUsage, continuedOptions } from "../../cli/training_flags.ts";
import type { TRAIN_GAN_FLAGS } from "../../cli/flags/gan.ts";
import type { RECONSTRUCT_FLAGS } from "../../cli/flags/reconstruction.ts";
import { UsageError } from "../../lib/core/errors.ts";
import type { FlagTable, FlagValues } from "../../cli/flag_table.ts";
import { parseLine } from "./_commands.ts";

const RUN = "--name e2e_requests --dataset b";

async function reconstructOf(line: string) {
  const { values, given } = await parseLine("reconstruct", `${RUN} ${line}`);
  return await reconstructRequest(values as FlagValues<typeof RECONSTRUCT_FLAGS>, given, "singletpl");
}

async function ganOf(line: string) {
  const { values, given } = await parseLine("train_gan", `${RUN} ${line}`);
  return await trainGanRequest(values as FlagValues<typeof TRAIN_GAN_FLAGS & FlagTable>, given, "multitpl");
}

Deno.test("sizes are those of the preset where flags say nothing", async () => {
  const sizes = async (line: string) => {
    const { preset, textureResolution, imageResolution, predictionType } = await reconstructOf(line);
    return { preset, textureResolution, imageResolution, predictionType };
  };
  const none = { textureResolution: undefined, imageResolution: undefined, predictionType: undefined };
  assertEquals(await sizes(""), { preset: "paper", ...none });
  assertEquals(await sizes("--preset demo"), { preset: "demo", ...none });
  assertEquals(await sizes("--texture_resolution 128 --image_resolution 256 --prediction_type texture"), {
    preset: "paper",
    textureResolution: 128,
    imageResolution: 256,
    predictionType: "texture",
  });
  assertEquals((await ganOf("--preset small")).textureResolution, undefined);
  assertEquals((await ganOf("--texture_resolution 256")).textureResolution, 256);
});

Deno.test("the words of flags become the options of the stages", async () => {
  const gan = await ganOf("--norm_g syncbatch --num_discriminators -1 --iters auto --conditional_class");
  assertEquals([gan.normG, gan.numDiscriminators, gan.iters, gan.mode], ["batch", -1, -1, "multitpl"]);
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
  await assertRejects(() => reconstructOf("--lr 0"), UsageError, "lr must be above 0");
  await assertRejects(() => reconstructOf("--prediction_type none"), UsageError, "predictionType");
  await assertRejects(() => ganOf("--num_discriminators 3 --preset demo"), UsageError, "512 or more");
  assertThrows(
    () =>
      checkUsage(() => {
        throw new RangeError("Cannot do it");
      }),
    UsageError,
    "Cannot do it",
  );
});

Deno.test("a run that goes on keeps what is not given", () => {
  const options = { loss: "hinge", epochs: 600, iters: -1, batchSize: 32, continueTrain: true, extra: 1 };
  const stored = { loss: "ls", epochs: 600, iters: 5000, batchSize: 8, continueTrain: false };
  const given = (...names: string[]) => new Set(["continue_train", ...names]);
  assertEquals(continuedOptions(options, given(), stored), {
    ...{ loss: "ls", epochs: 600, iters: 5000, batchSize: 8 },
    ...{ continueTrain: true, extra: 1 },
  });
  assertEquals(continuedOptions(options, given("epochs"), stored).iters, -1);
  assertEquals(continuedOptions(options, given("batch_size"), stored).batchSize, 32);
  assertEquals(continuedOptions(options, given("loss"), stored).loss, "hinge");
});
