/**
 * Image files of a folder.
 *
 * @module
 */
import { join } from "@std/path";

const IMAGE_NAME =
  /\.(png|apng|jpe?g|jpe|jfif|jif|pjpe?g|webp|tiff?|avif|gif|bmp|dib|hei[cf]|heics|jxl|psd)$/i;
/** Endings of photographs as cameras store them, of images that are not read, and of films. */
const RAW_NAME = /\.(cr[23w]|nef|nrw|arw|srf|sr2|raf|orf|rw2|pef|dng|raw|x3f|3fr|iiq)$/i;
const UNREAD_NAME = /\.(p[bgpn]m|tga|jp2|j2k|jpx|ico|svg|exr|hdr|dds|xcf|eps|pdf|npy|npz|mat)$/i;
const FILM_NAME = /\.(mp4|mov|avi|mkv|webm|m4v|mpe?g|wmv|3gp)$/i;
/** How deep folders may lie in each other. */
const MOST_LEVELS = 16;

/** Whether a file is an image, by the ending of its name. */
export function isImageName(path: string): boolean {
  return IMAGE_NAME.test(path);
}

/** Whether a file is, by its name, an image of a kind that is not read. */
export function isUnreadImage(path: string): boolean {
  return RAW_NAME.test(path) || UNREAD_NAME.test(path);
}

/** Why a file is not used that is no image by its name. */
export function whyNoImage(path: string): string {
  if (RAW_NAME.test(path)) return "raw photographs are not read: save it as JPEG or PNG";
  const unread = UNREAD_NAME.exec(path);
  if (unread) return `${unread[1].toUpperCase()} is not read: save it as PNG`;
  if (/\.(json|xml)$/i.test(path)) return "it holds no annotations that are understood";
  return FILM_NAME.test(path) ? "it is a film: save its images as JPEG or PNG" : "it is no image";
}

/**
 * Files of a folder and of the folders in it, at any depth; hidden ones are left out.
 *
 * @param folder Folder
 * @returns Paths relative to the folder, with "/", in the order of their characters; empty if there is no such folder
 */
export async function findFiles(folder: string): Promise<string[]> {
  return (await walk(folder)).found;
}

/**
 * Hidden files and folders, which are not looked into; those end with "/".
 *
 * @param folder Folder
 * @returns Paths relative to the folder, with "/", in the order of their characters
 */
export async function findHidden(folder: string): Promise<string[]> {
  return (await walk(folder)).hidden;
}

async function walk(folder: string): Promise<{ found: string[]; hidden: string[] }> {
  const found: string[] = [], hidden: string[] = [], visited = new Set<string>();
  const visit = async (inside: string, level: number) => {
    const place = await Deno.realPath(join(folder, inside)).catch(() => null);
    if (place === null || visited.has(place)) return; // a link to a folder that is looked into
    visited.add(place);
    for (const { name, isDirectory, isSymlink } of await entriesOf(join(folder, inside))) {
      const path = inside + name;
      if (name.startsWith(".") || name === "__MACOSX") hidden.push(isDirectory ? `${path}/` : path);
      else if (isDirectory || isSymlink && await isFolder(join(folder, path))) {
        if (level < MOST_LEVELS) await visit(`${path}/`, level + 1);
      } else found.push(path);
    }
  };
  await visit("", 0);
  return { found: found.sort(), hidden: hidden.sort() };
}

/**
 * Image files of a folder and of the folders in it, by the ending of their names; hidden ones are left out.
 *
 * @param folder Folder
 * @param skip Names of folders, at any depth, that are not looked into
 * @returns Paths relative to the folder, with "/", in the order of their characters; empty if there is no such folder
 */
export async function findImages(folder: string, skip: readonly string[] = []): Promise<string[]> {
  return (await findFiles(folder)).filter((path) =>
    isImageName(path) && !path.split("/").slice(0, -1).some((part) => skip.includes(part))
  );
}

/** Whether a path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  return await isFolder(folder) ? await Array.fromAsync(Deno.readDir(folder)) : [];
}
