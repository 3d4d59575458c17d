/**
 * Which files belong to one image: names of photographs, of masks and of what annotations call an image.
 *
 * @module
 */
import { isImageName } from "./find_images.ts";

/** Folders of photographs, of masks and of part labels, in lower case. */
const IMAGE_FOLDERS = [
  "images",
  "image",
  "imgs",
  "img",
  "jpegimages",
  "photos",
  "photographs",
  "pictures",
  "rgb",
];
const MASK_FOLDERS = [
  ...[
    "masks",
    "mask",
    "segmentationobject",
    "segmentationclass",
    "segmentations",
    "segmentation",
    "seg",
    "segs",
  ],
  ...["gt", "groundtruth", "ground_truth", "ground-truth", "annotations", "annotation", "labels", "label"],
  ...["matte", "mattes", "alpha", "foreground"],
];
/** Words in the name of a folder, such as train_masks or SegmentationClassPNG, that make it one of masks. */
const MASK_FOLDER_WORDS = [
  ...["mask", "masks", "segmentation", "segmentations", "seg", "gt", "groundtruth", "trimap", "trimaps"],
  ...["silhouette", "silhouettes", "mattes"],
];
const PART_FOLDERS = ["parts", "part_labels"];
/** Words before or after a photograph's name that make it the name of its mask. */
const MASK_WORDS = "masks?|seg|segmentation|matte|silhouette|gt|groundtruth|label|labels|alpha";
const AFTER = new RegExp(`[-_. ](?:${MASK_WORDS})(?:[-_. ]?\\d{1,3})?$`, "i"),
  BEFORE = new RegExp(`^(?:${MASK_WORDS})[-_. ]`, "i"),
  JOINED = /(?<=[A-Za-z\d])Masks?$/,
  ALONE = new RegExp(`^(?:${MASK_WORDS})$`, "i");
/** Words after a photograph's name that its mask has others for. */
const PHOTOGRAPH_WORDS = /[-_. ](?:image|img|rgb|photo|sat|colou?r)$/i;
/** Formats in the order in which one of several masks of an image is taken: those that keep values first. */
const FORMATS = [".png", ".tif", ".tiff", ".bmp", ".webp", ".gif"];

/** What an image file is, by the folders that it lies in. */
export type ImageRole = "image" | "mask" | "parts" | "unknown";

/** Role of a file and its name without the folder that tells it. */
export interface NamedImage {
  /** File, relative to the folder that is imported. */
  readonly path: string;
  /** What the folders say. */
  readonly role: ImageRole;
  /** Path without ending and without the folder of the role, in one normal form of Unicode. */
  readonly key: string;
}

/** Names an image file. */
export function nameOf(path: string): NamedImage {
  const parts = path.normalize("NFC").split("/"),
    folders = parts.slice(0, -1).map((part) => part.toLowerCase());
  const place = (names: readonly string[]) => folders.findIndex((folder) => names.includes(folder));
  const ofWords = parts.slice(0, -1).findIndex((part) =>
    wordsOf(part).some((word) => MASK_FOLDER_WORDS.includes(word))
  );
  const roles = [["parts", PART_FOLDERS], ["mask", MASK_FOLDERS], ["image", IMAGE_FOLDERS]] as const;
  for (const [role, names] of roles) {
    const at = place(names);
    if (at >= 0) return { path, role, key: stemOf(parts.filter((_, i) => i !== at).join("/")) };
  }
  if (ofWords >= 0) {
    const rest = wordsOf(parts[ofWords]).filter((word) => !MASK_FOLDER_WORDS.includes(word)).join("_");
    const named = parts.flatMap((part, i) => i !== ofWords ? [part] : rest === "" ? [] : [rest]);
    return { path, role: "mask", key: stemOf(named.join("/")) };
  }
  return { path, role: "unknown", key: stemOf(parts.join("/")) };
}

