import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../../lib/core/errors.ts";
import { chunkWriter, writeFileAtomic, writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { readJson } from "../../lib/io/json_file.ts";
import { assertMissing, assertRejectsWith } from "../helpers/assert_facts.ts";
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
      const { cause } = await assertRejectsWith(
        () => writeFileAtomic(path, new Uint8Array(100)),
        UserError,
        path,
      );
      assertEquals((cause as { code?: string }).code, "ENOSPC");
    } finally {
      chunkWriter.write = write;
    }
    assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["checkpoint.bin"]);
    assertEquals([...await Deno.readFile(path)], [1]);
  }));

Deno.test("writeFileAtomic names a target that is a folder", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "x"));
    const path = join(folder, "x");
    const { cause } = await assertRejectsWith(
      () => writeFileAtomic(path, new Uint8Array(1)),
      UserError,
      path,
    );
    assert(cause instanceof Deno.errors.IsADirectory, `${cause}`);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("JSON round trip, and messages with path and field", () =>
  inFolder(async (folder) => {
    const path = join(folder, "settings.json");
    const schema = v.object({ name: v.string(), sizes: v.array(v.number()) });
    await writeJsonAtomic(path, { name: "x", sizes: [1, 2] });
    assertEquals(await readJson(path, schema, "settings"), { name: "x", sizes: [1, 2] });

    await writeJsonAtomic(path, { name: "x", sizes: [1, "two"] });
    const read = () => readJson(path, schema, "settings");
    await assertRejectsWith(read, UserError, "settings", path, "sizes.1", "number", '"two"');
    await Deno.writeTextFile(path, "{");
    await assertRejectsWith(read, UserError, path, "JSON", "line 1");
    await assertMissing(() => readJson(path + "x", schema, "settings"), path + "x");
  }));
