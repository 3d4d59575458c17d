/**
 * The description of a data set, `cache/<name>/dataset.json`.
 *
 * @module
 */
import * as v from "valibot";

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

const RECORD = v.object({
  id: NAME,
  imagePath: NAME,
  maskPath: v.nullable(NAME),
  maskRuns: v.nullable(NAME),
  partsPath: v.nullable(NAME),
  classIndex: COUNT,
  width: SIDE,
  height: SIDE,
  box: v.tuple([NUMBER, NUMBER, NUMBER, NUMBER]),
  truePose: v.nullable(POSE),
});

/** Schema of the file. Paths of records are relative to `folder`. */
export const DATASET_SCHEMA = v.pipe(
  v.object({
    format: v.literal("texmesh data set"),
    version: v.literal(1),
    name: NAME,
    category: NAME,
    /** Folder of the photographs: absolute, or relative to the project's folder if it lies in it. */
    folder: NAME,
    classNames: v.pipe(v.array(NAME), v.minLength(1)),
    /** Parts that have channels, in their order: name, and label in the pictures of part labels. */
    parts: v.array(v.object({ name: NAME, label: v.pipe(COUNT, v.maxValue(255)), frequency: NUMBER })),
    records: v.pipe(v.array(RECORD), v.minLength(1)),
  }),
  v.check(
    ({ records, classNames }) => records.every(({ classIndex }) => classIndex < classNames.length),
    "classIndex of every record must be below the number of classNames",
  ),
);

/** Content of the file. */
export type DatasetFile = v.InferOutput<typeof DATASET_SCHEMA>;
