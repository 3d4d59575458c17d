/**
 * What earlier work left on the disk, and its removal.
 *
 * @module
 */
import { optionalName } from "../core/common_options.ts";
import { option, type OptionsInput } from "../core/option.ts";
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";

/** Kinds of files, with the folders that hold them: one folder of each run or data set's name below. */
export const FILE_KINDS = {
  cache: ["cache"],
  checkpoints: ["checkpoints_recon", "checkpoints_gan"],
  tensorboard: ["tensorboard_recon", "tensorboard_gan"],
  output: ["output"],
} as const;

/** Kind of files. */
export type FileKind = keyof typeof FILE_KINDS;

/** Files of one kind and name. */
export interface StoredFiles {
  /** Name of the run or data set. */
  readonly name: string;
  /** Kind of the files. */
  readonly kind: FileKind;
  /** Folder, or file, that holds them. */
  readonly path: string;
  /** Their size in bytes. */
  readonly bytes: number;
}

/** Options of the task `clean`. */
export const CLEAN_OPTIONS = {
  name: optionalName("Run or data set whose files are to be removed; without it all are listed."),
  kinds: option.choices({
    doc: "Kinds of files to remove; all if left out.",
    choices: Object.keys(FILE_KINDS) as FileKind[],
  }),
  numberedOnly: option.boolean({
    doc: "Only numbered checkpoints; the latest and the best stay.",
    default: false,
  }),
  yes: option.boolean({ doc: "Remove them; without it they are only listed.", default: false }),
} as const;

/** Everything that is stored, with sizes, by name and kind. */
export async function listStored(): Promise<StoredFiles[]> {
  const found: StoredFiles[] = [];
  for (const [kind, folders] of Object.entries(FILE_KINDS)) {
    for (const folder of folders) {
      for (const { name } of await entriesOf(folder)) {
        const path = join(folder, name);
        found.push({ name, kind: kind as FileKind, path, bytes: await sizeOf(path) });
      }
    }
  }
  return found.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/**
 * Chooses what a request would remove.
 *
 * @throws {UserError} If nothing of that name is stored
 */
export async function chooseStored(
  { name, kinds, numberedOnly }: Pick<OptionsInput<typeof CLEAN_OPTIONS>, "kinds" | "numberedOnly"> & {
    readonly name: string;
  },
): Promise<StoredFiles[]> {
  const stored = await listStored(), named = stored.filter((files) => files.name === name);
  if (named.length === 0) {
    const names = [...new Set(stored.map((files) => files.name))].join(", ") || "none";
    throw new UserError(
      `Cannot clean ${JSON.stringify(name)}: nothing is stored under this name; there are: ${names}`,
    );
  }
  const chosen = named.filter(({ kind }) => kinds === undefined || kinds.includes(kind));
  if (!numberedOnly) return chosen;
  const lists = chosen.filter(({ kind }) => kind === "checkpoints").map(async (files) => {
    const numbered = (await entriesOf(files.path)).filter((entry) => /^checkpoint_\d+\./.test(entry.name));
    return await Promise.all(numbered.map(async (entry) => {
      const path = join(files.path, entry.name);
      return { ...files, path, bytes: await sizeOf(path) };
    }));
  });
  return (await Promise.all(lists)).flat();
}

/** Removes what was chosen. */
export async function removeStored(chosen: readonly StoredFiles[]): Promise<void> {
  for (const { path } of chosen) await Deno.remove(path, { recursive: true });
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
}

/** Bytes of a file, or of all files of a folder; links count for themselves. */
async function sizeOf(path: string): Promise<number> {
  const { isDirectory, size } = await Deno.lstat(path);
  if (!isDirectory) return size;
  const sizes = (await entriesOf(path)).map(({ name }) => sizeOf(join(path, name)));
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}