/** Words of a folder's name in lower case: parted by signs, or by capitals. */
function wordsOf(folder: string): string[] {
  const words = folder.split(/[-_. ]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  return words.map((word) => word.toLowerCase()).join(" ").replace("ground truth", "groundtruth").split(" ");
}

/** Whether a name is a word for a mask and nothing else, such as mask.png beside photo.jpg. */
export function isMaskWord(key: string): boolean {
  return ALONE.test(key.slice(key.lastIndexOf("/") + 1));
}

/** Names under which the mask of a photograph may stand: its own, and that without a word for photographs. */
export function maskKeys(key: string): string[] {
  return [...new Set([key, key.replace(PHOTOGRAPH_WORDS, "")])];
}

/** A path without its ending. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./]*$/, "");
}

/** Keys of the photographs that a mask of this key may belong to, the likeliest first. */
export function photographKeys(key: string): string[] {
  const slash = key.lastIndexOf("/") + 1, folder = key.slice(0, slash), name = key.slice(slash);
  const plain = isImageName(name) ? stemOf(name) : name; // x.jpg.png
  const bare = [AFTER, BEFORE, JOINED].map((word) => plain.replace(word, "")).filter((word) => word !== "");
  const names = [name, plain, ...bare, ...bare.filter(isImageName).map(stemOf)];
  return [...new Set(names.map((word) => folder + word))];
}

/** Whether a name is that of a mask, by the words before or after it. */
export function hasMaskWord(key: string): boolean {
  const name = key.slice(key.lastIndexOf("/") + 1), plain = isImageName(name) ? stemOf(name) : name;
  return [AFTER, BEFORE, JOINED].some((word) => word.test(plain));
}

/** Order in which one of several masks of an image is taken. */
export function formatRank(path: string): number {
  const rank = FORMATS.findIndex((ending) => path.toLowerCase().endsWith(ending));
  return rank < 0 ? FORMATS.length : rank;
}

/** Finds the image that annotations name. */
export class ImageIndex {
  readonly #byPath = new Map<string, string>();
  readonly #byName = new Map<string, string[]>();

  /** @param images Image files, relative to the folder */
  constructor(images: readonly string[]) {
    for (const path of images) {
      this.#byPath.set(path.normalize("NFC"), path);
      const name = baseOf(path).normalize("NFC").toLowerCase();
      this.#byName.set(name, [...this.#byName.get(name) ?? [], path]);
    }
  }

  /**
   * The file of an image: the path itself, seen from one of some folders; else the only file whose path ends like it; else
   * that of the name with its escapes resolved, as in addresses (%20).
   *
   * @param name Name as annotations have it, with "/" or "\\"
   * @param folders Folders that it may be seen from, such as "" and "images/"
   * @returns The file; null if there is none, or several
   */
  find(name: string, folders: readonly string[] = [""]): string | null {
    const wanted = plainPath(name);
    for (const folder of folders) {
      const found = this.#byPath.get(folder + wanted);
      if (found !== undefined) return found;
    }
    const alike = this.#byName.get(baseOf(wanted).toLowerCase()) ?? [];
    const lengths = alike.map((path) => commonEnd(path.normalize("NFC"), wanted)),
      most = Math.max(0, ...lengths);
    const best = alike.filter((_, i) => lengths[i] === most);
    if (best.length === 1) return best[0];
    const resolved = withoutEscapes(name);
    return resolved === name ? null : this.find(resolved, folders);
  }
}

/** A name without the escapes of addresses; itself if it has none. */
function withoutEscapes(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A path as a listing has it: with "/", without "./", drive, and what an address has around it, in one normal form of Unicode. */
export function plainPath(name: string): string {
  const [, path = name] = /^[a-z][a-z0-9+.-]+:\/\/[^/]*\/([^?#]*)/i.exec(name) ?? []; // of an address
  return path.replaceAll("\\", "/").replace(/^[a-z]:/i, "").replace(/^(?:\.?\/)+/, "").normalize("NFC");
}

/** Number of parts at the end that two paths have in common; at least the name without regard to case. */
export function commonEnd(a: string, b: string): number {
  const [x, y] = [a.split("/").reverse(), b.split("/").reverse()];
  let count = 0;
  while (count < Math.min(x.length, y.length) && (x[count] === y[count])) count++;
  return count;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
