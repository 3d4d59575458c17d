import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { settingsArguments, takeSettingsFlag } from "../../cli/settings_file.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { parseFlags } from "../../cli/parse_flags.ts";
import { assertMissing, assertRejectsWith } from "../helpers/assert_facts.ts";
import { COMMANDS } from "./_commands.ts";

const { flags } = COMMANDS.pipeline;

/** What a settings file gives to the pipeline. */
async function read(content: unknown): Promise<string[]> {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(path, typeof content === "string" ? content : JSON.stringify(content));
  try {
    return await settingsArguments("pipeline", flags, path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a settings file gives flags, and the command line wins", async () => {
  const pipeline = {
    images: "a folder",
    template: "bird",
    name: "x",
    limit: 7,
    gpu_ids: [0, 1],
    skip_invalid: true,
  };
  const fromFile = await read({ pipeline, evaluate: { name: "y" } });
  const { values, options } = parseFlags(["--limit", "9"], flags, fromFile);
  assertEquals([values.images, values.limit, values.skipInvalid], ["a folder", 9, true]);
  assertEquals(values.gpuIds, [0, 1]);
  assertEquals("seed" in options, false);
  assertEquals(await read({}), []);
});

Deno.test("--settings is taken out of the arguments", () => {
  assertEquals(takeSettingsFlag(["--settings", "a.json", "--name", "x"]), {
    path: "a.json",
    rest: ["--name", "x"],
  });
  assertEquals(takeSettingsFlag(["--name", "x", "--settings=b.json"]), {
    path: "b.json",
    rest: ["--name", "x"],
  });
});

Deno.test("mistakes in a settings file are wrong usage, and name the field", async () => {
  for (
    const [content, ...facts] of [
      ["{", "JSON", "line 1"],
      [[], '"pipeline"'],
      [{ pipelin: {} }, '"pipelin"', '"pipeline"'],
      [{ pipeline: 3 }, 'section "pipeline"'],
      [{ pipeline: { limits: 3 } }, '"pipeline"', '"limits"', '"limit"'],
      [{ pipeline: { limit: 0.5 } }, '"pipeline"', "--limit", "≥ 1", '"0.5"'],
      [{ pipeline: { preset: "huge" } }, "--preset", "demo, small, paper", '"huge"'],
      [{ pipeline: { name: { a: 1 } } }, '"name"', '{"a":1}'],
    ] as const
  ) {
    await assertRejectsWith(() => read(content), UsageError, ...facts);
  }
  const missing = join(await Deno.makeTempDir(), "none.json");
  await assertMissing(() => settingsArguments("pipeline", flags, missing), missing);
});
