/** Whether the native backend can be tested here. */
import { RUNS_SLOW_TESTS } from "../helpers/slow_test.ts";
import { messageOf } from "../../lib/core/errors.ts";
import { findLibrary, type LibraryPlace } from "../../lib/backend/native/library_path.ts";

/** The library, or null. */
export const LIBRARY: LibraryPlace | null = await findLibrary().catch(() => null);

/** Why native tests are ignored; "" if they run. */
export const IGNORED_BECAUSE: string = LIBRARY !== null ? "" : await findLibrary().then(
  () => " (ignored: no TensorFlow library; run `deno task setup`)",
  (error) => ` (ignored: ${messageOf(error)})`,
);

/** A test that needs the library. */
export function nativeTest(name: string, run: () => void | Promise<void>, pace: "" | "slow" = ""): void {
  const prefix = pace === "slow" ? "slow: " : "";
  Deno.test({
    name: `${prefix}native: ${name}${IGNORED_BECAUSE}`,
    ignore: LIBRARY === null || (pace === "slow" && !RUNS_SLOW_TESTS),
    fn: run,
  });
}
