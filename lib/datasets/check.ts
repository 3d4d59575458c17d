/**
 * Checking one photograph with its mask and parts.
 *
 * @module
 */
import { join } from "@std/path";
import type { ByteImage, DeepImage } from "../io/byte_image.ts";
import { cropOfBox } from "./crop.ts";
import { type BackgroundRemoval, removeBackground } from "./background_removal/remove_background.ts";
import type { RemoveBackground } from "./background_removal/background_remover.ts";
import type { SampleRecord } from "./dataset.ts";
import type { ImageProblem } from "./import_report.ts";
import { labelsOfImage } from "./mask_image.ts";
import { type MaskMeasures, measureMask, withoutStraySpots } from "./measure_mask.ts";
import { type ImageLook, imageLook } from "./image_look.ts";
import type { PhotoSource } from "./photo_source.ts";
import { ImageReader, unreadableProblem } from "./image_reader.ts";
import { silhouetteOf } from "./viewpoints.ts";
import { encodeRle, runsToText } from "../io/rle.ts";
import { type MaskExpectation, readMask, sizeMismatch } from "./read_mask.ts";
import { madeOn, turnImage } from "./turned_image.ts";
import { truePoseInCrop } from "./true_pose.ts";

/** From where on a mask is worth a note. */
export const CHECK_LIMITS = {
  /** Longest side of the box in pixels below which an object is called small. */
  smallSide: 64,
  /** Pixels on the image's border, as a share of the box's longest side, from which an object may be cut off. */
  borderShare: 0.1,
  /** Share of the image's border that an object hardly ever covers. */
  coveredBorder: 0.6,
  /** Share of the object that the largest piece must hold. */
  largestPiece: 0.9,
} as const;

/** Least share of a part's mask that must lie on an object for the part to be the object's. */
const LEAST_CONTAINMENT = 0.5;

/** Options of {@link checkImage}. */
export interface CheckOptions extends MaskExpectation {
  /** Where masks come from: `given` ones only, or made by background removal where none is given (`auto`). */
  masks?: "given" | "auto";
  /** What removes backgrounds. */
  remove?: RemoveBackground;
}

/** What a check found. */
export interface ImageCheck {
  /** Record with paths as in the source; null if the image cannot be used. */
  readonly record: SampleRecord | null;
  /** Part labels that the object shows. */
  readonly partLabels: readonly number[];
  /** Masks of parts as run lengths, where parts do not come from an image of labels. */
  readonly partMasks: readonly { readonly label: number; readonly runs: string }[];
  /** Pixels of the object; null if it cannot be used. */
  readonly area: number | null;
  /** Look of the object's crop, by which copies are found; null if it cannot be used. */
  readonly look: ImageLook | null;
  /** Silhouette of the object, by which viewpoints are compared; null if it cannot be used. */
  readonly silhouette: Uint8Array | null;
  /** Problems found. */
  readonly problems: readonly ImageProblem[];
}

/**
 * Reads a photograph and all that belongs to it.
 *
 * @param folder Folder of the photographs
 * @param source One of its objects
 * @param options What is done where there is no mask
 * @returns A record for the data set, or why there is none
 */
