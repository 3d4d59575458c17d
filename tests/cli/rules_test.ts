import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type BackendFlags, backendOptions, deviceSentence } from "../../cli/backend_options.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { planFromIterations } from "../../lib/training/schedules.ts";
import { callCommand } from "../e2e/_workplace.ts";
import { COMMANDS, parseLine } from "./_commands.ts";
import { SINGLE_PROCESS } from "../../lib/distributed/communicator.ts";
import { setCommunicator } from "../../lib/distributed/set_communicator.ts";

const RUN = "--name a_singletpl --dataset b";

/** The message of a line that must be refused as wrong usage. */
async function refusal(task: string, line: string): Promise<string> {
  return (await assertRejects(() => parseLine(task, line), UsageError, undefined, line)).message;
}

/** Exit code and message of a line that is refused before any work. */
async function answer(task: string, line: string): Promise<{ code: number; messages: string }> {
  const { code, messages } = await callCommand(COMMANDS[task], line.split(" "));
  return { code, messages };
}

Deno.test("underscores, hyphens, equals signs and booleans read alike", async () => {
  const values = async (line: string) => (await parseLine("train_gan", `${RUN} ${line}`)).values;
  assertEquals(await values("--texture-resolution=256"), await values("--texture_resolution 256"));
  for (const line of ["--symmetric_g False", "--no_symmetric_g", "--no-symmetric-g", "--symmetric-g=0"]) {
    assertEquals((await values(line)).symmetricG, false, line);
  }
  for (const line of ["", "--symmetric_g", "--symmetric_g True", "--symmetric_g=1"]) {
    assertEquals((await values(line)).symmetricG, true, line);
  }
  assertEquals((await parseLine("demo", "-- --quick")).values.quick, true);
});

Deno.test("mistakes are wrong usage, and say what is allowed", async () => {
  for (
    const [task, line, text] of [
      ["train_gan", `${RUN} --itres 5`, "--iters"],
      ["train_gan", `${RUN} --tex 5`, "Unknown flag --tex (--help lists all)"],
      ["train_gan", `${RUN} --itters 5`, "Unknown flag --itters; the nearest is --iters (--help lists all)"],
      ["train_gan", "--dataset b", "--name is required"],
      ["train_gan", `${RUN} --iters 1.5`, "an integer"],
      ["train_gan", `${RUN} --iters 0`, "≥ 1"],
      ["train_gan", `${RUN} --lr_g fast`, "a number"],
      ["train_gan", `${RUN} --g_running_average_alpha 2`, "0 to 1"],
      ["train_gan", `${RUN} --loss l1`, "hinge, ls, original"],
      ["train_gan", `${RUN} --norm_d batch`, "instance, none"],
      ["train_gan", `${RUN} --texture_resolution 300`, "64, 128, 256, 512, 1024"],
      ["train_gan", `${RUN} --mesh_resolution 64`, "32"],
      ["train_gan", `${RUN} --num_discriminators 4`, "2 to 3"],
      ["train_gan", `${RUN} --loss`, "needs a value"],
      ["train_gan", `${RUN} --symmetric_g maybe`, "true or false"],
      ["train_gan", `${RUN} bird`, 'Unexpected argument "bird"'],
      ["train_gan", "--name ../a --dataset b", "--name must be"],
      ["train_gan", "--name a --dataset b/c", "--dataset must be"],
      ["train_gan", `${RUN} --conditional_text`, "captions and colours are not supported"],
      ["train_gan", `${RUN} --conditional_color`, "captions and colours are not supported"],
      ["train_gan", `${RUN} --text_embedding_dim 256`, "captions and colours are not supported"],
      ["train_gan", `${RUN} --filter_class car`, "--evaluate or --export_sample"],
      ["train_gan", `${RUN} --evaluate --continue_train`, "do not train"],
      ["train_gan", `${RUN} --export_sample --continue_train`, "do not train"],
      ["train_gan", `${RUN} --export_sample --evaluate`, "deno task evaluate"],
      ["reconstruct", `${RUN} --image_resolution 128`, "256"],
      ["reconstruct", `${RUN} --texture_resolution 512`, "64, 128, 256"],
      ["reconstruct", `${RUN} --semi_fraction 1.5`, "0 to 1"],
      ["reconstruct", `${RUN} --batch_size 1`, "≥ 2"],
      ["reconstruct", `${RUN} --prediction_type all`, "none, texture, semantics, both"],
      ["pose_step1", "--dataset b", "--mode is required"],
      ["pose_step1", "--dataset b --mode autodetect", "singletpl, multitpl"],
      ["export", "--name a --format stl", "glb, obj"],
      ["export", "--name a --format ,", "needs a value"],
      ["export", "--name a --how_many 0", "≥ 1"],
      ["evaluate", "--name a --supersample 9", "1 to 8"],
    ]
  ) assertStringIncludes(await refusal(task, line), text, line);
});

