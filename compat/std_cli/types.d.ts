export interface ParseOptions {
  string?: readonly string[];
  /** Flags whose values are gathered in lists. */
  collect?: readonly string[];
  unknown?: (argument: string, key?: string, value?: unknown) => unknown;
}
export function parseArgs(
  args: string[],
  options?: ParseOptions,
): Record<string, unknown> & { _: (string | number)[] };
