/**
 * The mask of a photograph from wherever it stands.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf, UserError } from "../core/errors.ts";
import type { ByteImage, DeepImage } from "../io/byte_image.ts";
import { decodeRle, textToRuns } from "../io/rle.ts";
import { borderPixels } from "./mask_background.ts";
import type { ImageProblem } from "./import_report.ts";
import { maskOfAlpha, readMaskImage } from "./mask_image.ts";
import type { MaskSource, PhotoSource } from "./photo_source.ts";
import { type ImageReader, unreadableProblem } from "./image_reader.ts";
import { polygonMask } from "./polygon_mask.ts";
import { madeOn, storedSize, turnImage } from "./turned_image.ts";

/** A mask that was read. */
export interface MaskReading {
  /** 0 or 1, `[H, W]`. */
  readonly mask: Uint8Array;
  /** Whether {@link fileMask} gives the same mask. */
  readonly isInFile: boolean;
  /** What was noticed. */
  readonly notes: readonly ImageProblem[];
}

/** What is known of the masks of a whole set when one of them is read. */
export interface MaskExpectation {
  /** Whether masks that cover most of the border are taken as inverted, as others of the set are. */
  readonly inverted?: boolean;
}

/** Share of the border that an object covers only if object and background are exchanged. */
const INVERTED_BORDER = 0.95;
/** The same where other masks of the set are inverted. */
const EXPECTED_BORDER = 0.5;
/** Least share of the image that the object of an inverted mask must have. */
const LEAST_OBJECT = 0.01;

/**
 * Reads the mask of a photograph that was read already.
 *
 * @param folder Folder of the photographs
 * @param source Where the mask stands
 * @param image The photograph, `[H, W, C]`
 * @param reader Reads a mask image
 * @param expectation What is known of other masks
 * @returns The mask and what was noticed, or what is wrong with it
 */
export async function readMask(
  folder: string,
  { image: file, mask: source, unmarked, statedSize = null }:
    & Pick<PhotoSource, "image" | "mask">
    & Partial<PhotoSource>,
  image: ByteImage,
  reader: ImageReader,
  expectation: MaskExpectation = {},
): Promise<MaskReading | ImageProblem> {
  switch (source?.kind) {
    case undefined:
      return noMask(
        file,
        unmarked ?? "no mask of the same name",
        `${
          unmarked ? "draw its polygon" : "add the mask"
        }, or have a plain background removed with 'masks: auto'`,
      );
    case "alpha": {
      const mask = maskOfAlpha(image);
      if (mask) return turned(file, { mask, isInFile: true, notes: [] }, image, expectation);
      return noMask(
        file,
        unmarked
          ? `${unmarked}, and there is no alpha channel`
          : image.channels % 2 === 0
          ? "its alpha channel hides nothing, and there is no mask beside it"
          : "no alpha channel and no mask beside it",
        "save it as an RGBA image (PNG), put a mask of the same name into masks/, or have a plain background removed " +
          "with 'masks: auto'",
      );
    }
    case "file":
      return await maskOfFile(join(folder, source.path), source.path, file, image, reader, expectation);
    case "polygons":
    case "runs":
      return maskOfAnnotation(source, statedSize, file, image, expectation);
  }
}

/**
 * The mask of a photograph whose mask stands in an image or in its alpha channel, as every stage and the viewer read it.
 *
 * @param path Mask image; null for the alpha channel
 * @param photograph The photograph, `[H, W, C]`
 * @param readDeep Reads an image
 * @returns The mask, 0 or 1, `[H, W]`; null if the photograph has no alpha channel
 * @throws {UserError} If the mask cannot be read or has another size
 */
export async function fileMask(
  path: string | null,
  photograph: ByteImage,
  readDeep: (path: string) => Promise<DeepImage>,
): Promise<Uint8Array | null> {
  if (path === null) return maskOfAlpha(photograph);
  return readMaskImage(await companionImage(path, photograph, readDeep)).mask;
}

/**
 * An image of a photograph's size, such as its mask or its part labels, turned as the photograph is shown.
 *
 * @throws {UserError} If it cannot be read or has another size
 */
export async function companionImage(
  path: string,
  photograph: ByteImage,
  readDeep: (path: string) => Promise<DeepImage>,
): Promise<DeepImage> {
  const image = await readDeep(path);
  switch (madeOn([image.height, image.width], photograph)) {
    case "stored":
      return turnImage(image, photograph.orientation ?? 1);
    case null:
      throw new UserError(
        `Cannot use ${path}: it is ${image.width} x ${image.height} now, the photograph ` +
          `${photograph.width} x ${photograph.height}; make both of the same size and import them again`,
      );
    default:
      return image;
  }
}

/** The problem of a mask, parts or statement of another size than the image. */
export function sizeMismatch(
  file: string,
  what: string,
  [height, width]: readonly [number, number],
  image: ByteImage,
): ImageProblem {
  return {
    file,
    kind: "size_mismatch",
    value: `the ${what} is ${width} x ${height}, the image ${image.width} x ${image.height}`,
    advice: "make both of the same size",
  };
}

