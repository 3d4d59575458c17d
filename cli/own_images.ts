/**
 * Photographs of one's own that a stage makes its data set of before it starts.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";
import type { OptionsOutput } from "../lib/core/option.ts";
import { datasetFile } from "../lib/core/paths.ts";
import type { StageCallbacks } from "../lib/core/progress.ts";
import { masksOf } from "./mask_source.ts";
import { importPhotographs } from "../lib/datasets/import_photographs.ts";
import { openDataset } from "../lib/datasets/open_dataset.ts";
import type { OWN_IMAGES_OPTIONS } from "../lib/datasets/photograph_options.ts";

/** Values of the options that every such stage has. */
export interface OwnImages extends OptionsOutput<typeof OWN_IMAGES_OPTIONS> {
  /** Name of the data set. */
  readonly dataset: string;
  /** Leave out photographs that cannot be used. */
  readonly skipInvalid?: boolean;
  /** Replace a data set of the name that differs. */
  readonly overwrite?: boolean;
}

/**
 * Imports the photographs of `--images`, if it is given, under the name of `--dataset`. The same photographs again
 * change nothing; others need `--overwrite`.
 *
 * @param values Values of the options
 * @param callbacks Progress in photographs, and what came of them
 * @throws {UsageError} If the category is not known
 * @throws {UserError} If the photographs cannot be used
 */
export async function importOwnImages(values: OwnImages, callbacks: StageCallbacks): Promise<void> {
  const { dataset: name, images, category: given, skipInvalid, overwrite } = values;
  if (images === undefined) {
    if (given !== undefined) throw new UsageError("--template belongs to --images FOLDER");
    return;
  }
  const category = given ?? await storedCategory(name);
  if (category === null) throw new UsageError("--images needs --template CATEGORY, such as bird or car");
  const report = await importPhotographs(
    images,
    { name, category, skipInvalid, overwrite, ...masksOf(values) },
    callbacks,
  );
  callbacks.onMessage?.(
    `The data set ${name} has ${report.used} of ${report.found} objects of ${images} (${report.layout}).`,
  );
}

/** Category of the data set that was imported before; null if there is none. */
async function storedCategory(name: string): Promise<string | null> {
  const isThere = await Deno.stat(datasetFile(name)).then((entry) => entry.isFile, () => false);
  return isThere ? (await openDataset(name)).category : null;
}
