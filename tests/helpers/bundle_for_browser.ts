import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** Bundles a program of the project for browsers into one file. */
export async function bundleForBrowser(
  program: string,
  target: string,
  flags: readonly string[] = [],
): Promise<void> {
  const args = ["bundle", "--quiet", "--platform", "browser", ...flags, "--output", target, program];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  assert(success, new TextDecoder().decode(stderr));
}
