/**
 * Checking one photograph with its mask and parts.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf } from "../core/errors.ts";
import { type ByteImage, readByteImage } from "../io/image_file.ts";
import { cropOfBox } from "./crop.ts";
import type { SampleRecord } from "./dataset.ts";
import type { PictureProblem } from "./import_report.ts";
import { labelsOfPicture } from "./mask_picture.ts";
import { type MaskMeasures, measureMask } from "./measure_mask.ts";
import type { PhotoSource } from "./photo_source.ts";
import { encodeRle, runsToText } from "../io/rle.ts";
import { readMask, sizeMismatch } from "./read_mask.ts";
import { truePoseInCrop } from "./true_pose.ts";

/** From where on a mask is worth a note. */
export const CHECK_LIMITS = {
  /** Longest side of the box in pixels below which an object is called small. */
  smallSide: 64,
  /** Pixels on the picture's border, as a share of the box's longest side, from which an object may be cut off. */
  borderShare: 0.1,
  /** Share of the object that the largest piece must hold. */
  largestPiece: 0.9,
} as const;

/** What a check found. */
export interface CheckedPicture {
  /** Record with paths as in the source; null if the picture cannot be used. */
  readonly record: SampleRecord | null;
  /** Part labels that the object shows. */
  readonly partLabels: readonly number[];
  /** Problems found. */
  readonly problems: readonly PictureProblem[];
}

/**
 * Reads a photograph and all that belongs to it.
 *
 * @param folder Folder of the photographs
 * @param source One of its objects
 * @returns A record for the data set, or why there is none
 */
export async function checkPicture(folder: string, source: PhotoSource): Promise<CheckedPicture> {
  const unusable = (problem: PictureProblem) => ({ record: null, partLabels: [], problems: [problem] });
  let image: ByteImage;
  try {
    image = await readByteImage(join(folder, source.image));
  } catch (error) {
    const advice = "replace it, or save it again as PNG or JPEG";
    return unusable({ file: source.image, kind: "unreadable", value: messageOf(error), advice });
  }
  const { height, width } = image;
  const stated = source.statedSize;
  if (stated && (stated[0] !== height || stated[1] !== width)) {
    return unusable(sizeMismatch(source.image, "size in the annotations", stated, image));
  }
  const mask = await readMask(folder, source, image);
  if (!(mask instanceof Uint8Array)) return unusable(mask);
  const measures = measureMask(mask, height, width);
  const wrong = wrongArea(source.image, measures, height * width);
  if (wrong) return unusable(wrong);
  const parts = await readParts(folder, source, image, mask);
  if ("file" in parts) return unusable(parts);

  const crop = cropOfBox(measures.box);
  const truePose = source.camera && height === width ? truePoseInCrop(source.camera, width, crop) : null;
  const problems = notesOn(source.image, measures);
  if (source.camera && !truePose) {
    problems.push({
      file: source.image,
      kind: "unused_camera",
      value: "the camera is not understood for this picture",
      advice: "give a square picture, and R, scale, translation and distance",
    });
  }
  const { kind } = source.mask!;
  const record: SampleRecord = {
    id: source.id,
    imagePath: source.image,
    maskPath: source.mask?.kind === "picture" ? source.mask.path : null,
    maskRuns: kind === "polygons" || kind === "runs" ? runsToText(encodeRle(mask, height, width)) : null,
    partsPath: source.parts,
    classIndex: 0,
    width,
    height,
    box: measures.box,
    truePose,
  };
  return { record, partLabels: parts.labels, problems };
}

function wrongArea(file: string, { area }: MaskMeasures, pixels: number): PictureProblem | null {
  if (area === 0) {
    const advice = "draw the mask, or leave the picture out";
    return { file, kind: "empty_mask", value: `the mask is empty (0 of ${pixels} pixels)`, advice };
  }
  if (area === pixels) {
    const advice = "a mask must leave out the background; check that it is not the photograph itself";
    return { file, kind: "full_mask", value: `the mask covers all ${pixels} pixels`, advice };
  }
  return null;
}

function notesOn(file: string, measures: MaskMeasures): PictureProblem[] {
  const { area, box, borderPixels, pieces, largestPiece } = measures;
  const side = Math.max(box[2] - box[0], box[3] - box[1]);
  const notes: PictureProblem[] = [];
  if (borderPixels >= Math.max(2, CHECK_LIMITS.borderShare * side)) {
    notes.push({
      file,
      kind: "touches_border",
      value: `${borderPixels} pixels of the object lie on the picture's border`,
      advice: "if the object is cut off, leave the picture out",
    });
  }
  if (side < CHECK_LIMITS.smallSide) {
    notes.push({
      file,
      kind: "small",
      value: `the object is ${box[2] - box[0]} x ${box[3] - box[1]} pixels`,
      advice: `a larger picture gives a better texture (${CHECK_LIMITS.smallSide} pixels or more)`,
    });
  }
  if (largestPiece < CHECK_LIMITS.largestPiece * area) {
    const share = (100 * largestPiece / area).toFixed(0);
    notes.push({
      file,
      kind: "fragmented",
      value: `the mask is in ${pieces} pieces, the largest holds ${share} %`,
      advice: "if it holds several objects or stray spots, correct it",
    });
  }
  return notes;
}

async function readParts(
  folder: string,
  source: PhotoSource,
  image: ByteImage,
  mask: Uint8Array,
): Promise<{ labels: number[] } | PictureProblem> {
  if (source.parts === null) return { labels: [] };
  const file = source.parts;
  let picture: ByteImage;
  try {
    picture = await readByteImage(join(folder, file));
  } catch (error) {
    return { file, kind: "unreadable", value: messageOf(error), advice: "save the part labels again as PNG" };
  }
  if (picture.height !== image.height || picture.width !== image.width) {
    return sizeMismatch(
      source.image,
      `picture of part labels ${file}`,
      [picture.height, picture.width],
      image,
    );
  }
  const labels = labelsOfPicture(picture);
  if (!labels) {
    const advice = "save the part labels as a grey PNG, one grey value per part";
    return { file, kind: "unreadable", value: "the picture of part labels is coloured", advice };
  }
  const seen = new Set<number>();
  for (let p = 0; p < labels.length; p++) if (mask[p] && labels[p]) seen.add(labels[p]);
  return { labels: [...seen].sort((a, b) => a - b) };
}