async function maskOfFile(
  place: string,
  path: string,
  file: string,
  image: ByteImage,
  reader: ImageReader,
  expectation: MaskExpectation,
): Promise<MaskReading | ImageProblem> {
  let stored: DeepImage;
  try {
    stored = await reader.readDeep(place);
  } catch (error) {
    return unreadableProblem(path, place, error, "save the mask again as PNG");
  }
  const size = [stored.height, stored.width] as const, frame = madeOn(size, image);
  if (frame === null) return sizeMismatch(file, `mask ${path}`, size, image);
  const upright = frame === "stored" ? turnImage(stored, image.orientation ?? 1) : stored;
  const { mask, kind, isInverted } = readMaskImage(upright);
  if (kind === "photograph") {
    return {
      file: path,
      kind: "no_mask",
      value: "it is a photograph and no mask",
      advice:
        "put a mask in its place (object white, background black), or leave it out and use 'masks: auto'",
    };
  }
  const notes: ImageProblem[] = [];
  if (kind === "alpha" || kind === "object_image") notes.push(objectImageMask(file, path, kind));
  if (isInverted) notes.push(invertedMask(file));
  if ((stored.orientation ?? 1) === 1) notes.push(...frameNotes(file, frame, image));
  return turned(file, { mask, isInFile: true, notes }, image, expectation);
}

/** The mask of polygons or run lengths, which may have been made on the photograph as it is stored. */
function maskOfAnnotation(
  source: Extract<MaskSource, { kind: "polygons" | "runs" }>,
  statedSize: readonly [number, number] | null,
  file: string,
  image: ByteImage,
  expectation: MaskExpectation,
): MaskReading | ImageProblem {
  const size = source.kind === "runs" ? source.size : statedSize ?? [image.height, image.width] as const;
  const frame = madeOn(size, image);
  if (frame === null) return sizeMismatch(file, "mask", size, image);
  const [height, width] = frame === "stored" ? storedSize(image) : [image.height, image.width];
  let mask: Uint8Array;
  try {
    mask = source.kind === "runs"
      ? decodeRle(
        typeof source.counts === "string" ? textToRuns(source.counts) : source.counts,
        height,
        width,
      )
      : polygonsMask(source, height, width);
  } catch (error) {
    return { file, kind: "bad_annotation", value: messageOf(error), advice: "correct the segmentation" };
  }
  if (frame === "stored") {
    mask = turnImage({ data: mask, height, width, channels: 1 }, image.orientation ?? 1).data as Uint8Array;
  }
  const isKnown = statedSize !== null || source.kind === "runs";
  const notes = frameNotes(file, isKnown || (image.orientation ?? 1) === 1 ? frame : "unknown", image);
  return turned(file, { mask, isInFile: false, notes }, image, expectation);
}

/**
 * The mask of polygons with holes.
 *
 * @throws {RangeError} If a polygon has fewer than three corners
 */
export function polygonsMask(
  { polygons, holes = [], inShares }: Omit<Extract<MaskSource, { kind: "polygons" }>, "kind">,
  height: number,
  width: number,
): Uint8Array {
  const inPixels = (rings: readonly (readonly number[])[]) =>
    inShares ? rings.map((ring) => ring.map((share, k) => share * (k % 2 === 0 ? width : height))) : rings;
  const mask = polygonMask(inPixels(polygons), height, width);
  if (holes.length === 0) return mask;
  const hole = polygonMask(inPixels(holes), height, width);
  return mask.map((value, p) => hole[p] ? 0 : value);
}

/** Turns an inverted mask: one whose object covers nearly the whole border around what is then the background. */
function turned(
  file: string,
  reading: MaskReading,
  { height, width }: ByteImage,
  { inverted = false }: MaskExpectation,
): MaskReading {
  const { mask, notes } = reading, border = borderPixels(height, width);
  const share = border.reduce((sum, p) => sum + mask[p], 0) / border.length;
  const outside = mask.reduce((sum, value) => sum + (value ? 0 : 1), 0);
  if (share < (inverted ? EXPECTED_BORDER : INVERTED_BORDER) || outside < LEAST_OBJECT * mask.length) {
    return reading;
  }
  return {
    mask: mask.map((value) => value ? 0 : 1),
    isInFile: false,
    notes: [...notes.filter(({ kind }) => kind !== "inverted_mask"), invertedMask(file)],
  };
}

function invertedMask(file: string): ImageProblem {
  return {
    file,
    kind: "inverted_mask",
    value: "the mask is inverted (the background is marked, not the object): it was turned",
    advice: "see in the image grid whether it is right; exchange black and white in the mask to be sure",
  };
}

function objectImageMask(file: string, path: string, kind: "alpha" | "object_image"): ImageProblem {
  return {
    file,
    kind: "cut_out_mask",
    value: kind === "alpha"
      ? `${path} has an alpha channel, which is taken as the mask`
      : `${path} is an image of the object rather than a mask: what is not of its background's colour is taken as the object`,
    advice: "see in the image grid whether it is right",
  };
}

/** Notes on photographs that are stored turned, by what their masks were made on. */
function frameNotes(
  file: string,
  frame: "shown" | "stored" | "unknown",
  { orientation = 1 }: ByteImage,
): ImageProblem[] {
  if (frame === "shown") return [];
  return [{
    file,
    kind: "turned_photograph",
    value: frame === "stored"
      ? `the photograph is stored turned (EXIF ${orientation}), its mask was made on it as stored: it was turned, too`
      : `the photograph is stored turned (EXIF ${orientation}), and its mask may have been made without turning it`,
    advice:
      "see in the image grid whether the mask fits; save the photograph turned, without EXIF, to be sure",
  }];
}

function noMask(file: string, value: string, advice: string): ImageProblem {
  return { file, kind: "no_mask", value, advice };
}
