import { assertEquals } from "@std/assert";
import { flagDocs } from "../../scripts/make_flag_docs.ts";

/** Text without the padding that the formatter gives tables and lines. */
const plain = (text: string) => text.replaceAll(/-{3,}/g, "---").split(/\s+/).join(" ");

Deno.test("docs/flags.md tells the flags as they are parsed (scripts/make_flag_docs.ts writes it)", async () => {
  const stored = await Deno.readTextFile(new URL("../../docs/flags.md", import.meta.url));
  assertEquals(plain(stored), plain(await flagDocs()));
});
