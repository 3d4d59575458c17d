import { assertEquals, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../lib/core/errors.ts";
import { flagTable } from "../../cli/flag_table.ts";
import { option } from "../../lib/core/option.ts";
import { helpText } from "../../cli/help_text.ts";
import { parseFlags } from "../../cli/parse_flags.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const TABLE = flagTable("train_gan", { // whose mesh_resolution has no effect, and whose conditional_text is refused
  iters: option.integer({ doc: "Length in steps.", auto: -1, minimum: 1, excludes: ["epochs"] }),
  epochs: option.integer({ doc: "Length in epochs.", default: 3 }),
  lr: option.number({ doc: "Learning rate.", default: 1e-4, minimum: 0 }),
  symmetric: option.boolean({ doc: "Left-right symmetry.", default: true }),
  mode: option.choice({ doc: "Templates.", default: "singletpl", choices: ["singletpl", "multitpl"] }),
  classes: option.list({ doc: "Categories.", default: ["all"] }),
  mean: option.triple({ doc: "Mean.", default: [0, 0, 0], above: -1 }),
  resolution: option.integer({ doc: "Side.", choices: [32, 64], shown: 64, offered: [64], flag: "side" }),
  exportSample: option.boolean({ doc: "Export.", default: false }),
  inner: option.integer({ doc: "No flag.", default: 1, flag: null }),
});

const valuesOf = (...args: string[]) => parseFlags(args, TABLE).values;

Deno.test("flags: underscores, hyphens, equals signs and defaults", () => {
  assertEquals(valuesOf("--export-sample").exportSample, true);
  assertEquals(valuesOf("--export_sample").exportSample, true);
  assertEquals(valuesOf("--lr=0.5").lr, 0.5);
  assertEquals(valuesOf("--lr", "0.5").lr, 0.5);
  assertEquals(valuesOf("--classes", "car, bird").classes, ["car", "bird"]);
  assertEquals(valuesOf().mode, "singletpl");
  assertEquals(valuesOf().classes, ["all"]);
});

Deno.test("flags: booleans read as they stand", () => {
  for (const args of [["--symmetric", "False"], ["--no_symmetric"], ["--no-symmetric"], ["--symmetric=0"]]) {
    assertEquals(valuesOf(...args).symmetric, false);
  }
  for (const args of [["--symmetric"], ["--symmetric", "True"], ["--symmetric=1"]]) {
    assertEquals(valuesOf(...args).symmetric, true);
  }
  assertThrowsWith(
    () => valuesOf("--symmetric=maybe"),
    UsageError,
    "--symmetric",
    "true or false",
    '"maybe"',
  );
});

Deno.test("flags: -1 and auto mean the same", () => {
  for (const args of [["--iters", "-1"], ["--iters=-1"], ["--iters", "auto"], []]) {
    assertEquals([valuesOf(...args).iters, parseFlags(args, TABLE).options], [-1, {}]);
  }
  assertEquals(valuesOf("--iters", "7").iters, 7);
});

Deno.test("flags: mistakes are named", () => {
  assertThrowsWith(() => valuesOf("--itres", "5"), UsageError, "--itres", "--iters");
  assertThrowsWith(() => valuesOf("--iters", "1.5"), UsageError, "--iters", "≥ 1", '"1.5"');
  assertThrowsWith(() => valuesOf("--iters", "0"), UsageError, "--iters", "≥ 1", '"0"');
  assertThrowsWith(() => valuesOf("--mode", "both"), UsageError, "--mode", "singletpl, multitpl", '"both"');
  assertThrowsWith(() => valuesOf("--lr"), UsageError, "--lr");
  assertThrowsWith(() => valuesOf("--lr", "1", "--lr=2"), UsageError, "--lr", "1, 2");
  assertThrowsWith(() => valuesOf("--symmetric", "--no_symmetric"), UsageError, "--symmetric", "false");
  assertThrowsWith(() => valuesOf("bird"), UsageError, '"bird"');
  assertThrowsWith(() => valuesOf("--conditional_text"), UsageError, "--conditional_text");
  assertThrowsWith(
    () => parseFlags([], flagTable("task", { name: option.text({ doc: "Run.", required: true }) })),
    UsageError,
    "--name",
  );
});

Deno.test("flags: a list that is given in pieces is put together", () => {
  assertEquals(valuesOf("--classes", "car", "--classes", "bird,bus").classes, ["car", "bird", "bus"]);
});

Deno.test("flags: a flag without effect is told, and help shows the defaults", () => {
  assertEquals(parseFlags(["--mesh_resolution", "32"], TABLE).notes.length, 1);
  const help = helpText("reconstruct", "Trains.", TABLE);
  assertStringIncludes(help, "default 0.0001");
  assertStringIncludes(help, "singletpl|multitpl");
  assertEquals(parseFlags(["--lr", "1"], TABLE).options, { lr: 1 });
});

Deno.test("flags: numbers of a list, offered values, names of their own, and flags that exclude each other", () => {
  assertEquals(valuesOf("--mean", "1,2, 3").mean, [1, 2, 3]);
  assertThrowsWith(() => valuesOf("--mean", "1,2"), UsageError, "--mean", "3 numbers > -1", '"1,2"');
  assertThrowsWith(() => valuesOf("--mean", "1,2,-1"), UsageError, "--mean", "> -1", -1);
  assertThrowsWith(() => valuesOf("--mean", "1,2,x"), UsageError, "--mean", '"x"');
  assertEquals([valuesOf("--side", "64").resolution, valuesOf().resolution], [64, undefined]);
  assertThrowsWith(() => valuesOf("--side", "32"), UsageError, "--side", 64, 32);
  assertThrowsWith(() => valuesOf("--inner", "2"), UsageError, "--inner");
  assertThrowsWith(() => valuesOf("--iters", "1", "--epochs", "2"), UsageError, "--iters", "--epochs");
});
