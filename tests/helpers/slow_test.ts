/**
 * Tests that take long: `deno task test:slow` runs them, the default run counts them as ignored.
 *
 * @module
 */

/** Whether this is a run of the slow tests. */
export const RUNS_SLOW_TESTS = Deno.env.get("TEXMESH_SLOW") === "1";

/**
 * Registers a test whose name begins with `slow:`.
 *
 * @param name Name of the test
 * @param fn The test
 * @param missing What it needs and is not here; the test is skipped then, with this as its reason
 */
export function slowTest(
  name: string,
  fn: (test: Deno.TestContext) => void | Promise<void>,
  missing: string | null = null,
): void {
  const reason = missing === null ? "" : ` (ignored: ${missing})`;
  Deno.test({ name: `slow: ${name}${reason}`, ignore: !RUNS_SLOW_TESTS || missing !== null, fn });
}