export async function checkImage(
  folder: string,
  source: PhotoSource,
  { masks = "given", remove = removeBackground, inverted = false }: CheckOptions = {},
): Promise<ImageCheck> {
  const unusable = (problem: ImageProblem) => ({
    ...{ record: null, partLabels: [], partMasks: [], area: null, look: null, silhouette: null },
    problems: [problem],
  });
  if (source.problem) return unusable(source.problem);
  const reader = new ImageReader(), path = join(folder, source.image);
  let image: ByteImage;
  try {
    image = await reader.read(path);
  } catch (error) {
    const advice = "replace it, or save it again as PNG or JPEG";
    return unusable(unreadableProblem(source.image, path, error, advice));
  }
  const { height, width } = image;
  const stated = source.statedSize;
  if (stated && madeOn(stated, image) === null) {
    return unusable(sizeMismatch(source.image, "size in the annotations", stated, image));
  }
  const given = await readMask(folder, source, image, reader, { inverted });
  const isBackgroundRemoved = masks === "auto" && "kind" in given && given.kind === "no_mask";
  const found = isBackgroundRemoved ? await remove(image) : null;
  if (!found && "kind" in given) return unusable(given);
  const reading = found || "kind" in given ? { mask: found!.mask, isInFile: false, notes: [] } : given;
  const clean = withoutStraySpots(reading.mask, height, width), mask = clean?.mask ?? reading.mask;
  const measures = measureMask(mask, height, width);
  const wrong = wrongArea(source.image, measures, height * width);
  if (wrong) return unusable(wrong);
  const parts = source.partMasks
    ? await readPartMasks(folder, source, image, mask, reader)
    : await readParts(folder, source, image, mask, reader);
  if ("file" in parts) return unusable(parts);

  const crop = cropOfBox(measures.box);
  const truePose = source.camera && height === width ? truePoseInCrop(source.camera, width, crop) : null;
  const problems = [
    ...found ? [noteOnBackgroundRemoval(source.image, found)] : reading.notes,
    ...clean ? [noteOnStraySpots(source.image, clean.pixels)] : [],
    ...notesOn(source.image, measures, image),
  ];
  if (source.camera && !truePose) {
    problems.push({
      file: source.image,
      kind: "unused_camera",
      value: "the camera is not understood for this image",
      advice: "give a square image, and R, scale, translation and distance",
    });
  }
  const isInFile = reading.isInFile && !clean;
  const record: SampleRecord = {
    id: source.id,
    imagePath: source.image,
    maskPath: !found && source.mask?.kind === "file" ? source.mask.path : null,
    maskRuns: isInFile ? null : runsToText(encodeRle(mask, height, width)),
    partsPath: source.parts,
    classIndex: 0,
    width,
    height,
    fingerprint: await reader.fingerprint(),
    box: measures.box,
    truePose,
  };
  return {
    record,
    partLabels: parts.labels,
    partMasks: parts.masks ?? [],
    area: measures.area,
    look: imageLook(image, crop),
    silhouette: silhouetteOf(mask, height, width, crop),
    problems: [...problems, ...(parts.problems ?? [])],
  };
}

function wrongArea(file: string, { area }: MaskMeasures, pixels: number): ImageProblem | null {
  if (area === 0) {
    const advice = "draw the mask, or leave the image out";
    return { file, kind: "empty_mask", value: `the mask is empty (0 of ${pixels} pixels)`, advice };
  }
  if (area === pixels) {
    const advice =
      "a mask must leave out the background; check that it is not the photograph itself, or cut the object " +
      "out of a plain background with 'masks: auto', without this mask";
    return { file, kind: "full_mask", value: `the mask covers all ${pixels} pixels`, advice };
  }
  return null;
}

function noteOnBackgroundRemoval(file: string, { doubt, sureness }: BackgroundRemoval): ImageProblem {
  return doubt === null
    ? {
      file,
      kind: "cut_out",
      value: "there is no mask: the background was removed" +
        (sureness === null ? "" : ` (${Math.round(100 * sureness)} % sure)`),
      advice: "see in the image grid whether it is right",
    }
    : {
      file,
      kind: "uneven_background",
      value: `the background was removed, but ${
        sureness === null ? "the background is not plain: " : ""
      }${doubt}`,
      advice:
        "see in the image grid whether it is right; where it is not, mend the mask with the brush (deno task view --images FOLDER), or leave the image out",
    };
}

function noteOnStraySpots(file: string, pixels: number): ImageProblem {
  return {
    file,
    kind: "stray_pixels",
    value: `the mask had ${pixels} stray pixels far from the object: they were left out`,
    advice: "erase them from the mask, or mark the object there in full",
  };
}

