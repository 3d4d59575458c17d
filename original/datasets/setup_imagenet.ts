/**
 * Bringing ImageNet's images to where the original's data sets look for them.
 *
 * @module
 */
import { option, type OptionsInput, resolveOptions } from "../../lib/core/option.ts";
import { basename, join, resolve } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import { readTar } from "../files/tar.ts";
import { isFolder } from "../../lib/datasets/find_images.ts";
import { IMAGENET_SYNSETS } from "./catalog.ts";

/** Options of {@link setupImagenet}. */
export const SETUP_IMAGENET_OPTIONS = {
  skipChecks: option.boolean({ doc: "Resume where synsets are missing.", default: false }),
  overwrite: option.boolean({ doc: "Remove datasets/imagenet/images first.", default: false }),
  symlinks: option.boolean({ doc: "Link folders instead of copying them.", default: false }),
} as const;

/** What was done with each synset. */
export interface SetupImagenetReport {
  /** Folders that were copied. */
  readonly copied: readonly string[];
  /** Folders that were linked. */
  readonly linked: readonly string[];
  /** Archives that were extracted. */
  readonly extracted: readonly string[];
  /** Synsets that were left out, as they are missing. */
  readonly missing: readonly string[];
}

/** Where the images go. */
export const IMAGENET_FOLDER = "datasets/imagenet/images";

/**
 * Copies, links or extracts the images of all synsets. A folder `PATH/<synset>` is taken before an archive
 * `PATH/<synset>.tar`.
 *
 * @param source Folder with the synsets
 * @param options Links, overwriting, missing synsets
 * @param callbacks Progress in synsets
 * @returns What was done
 * @throws {UserError} If synsets are missing, the target exists, or an archive is damaged
 */
export async function setupImagenet(
  source: string,
  options: OptionsInput<typeof SETUP_IMAGENET_OPTIONS> = {},
  callbacks: StageCallbacks = {},
): Promise<SetupImagenetReport> {
  const { skipChecks, overwrite, symlinks } = resolveOptions(SETUP_IMAGENET_OPTIONS, options);
  const synsets = Object.values(IMAGENET_SYNSETS).flat();
  const kinds = new Map<string, "folder" | "archive" | "missing">();
  for (const synset of synsets) kinds.set(synset, await kindOf(source, synset));
  const missing = synsets.filter((synset) => kinds.get(synset) === "missing");
  if (missing.length > 0 && !skipChecks) {
    throw new UserError(
      `Cannot set up ImageNet from ${source}: ${missing.length} of ${synsets.length} synsets have neither a folder ` +
        `with images nor an archive SYNSET.tar there: ${
          missing.join(", ")
        }. Add them, or leave them out with ` +
        `'skipChecks'.`,
    );
  }
  await clearTarget(overwrite);
  const report = { copied: [] as string[], linked: [] as string[], extracted: [] as string[], missing };
  for (const [i, synset] of synsets.entries()) {
    throwIfStopped(callbacks.signal, "Setting up ImageNet");
    const target = join(IMAGENET_FOLDER, synset);
    if (kinds.get(synset) === "archive") {
      await extract(join(source, `${synset}.tar`), target);
      report.extracted.push(synset);
    } else if (kinds.get(synset) === "folder") {
      if (symlinks) await Deno.symlink(resolve(source, synset), target, { type: "dir" });
      else await copyFolder(join(source, synset), target);
      (symlinks ? report.linked : report.copied).push(synset);
    }
    callbacks.onProgress?.({ done: i + 1, total: synsets.length });
  }
  return report;
}

async function clearTarget(overwrite: boolean): Promise<void> {
  if (await Deno.lstat(IMAGENET_FOLDER).then(() => true, () => false)) {
    if (!overwrite) {
      throw new UserError(`${IMAGENET_FOLDER} exists already: add 'overwrite' to make it from scratch.`);
    }
    await Deno.remove(IMAGENET_FOLDER, { recursive: true });
  }
  await Deno.mkdir(IMAGENET_FOLDER, { recursive: true });
}

async function kindOf(source: string, synset: string): Promise<"folder" | "archive" | "missing"> {
  const folder = join(source, synset);
  if (await isFolder(folder)) {
    for await (const _ of Deno.readDir(folder)) return "folder";
  }
  return await Deno.stat(`${folder}.tar`).then((info) => info.isFile, () => false) ? "archive" : "missing";
}

/** Files of an archive, all directly in the folder: names that lead out of it are refused. */
async function extract(archive: string, target: string): Promise<void> {
  await Deno.mkdir(target, { recursive: true });
  for await (const { name, bytes } of readTar(archive)) {
    if (name.startsWith("/") || name.split(/[\\/]/).includes("..")) {
      throw new UserError(
        `Cannot extract ${archive}: its file ${JSON.stringify(name)} would lie outside of ${target}`,
      );
    }
    await writeFileAtomic(join(target, basename(name)), bytes);
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
