/**
 * Folders of photographs without annotations: cut-outs with an alpha channel, or masks of the same name beside them.
 *
 * @module
 */
import { join } from "@std/path";
import { findPictures, isFolder } from "./find_pictures.ts";
import type { PictureProblem } from "./import_report.ts";
import { IdMaker, type PhotoLayout, type PhotoSource } from "./photo_source.ts";

/**
 * Reads a folder whose pictures lie in it or in `images/`, and whose masks lie in `masks/` under the same name, or else
 * are the pictures' alpha channels. Label pictures in `parts/` under the same name are taken as parts.
 *
 * @param folder Folder
 * @returns The layout; without sources if there are no pictures
 */
export async function readFolderLayout(folder: string): Promise<PhotoLayout> {
  const inImages = await isFolder(join(folder, "images"));
  const prefix = inImages ? "images/" : "";
  const images = await findPictures(join(folder, prefix), ["masks", "parts"]);
  const masks = await isFolder(join(folder, "masks")) ? await byStem(folder, "masks") : null;
  const parts = await byStem(folder, "parts");
  const ids = new IdMaker();
  const unused = new Map([...masks ?? []].map(([stem, path]) => [stem, path]));
  const sources = images.map((image): PhotoSource => {
    const stem = stemOf(image);
    const maskPath = masks?.get(stem);
    unused.delete(stem);
    return {
      id: ids.make(stem),
      image: prefix + image,
      mask: masks ? (maskPath ? { kind: "picture", path: maskPath } : null) : { kind: "alpha" },
      parts: parts.get(stem) ?? null,
      statedSize: null,
      camera: null,
    };
  });
  const problems = [...unused.values()].map((file): PictureProblem => ({
    file,
    kind: "unused_file",
    value: "there is no picture of the same name",
    advice: `put the picture into ${prefix || "the folder"} or remove the mask`,
  }));
  const place = inImages ? "pictures in images/" : "pictures in the folder";
  return {
    description: masks ? `${place}, masks in masks/` : `${place}, masks in their alpha channels`,
    sources,
    partNames: new Map(),
    problems,
  };
}

async function byStem(folder: string, inside: string): Promise<Map<string, string>> {
  const paths = await findPictures(join(folder, inside));
  return new Map(paths.map((path) => [stemOf(path), `${inside}/${path}`]));
}

function stemOf(path: string): string {
  return path.replace(/\.[^./]*$/, "");
}
