import { assert, assertEquals, assertRejects } from "@std/assert";
import { type BackendFlags, backendOptions, deviceSentence } from "../../cli/backend_options.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { planFromIterations } from "../../lib/training/schedules.ts";
import { callCommand } from "../e2e/_workplace.ts";
import { assertFacts, assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";
import { COMMANDS, parseLine } from "./_commands.ts";
import { SINGLE_PROCESS } from "../../lib/distributed/communicator.ts";
import { setCommunicator } from "../../lib/distributed/set_communicator.ts";

const RUN = "--name a_singletpl --dataset b";

/** The message of a line that must be refused as wrong usage. */
async function refusal(task: string, line: string): Promise<string> {
  return (await assertRejectsWith(() => parseLine(task, line), UsageError)).message;
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
    const [task, line, ...facts] of [
      ["train_gan", `${RUN} --itres 5`, "--itres", "--iters"],
      ["train_gan", `${RUN} --tex 5`, "--tex", "--help"],
      ["train_gan", `${RUN} --itters 5`, "--itters", "--iters", "--help"],
      ["train_gan", "--dataset b", "--name"],
      ["train_gan", `${RUN} --iters 1.5`, "--iters", "≥ 1", '"1.5"'],
      ["train_gan", `${RUN} --iters 0`, "--iters", "≥ 1", '"0"'],
      ["train_gan", `${RUN} --lr_g fast`, "--lr_g", "≥ 0", '"fast"'],
      ["train_gan", `${RUN} --g_running_average_alpha 2`, "--g_running_average_alpha", "0 to 1", '"2"'],
      ["train_gan", `${RUN} --loss l1`, "--loss", "hinge, ls, original", '"l1"'],
      ["train_gan", `${RUN} --norm_d batch`, "--norm_d", "instance, none", '"batch"'],
      [
        "train_gan",
        `${RUN} --texture_resolution 300`,
        "--texture_resolution",
        "64, 128, 256, 512, 1024",
        '"300"',
      ],
      ["train_gan", `${RUN} --mesh_resolution 64`, "--mesh_resolution", 32, '"64"'],
      ["train_gan", `${RUN} --num_discriminators 4`, "--num_discriminators", "2 to 3", '"4"'],
      ["train_gan", `${RUN} --loss`, "--loss"],
      ["train_gan", `${RUN} --symmetric_g maybe`, "--symmetric_g", "true or false", '"maybe"'],
      ["train_gan", `${RUN} bird`, '"bird"'],
      ["train_gan", "--name ../a --dataset b", "--name", '"../a"'],
      ["train_gan", "--name a --dataset b/c", "--dataset", '"b/c"'],
      ["train_gan", `${RUN} --conditional_text`, "--conditional_text"],
      ["train_gan", `${RUN} --conditional_color`, "--conditional_color"],
      ["train_gan", `${RUN} --text_embedding_dim 256`, "--text_embedding_dim"],
      ["train_gan", `${RUN} --filter_class car`, "--filter_class", "--evaluate", "--export_sample"],
      ["train_gan", `${RUN} --evaluate --continue_train`, "--continue_train", "evaluate", "export"],
      ["train_gan", `${RUN} --export_sample --continue_train`, "--continue_train", "evaluate", "export"],
      ["train_gan", `${RUN} --export_sample --evaluate`, "--evaluate", "deno task evaluate"],
      ["reconstruct", `${RUN} --image_resolution 128`, "--image_resolution", 256, 128],
      ["reconstruct", `${RUN} --texture_resolution 512`, "--texture_resolution", "64, 128, 256", 512],
      ["reconstruct", `${RUN} --semi_fraction 1.5`, "--semi_fraction", "0 to 1", '"1.5"'],
      ["reconstruct", `${RUN} --batch_size 1`, "--batch_size", "≥ 2", '"1"'],
      [
        "reconstruct",
        `${RUN} --prediction_type all`,
        "--prediction_type",
        "none, texture, semantics, both",
        '"all"',
      ],
      ["pose_step1", "--dataset b", "--mode", "singletpl", "multitpl"],
      ["pose_step1", "--dataset b --mode autodetect", "--mode", "singletpl, multitpl", '"autodetect"'],
      ["export", "--name a --format stl", "--format", "glb, obj", "stl"],
      ["export", "--name a --format ,", "--format"],
      ["export", "--name a --how_many 0", "--how_many", "≥ 1", '"0"'],
      ["evaluate", "--name a --supersample 9", "--supersample", "1 to 8", '"9"'],
    ] satisfies [string, string, ...Fact[]][]
  ) assertFacts(await refusal(task, line), ...facts);
  assert(!(await refusal("train_gan", `${RUN} --tex 5`)).includes("--texture"), "a flag that is not near");
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
  assertFacts(await refusal("evaluate", `${RUN} --truncation_sigma 0`), "--truncation_sigma", "> 0", 0);
  assertFacts(await refusal("export", `${RUN} --truncation_sigma 1,2`), "--truncation_sigma", "> 0", '"1,2"');
});

Deno.test("flags that exclude each other", async () => {
  for (const task of ["reconstruct", "train_gan"]) {
    const both = await answer(task, `${RUN} --iters 10 --epochs 3`);
    assertEquals(both.code, 2);
    assertFacts(both.messages, "--iters", "--epochs");
  }
  const evaluating = await answer("reconstruct", `${RUN} --continue_train --evaluate`);
  assertEquals(evaluating.code, 2);
  assertFacts(evaluating.messages, "--continue_train", "--evaluate");
  assertEquals((await parseLine("train_gan", `${RUN} --iters -1 --epochs 3`)).values.epochs, 3);
});

Deno.test("three discriminators need a texture of 512", async () => {
  for (const more of ["--texture_resolution 256", "--preset small"]) {
    const { code, messages } = await answer("train_gan", `${RUN} --num_discriminators 3 ${more}`);
    assertEquals(code, 2);
    assertFacts(messages, "--num_discriminators", 2, 512, 3);
  }
});

Deno.test("devices are integers", async () => {
  assertFacts(await refusal("train_gan", `${RUN} --gpu_ids a`), "--gpu_ids", "≥ 0", '"a"');
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
  assertFacts(deviceSentence([0, 1], "native", false)!, "--gpu_ids", "native");
  assertFacts(deviceSentence([0, 1], "native", true)!, "--gpu_ids", 2, 0);
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
    assertFacts(refused.message, "--precision", "float32, bf16", '"half"');
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
  assertFacts(messages, '"a"', "--mode singletpl", "--mode multitpl");
  const both = await answer(
    "reconstruct",
    "--name a_singletpl --mode multitpl --dataset e2e_none --backend cpu",
  );
  assertEquals(both.code, 1);
  assertFacts(both.messages, '"a_singletpl"', "singletpl", "--mode", "multitpl");
});

Deno.test("help is shown with exit code 0, also where required flags are missing", async () => {
  for (const task of Object.keys(COMMANDS)) {
    for (const help of ["--help", "-h"]) {
      const { code, output } = await callCommand(COMMANDS[task], [help]);
      assertEquals(code, 0);
      assertFacts(output, `deno task ${task}`);
    }
  }
});
