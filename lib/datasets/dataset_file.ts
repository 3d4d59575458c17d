/**
 * The description of a data set, `cache/<name>/dataset.json`.
 *
 * @module
 */
import * as v from "valibot";
import type { SampleRecord } from "./dataset.ts";

/** A record as the file holds it. */
export interface DatasetFileRecord extends Omit<SampleRecord, "box" | "truePose" | "partRuns"> {
  /** Tight box of the mask. */
  readonly box: [number, number, number, number];
  /** Masks of parts, in place of an image of labels. */
  readonly partRuns?: {
    readonly part: number;
    readonly score: number;
    readonly priority: number;
    readonly runs: string;
  }[];
  /** True pose; null if unknown. */
  readonly truePose: {
    readonly rotation: [number, number, number, number];
    readonly scale: number;
    readonly translation: [number, number];
    readonly perspective: number;
  } | null;
}

/** Content of the file. */
export interface DatasetFile {
  /** What the file is. */
  readonly format: "texmesh data set";
  /** Version of the format. */
  readonly version: 1;
  /** Name of the data set. */
  readonly name: string;
  /** Category, which chooses the templates. */
  readonly category: string;
  /** Folder of the photographs: absolute, or relative to the project's folder if it lies in it. */
  readonly folder: string;
  /** Names of the classes. */
  readonly classNames: string[];
  /** Parts that have channels, in their order: name, and label in the images of part labels. */
  readonly parts: { readonly name: string; readonly label: number; readonly frequency: number }[];
  /** Objects; their paths are relative to `folder`. */
  readonly records: DatasetFileRecord[];
}

const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const SIDE = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const NUMBER = v.pipe(v.number(), v.finite());
const NAME = v.pipe(v.string(), v.minLength(1));

const POSE = v.object({
  rotation: v.tuple([NUMBER, NUMBER, NUMBER, NUMBER]),
  scale: NUMBER,
  translation: v.tuple([NUMBER, NUMBER]),
  perspective: NUMBER,
});

/** Files are named after it. */
const ID = v.pipe(
  NAME,
  v.regex(/^(?!\.{1,2}$)[^/\\\0]+$/, "the name of a photograph must be fit for file names: without / and \\"),
);

const RECORD = v.object({
  id: ID,
  imagePath: NAME,
  maskPath: v.nullable(NAME),
  maskRuns: v.nullable(NAME),
  partsPath: v.nullable(NAME),
  partRuns: v.optional(v.array(v.object({ part: COUNT, score: NUMBER, priority: NUMBER, runs: NAME }))),
  classIndex: COUNT,
  width: SIDE,
  height: SIDE,
  fingerprint: v.optional(NAME),
  box: v.tuple([NUMBER, NUMBER, NUMBER, NUMBER]),
  truePose: v.nullable(POSE),
});

/** Schema of {@link DatasetFile}. */
export const DATASET_SCHEMA: v.GenericSchema<unknown, DatasetFile> = v.pipe(
  v.object({
    format: v.literal("texmesh data set"),
    version: v.literal(1),
    name: NAME,
    category: NAME,
    folder: NAME,
    classNames: v.pipe(v.array(NAME), v.minLength(1)),
    parts: v.array(v.object({ name: NAME, label: v.pipe(COUNT, v.maxValue(65535)), frequency: NUMBER })),
    records: v.pipe(v.array(RECORD), v.minLength(1)),
  }),
  v.check(
    ({ records, classNames }) => records.every(({ classIndex }) => classIndex < classNames.length),
    "classIndex of every record must be below the number of classNames",
  ),
  v.check(
    ({ records, parts }) =>
      records.every(({ partRuns }) => (partRuns ?? []).every(({ part }) => part < parts.length)),
    "part of every entry of partRuns must be below the number of parts",
  ),
);
