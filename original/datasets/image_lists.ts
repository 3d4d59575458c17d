/**
 * The images that detection goes through, with the files of their parts.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { findImages, isFolder } from "../../lib/datasets/find_images.ts";
import { DATASET_CLASSES, IMAGENET_SYNSETS } from "./catalog.ts";
import { annotationFiles, readAnnotatedPaths } from "./ground_truth.ts";

/** An image to look at. */
export interface ListedImage {
  /** Path, relative to the project's folder. */
  readonly imagePath: string;
  /** File of its parts, which may be missing. */
  readonly partsPath: string;
}

/**
 * Lists the images of a data set: those of the annotations for `cub` and `p3d_*`, all of the synsets for
 * `imagenet_*`, else all of `datasets/<name>/images`.
 *
 * @param name Name of the data set
 * @returns Images, each once, in a fixed order
 * @throws {UserError} If a list or folder is missing
 */
export async function listImages(name: string): Promise<ListedImage[]> {
  if (name === "cub") {
    const paths = await annotatedPaths(name, () => true);
    return paths.map((path) => ({
      imagePath: `datasets/cub/CUB_200_2011/images/${path}`,
      partsPath: `datasets/cub/vg3k_detections/${path}.npz`,
    }));
  }
  if (name.startsWith("p3d_") && Object.hasOwn(DATASET_CLASSES, name)) {
    const paths = await annotatedPaths(name, (path) => path.includes("_imagenet"));
    return paths.map((path) => ({
      imagePath: `datasets/p3d/PASCAL3D+_release1.1/Images/${path}`,
      partsPath: `datasets/p3d/vg3k_detections/${path}.npz`,
    }));
  }
  if (Object.hasOwn(DATASET_CLASSES, name)) {
    const synsets = IMAGENET_SYNSETS[DATASET_CLASSES[name]] ?? [];
    const there: string[] = []; // `setup_imagenet --skip_checks` leaves some out and says so
    for (const synset of synsets) {
      if (await isFolder(join("datasets/imagenet/images", synset))) there.push(synset);
    }
    if (there.length === 0) {
      throw new UserError(
        `Cannot list the images of ${name}: datasets/imagenet/images has none of the folders ${
          synsets.join(", ")
        }; ` +
          `bring them there with \`deno task setup_imagenet PATH\``,
      );
    }
    return (await Promise.all(there.map((synset) => listFolder("imagenet", synset)))).flat();
  }
  return await listFolder(name, "");
}

async function annotatedPaths(name: string, wanted: (path: string) => boolean): Promise<string[]> {
  const paths = await readAnnotatedPaths(annotationFiles(name)!.images);
  return [...new Set(paths.filter(wanted))].sort();
}

async function listFolder(dataset: string, inside: string): Promise<ListedImage[]> {
  const folder = join("datasets", dataset, "images", inside);
  if (!await isFolder(folder)) {
    throw new UserError(`Cannot list the images of ${folder}: there is no such folder`);
  }
  const parts = join("datasets", dataset, "vg3k_detections", inside);
  return await Promise.all((await findImages(folder)).map(async (path) => ({
    imagePath: join(folder, path),
    partsPath: await partsFile(parts, path),
  })));
}

/** `x.jpg.npz`, or `x.npz` where there is only that. */
async function partsFile(folder: string, path: string): Promise<string> {
  const whole = join(folder, `${path}.npz`);
  const short = join(folder, path.replace(/\.[^./]*$/, ".npz"));
  return await Deno.stat(whole).then(() => whole, () => short);
}
