export interface ParseOptions {
  /** Flags whose values are gathered in lists. */
  collect?: string[] | readonly string[];
  string?: readonly string[];
  unknown?: (argument: string, key?: string, value?: unknown) => unknown;
}
export function parseArgs(
  args: string[],
  options?: ParseOptions,
): Record<string, unknown> & { _: (string | number)[] };
