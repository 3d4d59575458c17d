/**
 * One pipeline at a time on one name.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { outputFolder } from "../core/paths.ts";

/** A name that is held. */
export interface RunLock {
  /** Lets others have it. */
  release(): void;
}

/**
 * Holds the name of a run until it is released or the process ends, however it ends.
 *
 * @param name Name of the run
 * @throws {UserError} If another process, or this one, holds it
 */
export async function lockRun(name: string): Promise<RunLock> {
  const file = await openLock(name);
  if (file === null) return { release() {} };
  if (!await file.tryLock(true)) {
    const holder = (await new Response(file.readable).text()).trim();
    throw new UserError(
      `Cannot run the pipeline as ${name}: another one${
        holder ? ` (process ${holder})` : ""
      } works on this name now. ` +
        "Wait for it, stop it, or give another 'name'.",
    );
  }
  await file.truncate(0);
  await file.write(new TextEncoder().encode(`${Deno.pid}\n`)).catch(() => {}); // stages tell of a full disk
  return {
    release() {
      file.truncateSync(0);
      file.close();
    },
  };
}

/** The file that is held; null where it may not be written, which the run tells where it writes. */
async function openLock(name: string): Promise<Deno.FsFile | null> {
  try {
    await Deno.mkdir(outputFolder(name), { recursive: true });
    const path = join(outputFolder(name), "pipeline.lock");
    return await Deno.open(path, { create: true, read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied) return null;
    throw error;
  }
}
