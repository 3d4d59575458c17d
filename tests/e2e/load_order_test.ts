import { assertEquals } from "@std/assert";
import { inWorkplace } from "./_workplace.ts";

Deno.test("the native library opens after the drivers of a GPU were loaded", () =>
  inWorkplace(async ({ backend, start }) => {
    if (backend !== "native") return; // without the library there is nothing to open
    const { code, output, messages } = await start("load_order.ts", "pipeline", []);
    assertEquals([code, output.trim()], [0, "native"], messages);
  }));
