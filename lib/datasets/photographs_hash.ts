/**
 * Telling data sets apart by what their photographs held when they were imported.
 *
 * @module
 */
import { hashText } from "../core/prng.ts";
import type { Dataset } from "./dataset.ts";

/** Hash of the photographs of a data set with their masks; others when any of their files is another one. */
export function photographsHash({ records }: Pick<Dataset, "records">): string {
  const texts = records.map(({ id, fingerprint = "", box, maskRuns }) =>
    [id, fingerprint, box, maskRuns].join()
  );
  return hashText(texts.join("\n")).toString(16);
}
