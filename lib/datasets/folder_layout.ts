/**
 * Folders of photographs without annotations: RGBA images with an alpha channel, or masks that belong to them by name.
 *
 * @module
 */
import { findFiles, isImageName, whyNoImage } from "./find_images.ts";
import { IdMaker, type PhotoLayout, type PhotoSource } from "./photo_source.ts";
import type { IgnoredFile } from "./import_report.ts";
import {
  formatRank,
  hasMaskWord,
  isMaskWord,
  maskKeys,
  type NamedImage,
  nameOf,
  photographKeys,
} from "./image_names.ts";

/**
 * Reads a folder of photographs, at any depth. Masks lie in `masks/` or a folder of another usual name, under the name of
 * the photograph, or beside it as `NAME_mask.png`; without one the alpha channel is the mask. Label images in `parts/`
 * are taken as parts.
 *
 * @param folder Folder
 * @returns The layout; without sources if there are no images
 */
export async function readFolderLayout(folder: string): Promise<PhotoLayout> {
  const files = await findFiles(folder), named = files.filter(isImageName).map(nameOf);
  const ignored: IgnoredFile[] = files.filter((file) => !isImageName(file))
    .map((file) => ({ file, reason: whyNoImage(file) }));
  const inImages = named.some(({ role }) => role === "image");
  const candidates = named.filter(({ role }) => role === (inImages ? "image" : "unknown"));
  const keys = new Map(candidates.flatMap(({ key }) => maskKeys(key).map((name) => [name, key])));
  const perFolder = Map.groupBy(candidates, ({ key }) => folderOfKey(key));
  const isAlone = ({ key }: NamedImage) => isMaskWord(key) && perFolder.get(folderOfKey(key))!.length === 2;
  const isMaskOfOther = (image: NamedImage) =>
    isAlone(image) ||
    hasMaskWord(image.key) &&
      photographKeys(image.key).some((other) => keys.has(other) && keys.get(other) !== image.key);
  const photographs = candidates.filter((image) => !isMaskOfOther(image));
  const beside = candidates.filter(isMaskOfOther).map((mask) =>
    isAlone(mask) ? namedAs(mask, photographs) : mask
  );
  const masks = [...named.filter(({ role }) => role === "mask"), ...beside];
  const belonging = new Belonging(photographs, ignored);
  const maskOf = belonging.choose(masks, "mask");
  const partsOf = belonging.choose(named.filter(({ role }) => role === "parts"), "image of part labels");
  for (const { path } of inImages ? named.filter(({ role }) => role === "unknown") : []) {
    ignored.push({ file: path, reason: "it lies outside of the folder of photographs, images/" });
  }
  const ids = new IdMaker();
  const sources = photographs.map(({ path, key }): PhotoSource => {
    const mask = maskOf.get(path);
    return {
      id: ids.make(key),
      image: path,
      mask: mask !== undefined ? { kind: "file", path: mask } : { kind: "alpha" },
      parts: partsOf.get(path) ?? null,
      statedSize: null,
      camera: null,
    };
  });
  const place = inImages ? `images in ${folderOf(photographs, "images")}` : "images in the folder";
  return {
    description: maskOf.size > 0
      ? `${place}, masks in ${folderOf(masks, "masks")}`
      : `${place}, masks in their alpha channels`,
    sources,
    partNames: new Map(),
    problems: [],
    ignored: ignored.sort((a, b) => a.file < b.file ? -1 : 1),
  };
}

/** Gives files to the photographs that they belong to. */
class Belonging {
  readonly #byKey: ReadonlyMap<string, readonly string[]>;
  readonly #byName: ReadonlyMap<string, readonly string[]>;
  readonly #ignored: IgnoredFile[];

  constructor(photographs: readonly NamedImage[], ignored: IgnoredFile[]) {
    const group = (keyOf: (key: string) => string) => {
      const entries = photographs.flatMap(({ key, path }) =>
        maskKeys(key).map((name) => ({ name: keyOf(name), path }))
      );
      const groups = Map.groupBy(entries, ({ name }) => name);
      return new Map([...groups].map(([name, members]) => [name, members.map(({ path }) => path)]));
    };
    this.#byKey = group((key) => key);
    this.#byName = group((key) => baseOf(key).toLowerCase());
    this.#ignored = ignored;
  }

  /** The file of each photograph; further ones, and those of no photograph, are ignored. */
  choose(files: readonly NamedImage[], what: string): Map<string, string> {
    const chosen = new Map<string, string>();
    const ranked = files.map((file) => ({ ...file, ...this.#match(file.key) }))
      .sort((a, b) => a.rank - b.rank || formatRank(a.path) - formatRank(b.path)); // stable
    for (const { path, photographs } of ranked) {
      if (photographs.length === 0) {
        this.#ignored.push({ file: path, reason: "there is no image of the same name" });
      }
      for (const photograph of photographs) {
        const other = chosen.get(photograph);
        if (other === undefined) chosen.set(photograph, path);
        else {
          this.#ignored.push({
            file: path,
            reason: `${other} is taken as the ${what} of ${photograph}`,
            commonReason: `another file is taken as the ${what}`,
          });
        }
      }
    }
    return chosen;
  }

  /** Photographs of a key, and how well it fits them, 0 = best. */
  #match(key: string): { photographs: readonly string[]; rank: number } {
    const keys = photographKeys(key);
    for (const [rank, candidate] of keys.entries()) {
      const photographs = this.#byKey.get(candidate);
      if (photographs) return { photographs, rank };
    }
    for (const [rank, candidate] of keys.entries()) {
      const photographs = this.#byName.get(baseOf(candidate).toLowerCase()) ?? [];
      if (photographs.length === 1) return { photographs, rank: keys.length + rank };
    }
    return { photographs: [], rank: 2 * keys.length };
  }
}

/** The folder that images lie in, as a person would say it. */
function folderOf(images: readonly NamedImage[], usual: string): string {
  const folders = new Set(
    images.map(({ path }) => path.includes("/") ? path.slice(0, path.indexOf("/") + 1) : ""),
  );
  const [only = `${usual}/`] = folders;
  return folders.size > 1 ? "several folders" : only === "" ? "the folder" : only;
}

/** A mask that is called by a word alone, under the name of the photograph beside it. */
function namedAs(mask: NamedImage, photographs: readonly NamedImage[]): NamedImage {
  const photograph = photographs.find(({ key }) => folderOfKey(key) === folderOfKey(mask.key));
  return { ...mask, key: photograph?.key ?? mask.key };
}

function folderOfKey(key: string): string {
  return key.slice(0, key.lastIndexOf("/") + 1);
}

function baseOf(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
