/**
 * Reading one object of a data set: photograph, mask and parts, cropped and resized.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { readByteImage, readDeepImage, readLabelImage } from "../io/image_file.ts";
import type { ByteImage } from "../io/byte_image.ts";
import { decodeRle, textToRuns } from "../io/rle.ts";
import { type Crop, cropAndResizeLabels, cropOfBox } from "./crop.ts";
import { cropObject, resizeColours, resizeMask } from "./crop_object.ts";
import type { PartReading, Sample, SampleRecord } from "./dataset.ts";
import { detectedPartMap } from "./detected_parts.ts";
import { labelsOfImage } from "./mask_image.ts";
import { partLabelsOfImage } from "./part_maps.ts";
import { companionImage, fileMask } from "./read_mask.ts";

/**
 * Reads an object as the stages see it.
 *
 * @param record Which one
 * @param resolution Side of the result, r
 * @param parts How parts are read
 * @returns The sample
 * @throws {UserError} If a file is missing, damaged, or no longer fits the record
 */
export async function readSample(
  record: SampleRecord,
  resolution: number,
  parts: PartReading,
): Promise<Sample> {
  const photograph = await readImage(record.imagePath, record);
  const objectMask = await readRecordMask(record, photograph);
  const crop = cropOfBox(record.box);
  return {
    id: record.id,
    classIndex: record.classIndex,
    ...cropObject(photograph, objectMask, crop, resolution),
    parts: await readPartMap(record, photograph, objectMask, crop, resolution, parts),
    crop,
    truePose: record.truePose,
  };
}

/**
 * Reads the crop of an object with its background (white where the photograph is transparent), for people to look at.
 *
 * @param record Which one
 * @param resolution Side of the result, r
 * @returns Colours in [0, 1], white outside of the photograph, `[r, r, 3]`, and the mask, `[r, r, 1]`
 * @throws {UserError} If a file is missing, damaged, or no longer fits the record
 */
export async function readCroppedPhotograph(
  record: SampleRecord,
  resolution: number,
): Promise<{ colours: FloatImage; mask: FloatImage }> {
  const photograph = await readImage(record.imagePath, record);
  const objectMask = await readRecordMask(record, photograph);
  const crop = cropOfBox(record.box);
  return {
    colours: resizeColours(overWhite(photograph), crop, resolution),
    mask: resizeMask(objectMask, record, crop, resolution),
  };
}

/**
 * Reads the mask of an object in its whole photograph.
 *
 * @param record Which one
 * @returns 0 or 1, `[H, W]`
 * @throws {UserError} If a file is missing, damaged, or no longer fits the record
 */
export async function readObjectMask(record: SampleRecord): Promise<Uint8Array> {
  return await readRecordMask(record, await readImage(record.imagePath, record));
}

/** The photograph without its alpha channel, over white. */
function overWhite(photograph: ByteImage): ByteImage {
  const { data, height, width, channels } = photograph;
  if (channels !== 2 && channels !== 4) return photograph;
  const colours = channels - 1;
  const opaque = new Uint8Array(height * width * colours); // [H, W, C - 1]
  for (let p = 0; p < height * width; p++) {
    const alpha = data[p * channels + colours] / 255;
    for (let c = 0; c < colours; c++) {
      opaque[p * colours + c] = Math.round(data[p * channels + c] * alpha + 255 * (1 - alpha));
    }
  }
  return { data: opaque, height, width, channels: colours };
}

async function readRecordMask(record: SampleRecord, photograph: ByteImage): Promise<Uint8Array> {
  const { imagePath, maskPath, maskRuns, height, width } = record;
  if (maskRuns === null) {
    const mask = await fileMask(maskPath, photograph, readDeepImage);
    if (!mask) {
      throw new UserError(`Cannot use ${imagePath}: it has no alpha channel any more; import it again`);
    }
    return mask;
  }
  try {
    return decodeRle(textToRuns(maskRuns), height, width);
  } catch (error) {
    throw new UserError(
      `Cannot read the mask of ${record.id} in the data set's description: ${messageOf(error)}`,
    );
  }
}

async function readPartMap(
  record: SampleRecord,
  photograph: ByteImage,
  mask: Uint8Array,
  crop: Crop,
  resolution: number,
  { partLabels, partCount, partKind }: PartReading,
): Promise<FloatImage | null> {
  if (record.partRuns) {
    return partCount === 0 ? null : detectedPartMap(record, mask, crop, resolution, partCount, partKind);
  }
  if (record.partsPath === null || partLabels.length === 0) return null;
  const labels = labelsOfImage(await companionImage(record.partsPath, photograph, readLabelImage));
  if (!labels) {
    throw new UserError(`Cannot use ${record.partsPath}: part labels must be grey, the image is coloured`);
  }
  const channels = 2 + partLabels.length;
  const channelLabels = partLabelsOfImage(mask, labels, partLabels);
  const map = cropAndResizeLabels(channelLabels, record.height, record.width, crop, resolution, channels);
  return { ...map, data: new Float32Array(map.data) };
}

/** Reads an image that must still have the size that was recorded. */
async function readImage(path: string, { height, width }: SampleRecord): Promise<ByteImage> {
  const image = await readByteImage(path);
  if (image.height !== height || image.width !== width) {
    throw new UserError(
      `Cannot use ${path}: it is ${image.width} x ${image.height} now, it was ${width} x ${height} ` +
        `when the data set was made; import the photographs again`,
    );
  }
  return image;
}
