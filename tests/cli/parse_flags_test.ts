import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../lib/core/errors.ts";
import type { FlagTable } from "../../cli/flag_table.ts";
import { helpText } from "../../cli/help_text.ts";
import { parseFlags } from "../../cli/parse_flags.ts";

const TABLE = {
  iters: { kind: "integer", doc: "Length in steps.", auto: -1, minimum: 1 },
  lr: { kind: "number", doc: "Learning rate.", default: 1e-4, minimum: 0 },
  symmetric: { kind: "boolean", doc: "Left-right symmetry.", default: true },
  mode: { kind: "text", doc: "Templates.", default: "singletpl", choices: ["singletpl", "multitpl"] },
  classes: { kind: "list", doc: "Categories.", default: ["all"] },
  export_sample: { kind: "boolean", doc: "Export.", default: false },
  mesh_resolution: { kind: "integer", doc: "Map size.", default: 32, neutral: "the map is always 32 × 32." },
  conditional_text: { kind: "boolean", doc: "Captions.", default: false, refused: "captions have no data." },
} as const satisfies FlagTable;

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
  assertThrows(() => valuesOf("--symmetric=maybe"), UsageError, "true or false");
});

Deno.test("flags: -1 and auto mean the same", () => {
  for (const args of [["--iters", "-1"], ["--iters=-1"], ["--iters", "auto"], []]) {
    assertEquals(valuesOf(...args).iters, undefined);
  }
  assertEquals(valuesOf("--iters", "7").iters, 7);
});

Deno.test("flags: mistakes are named", () => {
  assertThrows(() => valuesOf("--itres", "5"), UsageError, "--iters");
  assertThrows(() => valuesOf("--iters", "1.5"), UsageError, "whole number");
  assertThrows(() => valuesOf("--iters", "0"), UsageError, "≥ 1");
  assertThrows(() => valuesOf("--mode", "both"), UsageError, "singletpl, multitpl");
  assertThrows(() => valuesOf("--lr"), UsageError, "needs a value");
  assertThrows(
    () => valuesOf("--lr", "1", "--lr=2"),
    UsageError,
    "--lr is given twice (1, 2): give one of them",
  );
  assertThrows(() => valuesOf("--symmetric", "--no_symmetric"), UsageError, "given twice");
  assertThrows(() => valuesOf("bird"), UsageError, 'Unexpected argument "bird"');
  assertThrows(() => valuesOf("--conditional_text"), UsageError, "captions have no data");
  assertThrows(
    () => parseFlags([], { name: { kind: "text", doc: "Run.", required: true } }),
    UsageError,
    "--name is required",
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
  assert(parseFlags(["--lr", "1"], TABLE).given.has("lr"));
});
