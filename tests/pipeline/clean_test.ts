import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { chooseStored, listStored, removeStored } from "../../lib/pipeline/clean.ts";
import { inWorkplace } from "../e2e/_workplace.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

/** Writes `bytes` zeros. */
async function write(path: string, bytes: number): Promise<void> {
  await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
  await Deno.writeFile(path, new Uint8Array(bytes));
}

Deno.test("stored files are listed with their sizes, and removed by name and kind", () =>
  inWorkplace(async () => {
    await write("cache/a/dataset.json", 5);
    await write("cache/a/pseudogt/0.safetensors", 7);
    await write("checkpoints_gan/a/checkpoint_12.safetensors", 11);
    await write("checkpoints_gan/a/checkpoint_best.safetensors", 13);
    await write("output/b/report.html", 17);
    const sizes = async () => (await listStored()).map(({ name, kind, bytes }) => [name, kind, bytes]);
    assertEquals(await sizes(), [["a", "cache", 12], ["a", "checkpoints", 24], ["b", "output", 17]]);

    await removeStored(await chooseStored({ name: "a", numberedOnly: true }));
    assertEquals(await sizes(), [["a", "cache", 12], ["a", "checkpoints", 13], ["b", "output", 17]]);
    await removeStored(await chooseStored({ name: "a", kinds: ["cache"] }));
    assertEquals(await sizes(), [["a", "checkpoints", 13], ["b", "output", 17]]);
    await assertRejectsWith(() => chooseStored({ name: "c" }), UserError, '"c"', "a, b");
  }));
