/**
 * Opening a data set that was imported.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { datasetFile } from "../core/paths.ts";
import { readJson } from "../io/json_file.ts";
import { DATASET_SCHEMA, type DatasetFile } from "./dataset_file.ts";
import type { Dataset, Sample, SampleRecord } from "./dataset.ts";
import { readSample } from "./read_sample.ts";

/**
 * Opens the data set of this name.
 *
 * @param name Name that it was imported under
 * @returns The data set; pictures are read when samples are asked for
 * @throws {UserError} If there is no such data set or its description is damaged
 */
export async function openDataset(name: string): Promise<Dataset> {
  const path = datasetFile(name);
  try {
    await Deno.stat(path);
  } catch {
    throw new UserError(
      `Cannot open the data set ${name}: there is no ${path}. Import your photographs first: ` +
        `deno task pipeline --images FOLDER --template CATEGORY --name ${name}`,
    );
  }
  return datasetOf(await readJson(path, DATASET_SCHEMA, "description of the data set"));
}

/** The data set of a description. */
export function datasetOf(description: DatasetFile): Dataset {
  const { name, category, classNames, folder, parts } = description;
  const records: SampleRecord[] = description.records.map((record) => ({
    ...record,
    imagePath: join(folder, record.imagePath),
    maskPath: record.maskPath && join(folder, record.maskPath),
    partsPath: record.partsPath && join(folder, record.partsPath),
  }));
  const partLabels = parts.map(({ label }) => label);
  return {
    name,
    category,
    classNames,
    partNames: parts.map(({ name }) => name),
    length: records.length,
    records,
    sample(i: number, resolution: number): Promise<Sample> {
      if (!(i in records)) {
        throw new RangeError(
          `Cannot read a sample of ${name} as there are ${records.length}: current value is ${i}`,
        );
      }
      return readSample(records[i], resolution, partLabels);
    },
  };
}