Deno.test("-1 and auto leave the choice to the program", async () => {
  const lines: [string, string, string][] = [
    ["reconstruct", "iters", RUN],
    ["train_gan", "iters", RUN],
    ["train_gan", "num_discriminators", RUN],
    ["export", "how_many", RUN],
    ["export", "truncation_sigma", RUN],
    ["evaluate", "truncation_sigma", RUN],
    ["pose_step1", "batch_size", "--dataset b --mode singletpl"],
  ];
  for (const [task, flag, base] of lines) {
    const { values } = await parseLine(task, base);
    const { field } = COMMANDS[task].flags[flag];
    for (const value of ["-1", "auto"]) {
      const parsed = await parseLine(task, `${base} --${flag} ${value}`);
      assertEquals([parsed.values, field in parsed.options], [values, false], `${task} --${flag} ${value}`);
    }
  }
  assertEquals((await parseLine("evaluate", `${RUN} --truncation_sigma 0.5,2`)).values.truncationSigma, [
    0.5,
    2,
  ]);
  assertStringIncludes(await refusal("evaluate", `${RUN} --truncation_sigma 0`), "> 0");
  assertStringIncludes(await refusal("export", `${RUN} --truncation_sigma 1,2`), "a number > 0");
});

Deno.test("flags that exclude each other", async () => {
  for (const task of ["reconstruct", "train_gan"]) {
    const both = await answer(task, `${RUN} --iters 10 --epochs 3`);
    assertEquals(both.code, 2);
    assertStringIncludes(both.messages, "--iters and --epochs exclude each other");
  }
  const evaluating = await answer("reconstruct", `${RUN} --continue_train --evaluate`);
  assertEquals(evaluating.code, 2);
  assertStringIncludes(evaluating.messages, "--continue_train and --evaluate");
  assertEquals((await parseLine("train_gan", `${RUN} --iters -1 --epochs 3`)).values.epochs, 3);
});

Deno.test("three discriminators need a texture of 512", async () => {
  for (const more of ["--texture_resolution 256", "--preset small"]) {
    const { code, messages } = await answer("train_gan", `${RUN} --num_discriminators 3 ${more}`);
    assertEquals(code, 2);
    assertStringIncludes(messages, "--num_discriminators must be 2, or 3 with a texture resolution of 512");
  }
});

Deno.test("devices are integers", async () => {
  assertStringIncludes(await refusal("train_gan", `${RUN} --gpu_ids a`), "integers");
});

Deno.test("several devices are accepted, one for each process of a machine, and what becomes of them is told", () => {
  const options = backendOptions({ backend: "auto", gpuIds: [2, 3] });
  assertEquals(options.gpuIds, [2]);
  assertEquals(backendOptions({}).gpuIds, [0]);
  setCommunicator({ ...SINGLE_PROCESS, rank: 5, size: 6, localRank: 1, localSize: 2 });
  try {
    assertEquals(backendOptions({ backend: "auto", threads: 1, gpuIds: [2, 3] }).gpuIds, [3]);
  } finally {
    setCommunicator(null);
  }
  assertStringIncludes(deviceSentence([0, 1], "native", false)!, "--gpu_ids is ignored");
  assertStringIncludes(deviceSentence([0, 1], "native", true)!, "0 is taken");
  assertEquals(deviceSentence([1], "native", true), null);
});

Deno.test("--eager and --precision reach the backend where steps are trained, and are without effect elsewhere", async () => {
  const lines = {
    reconstruct: RUN,
    train_gan: RUN,
    pipeline: "--name a --images b --template car",
    demo: "",
  };
  for (const [task, line] of Object.entries(lines)) {
    const parsed = await parseLine(task, `${line} --eager --precision bf16`);
    const { eager, precision } = backendOptions(parsed.values as unknown as BackendFlags);
    assertEquals([eager, precision, parsed.notes.length], [true, "bf16", 0], task);
    const refused = await assertRejects(() => parseLine(task, `${line} --precision half`), UsageError);
    assertStringIncludes(refused.message, "float32, bf16");
  }
  for (const task of ["evaluate", "export", "generate_pseudogt"]) {
    const { values, notes } = await parseLine(task, `${RUN} --eager --precision bf16`);
    const { eager, precision } = backendOptions(values as unknown as BackendFlags);
    assertEquals([eager, precision, notes.length], [undefined, undefined, 2], task);
  }
});

Deno.test("a length in iterations becomes epochs and periods", () => {
  assertEquals(planFromIterations(4000, 32, 1000), {
    iterationsPerEpoch: 125,
    epochs: 8,
    period: 1,
    decayEvery: 2,
  });
});

Deno.test("a name without a mode is asked for one, and --mode wins over the name", async () => {
  const { code, messages } = await answer("reconstruct", "--name a --dataset e2e_none");
  assertEquals(code, 1);
  assertStringIncludes(
    messages,
    "give --mode singletpl or --mode multitpl, or a name that carries one of them",
  );
  const both = await answer(
    "reconstruct",
    "--name a_singletpl --mode multitpl --dataset e2e_none --backend cpu",
  );
  assertEquals(both.code, 1);
  assertStringIncludes(both.messages, 'The name "a_singletpl" says singletpl, --mode says multitpl');
});

Deno.test("help is shown with exit code 0, also where required flags are missing", async () => {
  for (const task of Object.keys(COMMANDS)) {
    for (const help of ["--help", "-h"]) {
      const { code, output } = await callCommand(COMMANDS[task], [help]);
      assertEquals(code, 0);
      assertStringIncludes(output, `deno task ${task} [flags]`);
    }
  }
});
