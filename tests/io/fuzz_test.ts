import { assert } from "@std/assert";
import { fuzz } from "./fuzz.ts";
import { fuzzFormats } from "./fuzz_formats.ts";

Deno.test("damaged files of every format end in a value or a clear error", async () => {
  const scratch = await Deno.makeTempDir();
  try {
    for (const format of await fuzzFormats(scratch)) {
      const { values, errors, slowest } = await fuzz(format, 150, 7);
      assert(errors > 0 && values + errors === 150, format.name);
      assert(slowest < 2000, `${format.name}: ${slowest} ms`);
    }
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
});
