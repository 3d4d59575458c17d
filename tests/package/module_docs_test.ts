import { assertEquals } from "@std/assert";
import { MODULE_PAGES, modulePages } from "../../scripts/make_module_docs.ts";
import { slowTest } from "../helpers/slow_test.ts";

/** Text without the padding that the formatter gives tables and lines. */
const plain = (text: string) => text.replaceAll(/-{3,}/g, "---").split(/\s+/).join(" ");

slowTest(
  "docs/reference/modules tells what the entries export (scripts/make_module_docs.ts writes it)",
  async () => {
    const pages = await modulePages();
    assertEquals(
      [...Deno.readDirSync(MODULE_PAGES)].map(({ name }) => name).sort(),
      Object.keys(pages).sort(),
    );
    for (const [name, page] of Object.entries(pages)) {
      assertEquals(plain(await Deno.readTextFile(new URL(`./${name}`, MODULE_PAGES))), plain(page), name);
    }
  },
);
