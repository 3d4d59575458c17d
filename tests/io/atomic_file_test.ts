import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../../lib/core/errors.ts";
import { chunkWriter, writeFileAtomic, writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { readJson } from "../../lib/io/json_file.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

Deno.test("writeFileAtomic makes folders, replaces files and leaves nothing else", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a", "b.bin");
    await writeFileAtomic(path, new Uint8Array([1]));
    await writeFileAtomic(path, [new Uint8Array([2, 3]), new Uint8Array([4])]);
    assertEquals([...await Deno.readFile(path)], [2, 3, 4]);
    assertEquals([...Deno.readDirSync(join(folder, "a"))].map((entry) => entry.name), ["b.bin"]);
  }));

Deno.test("a full disk leaves the old file and no temporary one, and names the path", () =>
  inFolder(async (folder) => {
    const path = join(folder, "checkpoint.bin");
    await writeFileAtomic(path, new Uint8Array([1]));
    const { write } = chunkWriter;
    chunkWriter.write = async (file, chunk) => {
      await write(file, chunk.subarray(0, 1));
      throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
    };
    try {
      const error = await assertRejects(() => writeFileAtomic(path, new Uint8Array(100)), UserError);
      assertStringIncludes(error.message, path);
      assertStringIncludes(error.message, "disk is full");
    } finally {
      chunkWriter.write = write;
    }
    assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["checkpoint.bin"]);
    assertEquals([...await Deno.readFile(path)], [1]);
  }));

Deno.test("writeFileAtomic names a target that is a folder", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "x"));
    const error = await assertRejects(() => writeFileAtomic(join(folder, "x"), new Uint8Array(1)), UserError);
    assertStringIncludes(error.message, `${join(folder, "x")}: there is a folder of this name`);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("JSON round trip, and messages with path and field", () =>
  inFolder(async (folder) => {
    const path = join(folder, "settings.json");
    const schema = v.object({ name: v.string(), sizes: v.array(v.number()) });
    await writeJsonAtomic(path, { name: "x", sizes: [1, 2] });
    assertEquals(await readJson(path, schema, "settings"), { name: "x", sizes: [1, 2] });

    await writeJsonAtomic(path, { name: "x", sizes: [1, "two"] });
    const wrong = await assertRejects(() => readJson(path, schema, "settings"), UserError);
    assertEquals(
      wrong.message,
      `Cannot read the settings ${path}: sizes.1 must be number, current value is "two"`,
    );
    await Deno.writeTextFile(path, "{");
    const broken = await assertRejects(() => readJson(path, schema, "settings"), UserError);
    assertStringIncludes(broken.message, "not valid JSON");
    const missing = await assertRejects(() => readJson(path + "x", schema, "settings"), UserError);
    assertStringIncludes(missing.message, "there is no such file");
  }));
