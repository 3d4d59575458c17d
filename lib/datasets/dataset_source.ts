/**
 * Data sets in the files of other programs, which `openDataset` opens too once their source is registered.
 *
 * @module
 */
import type { Dataset } from "./dataset.ts";

/** Something that opens data sets by their names. */
export interface DatasetSource {
  /** Whether it knows a data set of this name. */
  knows(name: string): Promise<boolean>;
  /**
   * Opens it.
   *
   * @throws {UserError} If its files are missing or damaged
   */
  open(name: string): Promise<Dataset>;
}

const sources = new Set<DatasetSource>();

/** Lets `openDataset` open the data sets of a source, where no imported data set has the name. */
export function registerDatasetSource(source: DatasetSource): void {
  sources.add(source);
}

/** Opens a data set of the first registered source that knows it; null where none does. */
export async function openRegistered(name: string): Promise<Dataset | null> {
  for (const source of sources) if (await source.knows(name)) return await source.open(name);
  return null;
}
