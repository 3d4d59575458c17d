/**
 * Noticing photographs that were changed since they were imported.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { Dataset, SampleRecord } from "./dataset.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { fingerprintOf } from "./image_reader.ts";

/** Files that are read at once, and changed ones that are named. */
const CONCURRENT = 4, NAMED = 3;

/**
 * Makes sure that the photographs of a data set, their masks and part labels are those that were imported.
 *
 * @throws {UserError} If some are other files now, naming them and what to do
 */
export async function checkUnchanged({ name, records }: Pick<Dataset, "name" | "records">): Promise<void> {
  const isChanged = await mapConcurrently(records, CONCURRENT, hasChanged);
  const changed = records.filter((_, i) => isChanged[i]).map(({ imagePath }) => imagePath);
  if (changed.length === 0) return;
  const more = changed.length > NAMED ? ` and ${changed.length - NAMED} more` : "";
  throw new UserError(
    `${changed.length} photographs of the data set ${name}, or their masks, have changed since they were imported: ` +
      `${
        changed.slice(0, NAMED).join(", ")
      }${more}. Import them again: run the stages from pose_step1 on with ` +
      "'images: FOLDER' and 'overwrite', or the pipeline.",
  );
}

/** Whether a file is another one now; missing files are told by whatever reads them. */
async function hasChanged(
  { imagePath, maskPath, partsPath, fingerprint, partRuns }: SampleRecord,
): Promise<boolean> {
  if (fingerprint === undefined || partRuns) return false; // nothing noted it, or masks of parts are among the files
  const paths = [imagePath, maskPath, partsPath].filter((path) => path !== null);
  const now = await fingerprintOf(paths).catch(() => fingerprint);
  return now !== fingerprint;
}
