/**
 * Folders that last as long as a test.
 *
 * @module
 */

/** Runs a test with a folder that is empty before and gone afterwards. */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a test with such a folder as the current one, where the project's own folders come to lie. */
export async function inProject(test: (folder: string) => Promise<void>): Promise<void> {
  const before = Deno.cwd();
  await inFolder(async (folder) => {
    Deno.chdir(folder);
    try {
      await test(folder);
    } finally {
      Deno.chdir(before);
    }
  });
}
