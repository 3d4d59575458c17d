/**
 * A data set of records.
 *
 * @module
 */
import type { Dataset, PartKind, Sample, SampleRecord } from "./dataset.ts";
import { readSample } from "./read_sample.ts";

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
  /** Objects with paths that can be opened. */
  readonly records: readonly SampleRecord[];
  /** Label of each part in pictures of part labels, `[P]`; empty if there are no such pictures. */
  readonly partLabels: readonly number[];
}

/** The data set whose samples are read from the files of its records. */
export function datasetOfRecords(content: DatasetContent): Dataset {
  const { name, category, classNames, partNames, records, partLabels } = content;
  return {
    name,
    category,
    classNames,
    partNames,
    length: records.length,
    records,
    sample(i: number, resolution: number, partKind: PartKind = "labels"): Promise<Sample> {
      if (!(i in records)) {
        throw new RangeError(
          `Cannot read a sample of ${name} as there are ${records.length}: current value is ${i}`,
        );
      }
      return readSample(records[i], resolution, { partLabels, partCount: partNames.length, partKind });
    },
  };
}
