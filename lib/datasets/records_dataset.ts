/**
 * A data set of records.
 *
 * @module
 */
import type { Dataset, PartKind, Sample, SampleTask } from "./dataset.ts";
import { readSample } from "./read_sample.ts";

/** What a data set is made of. */
export interface DatasetContent extends
  Pick<
    Dataset,
    "name" | "category" | "classNames" | "partNames" | "classParts" | "members" | "neededFiles" | "records"
  > {
  /** Label of each part in images of part labels, `[P]`; empty if there are no such images. */
  readonly partLabels: readonly number[];
}

/** The data set whose samples are read from the files of its records. */
export function datasetOfRecords(content: DatasetContent): Dataset {
  const { partLabels, ...described } = content, { name, partNames, records } = content;
  const sampleTask = (i: number, resolution: number, partKind: PartKind = "labels"): SampleTask => {
    if (!(i in records)) {
      throw new RangeError(
        `Cannot read a sample of ${name} as there are ${records.length}: current value is ${i}`,
      );
    }
    return { record: records[i], resolution, parts: { partLabels, partCount: partNames.length, partKind } };
  };
  return {
    ...described,
    length: records.length,
    sampleTask,
    sample(i: number, resolution: number, partKind?: PartKind): Promise<Sample> {
      const { record, parts } = sampleTask(i, resolution, partKind);
      return readSample(record, resolution, parts);
    },
  };
}
