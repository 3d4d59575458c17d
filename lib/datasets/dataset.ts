/**
 * The nouns of data sets: records, samples, and the data set that stages consume.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { Pose } from "../rendering/cameras.ts";
import type { Box, Crop } from "./crop.ts";

/** A part that a detector found on an object. */
export interface PartRuns {
  /** Number of the part in the data set's `partNames`. */
  readonly part: number;
  /** How sure the detector is, above 0 to 1. */
  readonly score: number;
  /** Rank: where parts overlap the higher one is seen. */
  readonly priority: number;
  /** Mask of the whole photograph as compressed COCO run lengths. */
  readonly runs: string;
}

/**
 * How parts that overlap become channels: `labels` gives each pixel to one part, by rank; `probabilities` shares it by
 * the detector's scores. Parts from label images are the same in both.
 */
export type PartKind = "labels" | "probabilities";

/** One object in one photograph. */
export interface SampleRecord {
  /** Name that is unique in the data set and fit for file names. */
  readonly id: string;
  /** Photograph. */
  readonly imagePath: string;
  /** Mask image; null if the mask is the photograph's alpha channel, or was never in an image. */
  readonly maskPath: string | null;
  /** Mask as compressed COCO run lengths, which counts before any image; null if it comes from an image as it is. */
  readonly maskRuns: string | null;
  /** Image of part labels; null if the parts of this photograph are not known. */
  readonly partsPath: string | null;
  /** Parts that a detector found, in place of an image of labels. */
  readonly partRuns?: readonly PartRuns[];
  /** Number of the class in the data set's `classNames`. */
  readonly classIndex: number;
  /** Columns of the photograph. */
  readonly width: number;
  /** Rows of the photograph. */
  readonly height: number;
  /** Hash of the files that it is read from, by which a retouched one is noticed; missing where nothing noted it. */
  readonly fingerprint?: string;
  /** Tight box of the mask. */
  readonly box: Box;
  /**
   * True pose in the crop's NDC and our object frame; null if unknown. Where annotations tell only the rotation, the
   * other values are NaN.
   */
  readonly truePose: Pose | null;
}

/** One object, cropped and resized. */
export interface Sample {
  /** Name of the record. */
  readonly id: string;
  /** Number of the class. */
  readonly classIndex: number;
  /** Colours in [-1, 1] times the mask, `[r, r, 3]`. */
  readonly image: FloatImage;
  /** Share of the object in each pixel, `[r, r, 1]`. */
  readonly mask: FloatImage;
  /** Background, object without part, parts, `[r, r, 2 + P]`; null if the parts of this photograph are not known. */
  readonly parts: FloatImage | null;
  /** Where the crop lies in the photograph. */
  readonly crop: Crop;
  /** True pose in the crop's NDC and our object frame; null if unknown. */
  readonly truePose: Pose | null;
}

/** A file or folder that a data set is made of. */
export interface NeededFile {
  /** Path, relative to the project's folder. */
  readonly path: string;
  /** What it is and where it comes from. */
  readonly origin: string;
  /** What needs it. */
  readonly need: "always" | "detection" | "true poses" | "parts";
}

/** Photographs of one category or several. */
export interface Dataset {
  /** Name; its files lie in `cache/<name>`. */
  readonly name: string;
  /** Category, which chooses the templates. */
  readonly category: string;
  /** Names of the classes. */
  readonly classNames: readonly string[];
  /** Names of the P parts; empty if parts are not known. */
  readonly partNames: readonly string[];
  /** Parts that each class can have, as numbers into `partNames`; missing where every class can have all. */
  readonly classParts?: readonly (readonly number[])[];
  /** Names of the data sets that it joins, one for each class; missing where it joins none. */
  readonly members?: readonly string[];
  /** Files that it is made of, for checks; missing where its description names them. */
  readonly neededFiles?: readonly NeededFile[];
  /** Number of records, N. */
  readonly length: number;
  /** What is known of each photograph without opening it. */
  readonly records: readonly SampleRecord[];
  /**
   * Reads one photograph, crops and resizes it.
   *
   * @param i Number of the record
   * @param resolution Side of the result, r
   * @param partKind How parts that overlap become channels; `labels` if left out
   * @returns The sample; the same for the same arguments
   * @throws {RangeError} If there is no record `i`
   * @throws {UserError} If a file is missing, damaged, or no longer fits the record
   */
  sample(i: number, resolution: number, partKind?: PartKind): Promise<Sample>;
  /**
   * What `sample` does as data, so that a worker can do it; missing where samples do not come from files.
   *
   * @param i Number of the record
   * @param resolution Side of the result, r
   * @param partKind How parts that overlap become channels; `labels` if left out
   * @throws {RangeError} If there is no record `i`
   */
  sampleTask?(i: number, resolution: number, partKind?: PartKind): SampleTask;
}

/** How parts are read. */
export interface PartReading {
  /** Label of each part in images of part labels, `[P]`. */
  readonly partLabels: readonly number[];
  /** Number of parts, P. */
  readonly partCount: number;
  /** How parts that overlap become channels. */
  readonly partKind: PartKind;
}

/** All that is needed to read one sample anywhere. */
export interface SampleTask {
  /** Which object. */
  readonly record: SampleRecord;
  /** Side of the sample. */
  readonly resolution: number;
  /** How its parts are read. */
  readonly parts: PartReading;
}
