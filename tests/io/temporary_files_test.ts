import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { removeTemporaryFiles } from "../../lib/io/temporary_files.ts";

Deno.test("temporary files of killed processes are removed, all others stay", async () => {
  const folder = await Deno.makeTempDir(), other = Deno.pid + 1;
  try {
    await Deno.mkdir(join(folder, "inner"));
    const kept = ["a.json", `b.json.${Deno.pid}-3.partial`, "c.partial", join("inner", "d.1-2.partially")];
    const left = [`a.json.${other}-0.partial`, join("inner", `e.safetensors.${other}-12.partial`)];
    for (const name of [...kept, ...left]) await Deno.writeTextFile(join(folder, name), "x");
    assertEquals(await removeTemporaryFiles(folder), 2);
    assertEquals(await removeTemporaryFiles(folder), 0);
    for (const name of kept) assertEquals(await Deno.readTextFile(join(folder, name)), "x");
    assertEquals(await removeTemporaryFiles(join(folder, "none")), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
