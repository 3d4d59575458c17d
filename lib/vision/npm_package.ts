/**
 * npm packages that are in no list of the project's, fetched by Deno itself.
 *
 * @module
 */
import { messageOf } from "../core/errors.ts";

/**
 * Downloads a package with what it needs into `node_modules` of a folder. Nothing of it is run.
 *
 * @param specifier Such as `npm:name@1.0.0`
 * @param folder Path or URL of the folder; the current one if not given
 * @returns Why it failed; null if it did not
 */
export async function fetchNpmPackage(
  specifier: string,
  folder?: string | URL,
  signal?: AbortSignal,
): Promise<string | null> {
  const { success, stderr } = await new Deno.Command("deno", { // as the task may run that name, not a path
    args: ["cache", "--quiet", "--no-lock", "--node-modules-dir=auto", specifier],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    signal,
  }).output().catch((error) => ({ success: false, stderr: new TextEncoder().encode(messageOf(error)) }));
  if (success) return null;
  return new TextDecoder().decode(stderr).trim().split("\n")[0] || "no message";
}
