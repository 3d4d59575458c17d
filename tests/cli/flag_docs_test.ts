import { assertEquals } from "@std/assert";
import { TASK_PAGES, taskPages } from "../../scripts/make_flag_docs.ts";

/** Text without the padding that the formatter gives tables and lines. */
const plain = (text: string) => text.replaceAll(/-{3,}/g, "---").split(/\s+/).join(" ");

Deno.test("docs/reference/tasks tells the flags as they are parsed (scripts/make_flag_docs.ts writes it)", async () => {
  const pages = await taskPages();
  assertEquals([...Deno.readDirSync(TASK_PAGES)].map(({ name }) => name).sort(), Object.keys(pages).sort());
  for (const [name, page] of Object.entries(pages)) {
    assertEquals(plain(await Deno.readTextFile(new URL(`./${name}`, TASK_PAGES))), plain(page), name);
  }
});
