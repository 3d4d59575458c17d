/**
 * Tests that take long: `deno task test:slow` runs them, the default run counts them as ignored.
 *
 * @module
 */

/** Whether this is a run of the slow tests. */
export const RUNS_SLOW_TESTS = Deno.env.get("TEXMESH_SLOW") === "1";

/** Registers a test whose name begins with `slow:`. */
export function slowTest(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name: `slow: ${name}`, ignore: !RUNS_SLOW_TESTS, fn });
}
