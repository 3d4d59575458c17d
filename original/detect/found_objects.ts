/**
 * Objects that were found in photographs before.
 *
 * @module
 */
import { basename, extname, resolve } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import type { FindObjects, Instance } from "../../lib/datasets/detect/instance.ts";
import { decodeRle, textToRuns } from "../../lib/io/rle.ts";
import { resultsSource } from "./detect_source.ts";
import { readDetections } from "../datasets/detections_file.ts";

/**
 * Objects that were found before: by `detect`, in its file `detections.npy`, or by another tool, in COCO's form.
 *
 * @param path File that ends in .npy or .json
 * @throws {UserError} If the file is missing, damaged or of another kind
 */
export async function foundObjects(path: string): Promise<FindObjects> {
  if (extname(path).toLowerCase() === ".json") return (await resultsSource(path, null)).find;
  if (extname(path).toLowerCase() !== ".npy") {
    throw new UserError(
      `Cannot use ${path} as detections: its name must end in .npy (of detect) or .json (COCO)`,
    );
  }
  const detections = await readDetections(path);
  return (photo, { height, width }, threshold) => {
    const own = ofPhotograph(detections, photo, path);
    if (own.length === 0) return Promise.resolve(null);
    return Promise.resolve(
      own.filter(({ score }) => score >= threshold).map((found): Instance => {
        if (found.height !== height || found.width !== width) {
          throw new UserError(
            `Cannot use the detections ${path}: they are of an image of ${found.width} x ${found.height}, ${photo} is ` +
              `${width} x ${height}`,
          );
        }
        const { className, score, box, runs } = found;
        return { className, score, box, mask: decodeRle(textToRuns(runs), height, width) };
      }),
    );
  };
}

/** Detections of a photograph: those of its path, else those of its name where it stands for one image. */
function ofPhotograph<T extends { readonly imagePath: string }>(
  detections: readonly T[],
  photo: string,
  path: string,
): T[] {
  const exact = detections.filter(({ imagePath }) => resolve(imagePath) === resolve(photo));
  if (exact.length > 0) return exact;
  const alike = detections.filter(({ imagePath }) => basename(imagePath) === basename(photo));
  const images = [...new Set(alike.map(({ imagePath }) => imagePath))];
  if (images.length <= 1) return alike;
  throw new UserError(
    `Cannot use the detections ${path} for ${photo}: several images have its name, ${
      images.slice(0, 3).join(", ")
    }; ` +
      "give the path that they were found under.",
  );
}
