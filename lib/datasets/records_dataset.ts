/**
 * A data set of records.
 *
 * @module
 */
import type { Dataset, NeededFile, PartKind, Sample, SampleRecord } from "./dataset.ts";
import { readSample } from "./read_sample.ts";
import type { SampleTask } from "./dataset.ts";

/** What a data set is made of. */
export interface DatasetContent {
  /** Name. */
  readonly name: string;
  /** Category, which chooses the templates. */
  readonly category: string;
  /** Names of the classes. */
  readonly classNames: readonly string[];
  /** Names of the P parts. */
  readonly partNames: readonly string[];
  /** Parts that each class can have, as numbers into `partNames`; left out where every class can have all. */
  readonly classParts?: readonly (readonly number[])[];
  /** Names of the data sets that it joins, one for each class; left out where it joins none. */
  readonly members?: readonly string[];
  /** Files that it is made of, for checks. */
  readonly neededFiles?: readonly NeededFile[];
  /** Objects with paths that can be opened. */
  readonly records: readonly SampleRecord[];
  /** Label of each part in pictures of part labels, `[P]`; empty if there are no such pictures. */
  readonly partLabels: readonly number[];
}

/** The data set whose samples are read from the files of its records. */
export function datasetOfRecords(content: DatasetContent): Dataset {
  const { name, category, classNames, partNames, records, partLabels } = content;
  const sampleTask = (i: number, resolution: number, partKind: PartKind = "labels"): SampleTask => {
    if (!(i in records)) {
      throw new RangeError(
        `Cannot read a sample of ${name} as there are ${records.length}: current value is ${i}`,
      );
    }
    return { record: records[i], resolution, parts: { partLabels, partCount: partNames.length, partKind } };
  };
  return {
    name,
    category,
    classNames,
    partNames,
    ...(content.classParts ? { classParts: content.classParts } : {}),
    ...(content.members ? { members: content.members } : {}),
    ...(content.neededFiles ? { neededFiles: content.neededFiles } : {}),
    length: records.length,
    records,
    sampleTask,
    sample(i: number, resolution: number, partKind?: PartKind): Promise<Sample> {
      const { record, parts } = sampleTask(i, resolution, partKind);
      return readSample(record, resolution, parts);
    },
  };
}
