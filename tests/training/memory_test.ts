import { assert, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { checkBatchMemory, explainMemoryError } from "../../lib/training/memory.ts";
import { assertFacts, assertThrowsWith } from "../helpers/assert_facts.ts";

const GB = 1e9;

Deno.test("a batch that cannot fit is refused with one that can, others pass", () => {
  checkBatchMemory({ batchSize: 8, bytesPerSample: GB, memory: 8 * GB });
  checkBatchMemory({ batchSize: 800, bytesPerSample: GB, memory: null });
  const tooMuch = () => checkBatchMemory({ batchSize: 32, bytesPerSample: GB, memory: 16 * GB });
  assertThrowsWith(tooMuch, UserError, "'batchSize: 32'", "32.0 GB", "16.0 GB", "'batchSize: 8'", "'preset'");
  const tooLarge = () => checkBatchMemory({ batchSize: 2, bytesPerSample: 20 * GB, memory: 16 * GB });
  assertThrowsWith(
    tooLarge,
    UserError,
    "'batchSize: 2'",
    "40.0 GB",
    "16.0 GB",
    "'preset'",
    "'imageResolution'",
  );
});

Deno.test("errors of allocation say what to do, others stay as they are", () => {
  for (
    const reason of [
      "OOM when allocating tensor with shape[32,64,128,128] and type float on /job:localhost",
      "memory access out of bounds",
      "Array buffer allocation failed",
      "std::bad_alloc",
    ]
  ) {
    const explained = explainMemoryError(new Error(`${reason}\nmore`), 32) as UserError;
    assertEquals(explained instanceof UserError, true, reason);
    assertFacts(explained.message, "'batchSize: 32'");
    assertEquals(explained.message.includes("more\n"), false);
  }
  const other = new TypeError("a shape does not match the ROOM");
  assert(explainMemoryError(other, 32) === other);
});
