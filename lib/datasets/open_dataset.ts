/**
 * Opening a data set by its name: photographs that were imported, or a data set of a registered source.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { datasetFile } from "../core/paths.ts";
import { readJson } from "../io/json_file.ts";
import { DATASET_SCHEMA, type DatasetFile } from "./dataset_file.ts";
import type { Dataset, SampleRecord } from "./dataset.ts";
import { openRegistered } from "./dataset_source.ts";
import { datasetOfRecords } from "./records_dataset.ts";
import { exists } from "../io/exists.ts";

/**
 * Opens the data set of this name: `cache/<name>/dataset.json` of imported photographs, else what a source
 * knows that was registered by `registerDatasetSource`, such as the original's data sets.
 *
 * @param name Name of the data set
 * @returns The data set; images are read when samples are asked for
 * @throws {UserError} If there is no such data set or its description is damaged
 */
export async function openDataset(name: string): Promise<Dataset> {
  const path = datasetFile(name);
  if (!await exists(path)) {
    const registered = await openRegistered(name);
    if (registered) return registered;
    throw new UserError(
      `Cannot open the data set ${name}: there is no ${path}. Import your photographs first: ` +
        `give 'images: FOLDER' and 'category: CATEGORY' too, or run deno task pipeline with them and 'name: ${name}'`,
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
  return datasetOfRecords({
    name,
    category,
    classNames,
    partNames: parts.map(({ name }) => name),
    records,
    partLabels,
  });
}
