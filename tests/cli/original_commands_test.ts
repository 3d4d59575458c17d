import { assertEquals } from "@std/assert";
import { parseLine } from "./_commands.ts";
import { COMMAND_PAIRS } from "./original_commands.ts";

Deno.test("every documented command of the original parses, and equals ours but for --gpu_ids", async () => {
  assertEquals(COMMAND_PAIRS.length, 2 * 24);
  for (const { task, original, ours, flags, besides = {} } of COMMAND_PAIRS) {
    const left = await parseLine(task, original), right = await parseLine(ours, flags);
    assertEquals(left.task, ours, original);
    for (const name of ["gpuIds", ...Object.keys(besides)]) {
      delete left.values[name];
      delete right.values[name];
    }
    assertEquals(left.values, right.values, original);
  }
});

Deno.test("a pair that claims a difference has one", async () => {
  for (const { task, original, ours, flags, besides = {} } of COMMAND_PAIRS) {
    const left = await parseLine(task, original), right = await parseLine(ours, flags);
    for (const name of Object.keys(besides)) {
      assertEquals(left.values[name] === right.values[name], false, `${name} of ${original}`);
    }
  }
});

Deno.test("tasks hand on to the one that a flag asks for", async () => {
  const taskOf = async (task: string, line: string) =>
    (await parseLine(task, `--name a --dataset b ${line}`)).task;
  assertEquals(await taskOf("train_gan", "--evaluate"), "evaluate");
  assertEquals(await taskOf("train_gan", "--export-sample"), "export");
  assertEquals(await taskOf("train_gan", "--export_sample True --how_many 3"), "export");
  assertEquals(await taskOf("train_gan", "--evaluate=1"), "evaluate");
  assertEquals(await taskOf("train_gan", "--evaluate=false --export_sample False"), "train_gan");
  assertEquals(await taskOf("train_gan", "--no_evaluate"), "train_gan");
  assertEquals(await taskOf("evaluate", "--export_sample"), "export");
  assertEquals(await taskOf("reconstruct", "--generate-pseudogt"), "generate_pseudogt");
  assertEquals(await taskOf("generate_pseudogt", "--generate_pseudogt"), "generate_pseudogt");
  assertEquals(await taskOf("evaluate", "--evaluate"), "evaluate");
  assertEquals(await taskOf("export", "--export_sample"), "export");
  assertEquals((await parseLine("reconstruct", "--name a --dataset b --evaluate")).values.evaluate, true);
});