function notesOn(
  file: string,
  measures: MaskMeasures,
  { height, width }: { readonly height: number; readonly width: number },
): ImageProblem[] {
  const { area, box, borderPixels, pieces, largestPiece } = measures;
  const side = Math.max(box[2] - box[0], box[3] - box[1]);
  const notes: ImageProblem[] = [];
  const covered = borderPixels / (2 * (height + width) - 4);
  if (covered >= CHECK_LIMITS.coveredBorder) {
    notes.push({
      file,
      kind: "covers_border",
      value: `the object covers ${
        Math.round(100 * covered)
      } % of the image's border: the mask may be inverted`,
      advice: "see in the image grid whether object and background are exchanged",
    });
  } else if (borderPixels >= Math.max(2, CHECK_LIMITS.borderShare * side)) {
    notes.push({
      file,
      kind: "touches_border",
      value: `${borderPixels} pixels of the object lie on the image's border`,
      advice: "if the object is cut off, leave the image out",
    });
  }
  if (side < CHECK_LIMITS.smallSide) {
    notes.push({
      file,
      kind: "small",
      value: `the object is ${box[2] - box[0]} x ${box[3] - box[1]} pixels`,
      advice: `a larger image gives a better texture (${CHECK_LIMITS.smallSide} pixels or more)`,
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

/** Masks of parts that lie on the object by half or more. */
async function readPartMasks(
  folder: string,
  source: PhotoSource,
  image: ByteImage,
  object: Uint8Array,
  reader: ImageReader,
): Promise<FoundParts> {
  const masks: { label: number; runs: string }[] = [];
  const problems: ImageProblem[] = [];
  for (const { label, mask: where } of source.partMasks ?? []) {
    const read = await readMask(folder, { ...source, mask: where }, image, reader);
    if ("kind" in read) {
      problems.push({ ...read, kind: "bad_part" });
      continue;
    }
    const { mask } = read;
    let area = 0, common = 0;
    for (let p = 0; p < mask.length; p++) {
      if (!mask[p]) continue;
      area++;
      if (object[p]) common++;
    }
    if (area === 0 || common / area < LEAST_CONTAINMENT) continue;
    masks.push({ label, runs: runsToText(encodeRle(mask, image.height, image.width)) });
  }
  const labels = [...new Set(masks.map(({ label }) => label))].sort((a, b) => a - b);
  return { labels, masks, problems };
}

/** Parts of an object. */
interface FoundParts {
  readonly labels: readonly number[];
  readonly masks?: readonly { readonly label: number; readonly runs: string }[];
  readonly problems?: readonly ImageProblem[];
}

async function readParts(
  folder: string,
  source: PhotoSource,
  image: ByteImage,
  mask: Uint8Array,
  reader: ImageReader,
): Promise<FoundParts | ImageProblem> {
  if (source.parts === null) return { labels: [] };
  const file = source.parts;
  let labelImage: DeepImage;
  try {
    labelImage = await reader.readLabels(join(folder, file));
  } catch (error) {
    return unreadableProblem(file, join(folder, file), error, "save the part labels again as PNG");
  }
  if (labelImage.isLossy) {
    const value = "the image of part labels is of a format that changes values, such as JPEG";
    return { file, kind: "unreadable", value, advice: "save the part labels as PNG" };
  }
  const size = [labelImage.height, labelImage.width] as const, frame = madeOn(size, image);
  if (frame === null) return sizeMismatch(source.image, `labels of part labels ${file}`, size, image);
  const labels = labelsOfImage(
    frame === "stored" ? turnImage(labelImage, image.orientation ?? 1) : labelImage,
  );
  if (!labels) {
    const advice = "save the part labels as a grey PNG, one grey value per part";
    return { file, kind: "unreadable", value: "the image of part labels is coloured", advice };
  }
  const seen = new Set<number>();
  for (let p = 0; p < labels.length; p++) if (mask[p] && labels[p]) seen.add(labels[p]);
  return { labels: [...seen].sort((a, b) => a - b) };
}
