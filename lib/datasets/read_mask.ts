/**
 * The mask of a photograph from wherever it stands.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf } from "../core/errors.ts";
import type { ByteImage } from "../io/image_file.ts";
import { decodeRle, textToRuns } from "../io/rle.ts";
import type { PictureProblem } from "./import_report.ts";
import { maskOfAlpha, maskOfPicture } from "./mask_picture.ts";
import type { MaskSource, PhotoSource } from "./photo_source.ts";
import { type PictureReader, unreadableReason } from "./picture_reader.ts";
import { polygonMask } from "./polygon_mask.ts";

/**
 * Reads the mask of a photograph that was read already.
 *
 * @param folder Folder of the photographs
 * @param source Where the mask stands
 * @param image The photograph, `[H, W, C]`
 * @param reader Reads a mask picture
 * @returns The mask, 0 or 1, `[H, W]`, or what is wrong with it
 */
export async function readMask(
  folder: string,
  { image: file, mask: source }: Pick<PhotoSource, "image" | "mask">,
  image: ByteImage,
  reader: PictureReader,
): Promise<Uint8Array | PictureProblem> {
  const { height, width } = image;
  switch (source?.kind) {
    case undefined:
      return noMask(
        file,
        "no mask of the same name",
        "add the mask, or cut it out of a plain background with --masks auto",
      );
    case "alpha":
      return maskOfAlpha(image) ??
        noMask(
          file,
          "no alpha channel and no mask beside it",
          "save it as a PNG cut-out, put a mask of the same name into masks/, or cut it out of a plain background " +
            "with --masks auto",
        );
    case "picture":
      return await readMaskPicture(join(folder, source.path), source.path, file, image, reader);
    case "polygons":
      return decodeAnnotation(file, () => polygonMask(inPixels(source, image), height, width));
    case "runs": {
      const { size, counts } = source;
      if (size[0] !== height || size[1] !== width) return sizeMismatch(file, "mask", size, image);
      return decodeAnnotation(file, () => {
        const runs = typeof counts === "string" ? textToRuns(counts) : counts;
        return decodeRle(runs, height, width);
      });
    }
  }
}

/** The problem of a mask, parts or statement of another size than the picture. */
export function sizeMismatch(
  file: string,
  what: string,
  [height, width]: readonly [number, number],
  image: ByteImage,
): PictureProblem {
  return {
    file,
    kind: "size_mismatch",
    value: `the ${what} is ${width} x ${height}, the picture ${image.width} x ${image.height}`,
    advice: "make both of the same size",
  };
}

function inPixels(
  { polygons, inShares }: Extract<MaskSource, { kind: "polygons" }>,
  { height, width }: ByteImage,
): readonly (readonly number[])[] {
  if (!inShares) return polygons;
  return polygons.map((polygon) => polygon.map((share, k) => share * (k % 2 === 0 ? width : height)));
}

async function readMaskPicture(
  place: string,
  path: string,
  file: string,
  image: ByteImage,
  reader: PictureReader,
): Promise<Uint8Array | PictureProblem> {
  let picture: ByteImage;
  try {
    picture = await reader.read(place);
  } catch (error) {
    return {
      file: path,
      kind: "unreadable",
      value: unreadableReason(error, place),
      advice: "save the mask again as PNG",
    };
  }
  if (picture.height !== image.height || picture.width !== image.width) {
    return sizeMismatch(file, `mask ${path}`, [picture.height, picture.width], image);
  }
  return maskOfPicture(picture);
}

function decodeAnnotation(file: string, decode: () => Uint8Array): Uint8Array | PictureProblem {
  try {
    return decode();
  } catch (error) {
    return { file, kind: "bad_annotation", value: messageOf(error), advice: "correct the segmentation" };
  }
}

function noMask(file: string, value: string, advice: string): PictureProblem {
  return { file, kind: "no_mask", value, advice };
}
