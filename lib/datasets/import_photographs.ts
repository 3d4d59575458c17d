/**
 * Making a data set of a folder of photographs.
 *
 * @module
 */
import { basename, extname, isAbsolute, relative, resolve } from "@std/path";
import { UserError } from "../core/errors.ts";
import { type OptionsInput, resolveOptions } from "../core/option.ts";
import { datasetFile, masksFolder } from "../core/paths.ts";
import { Prng } from "../core/prng.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { checkImage, type CheckOptions, type ImageCheck } from "./check.ts";
import { backgroundRemoverOnDemand, type MaskModelOptions } from "./background_removal/background_remover.ts";
import { keepingMasks } from "./background_removal/kept_masks.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { PartRuns, SampleRecord } from "./dataset.ts";
import { findLayout } from "./find_layout.ts";
import {
  type CheckedImage,
  fatalProblems,
  type IgnoredFile,
  type ImportReport,
  unusableImagesError,
} from "./import_report.ts";
import { findHidden } from "./find_images.ts";
import { copies, warningsOn } from "./check_collection.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import type { PhotoLayout, PhotoSource } from "./photo_source.ts";
import { IMPORT_OPTIONS } from "./photograph_options.ts";

/** Share of the objects that must show a part for it to get a channel. */
const LEAST_PART_FREQUENCY = 0.25;
/** Images that are read at once. */
const CONCURRENT_IMAGES = 4;

/** Options of {@link importPhotographs}: {@linkcode IMPORT_OPTIONS} tells what most are. */
export interface ImportOptions extends OptionsInput<typeof IMPORT_OPTIONS> {
  /** Names of the images that are taken at all, without folder and ending; null takes all. */
  only?: ReadonlySet<string> | null;
  /** Which model removes backgrounds; the one that setup fetched, if it is there. */
  maskModel?: MaskModelOptions;
}

/**
 * Checks the photographs of a folder, in whichever known layout it is, and describes them in `cache/<name>/dataset.json`.
 * Nothing is copied: the photographs stay where they are.
 *
 * @param folder Folder of the photographs
 * @param options Name, category, and what to take
 * @param callbacks Progress in images
 * @returns What was found, image by image
 * @throws {UserError} If there are no images, some cannot be used, or another data set has the name
 */
export async function importPhotographs(
  folder: string,
  options: ImportOptions,
  callbacks: StageCallbacks = {},
): Promise<ImportReport> {
  const { name, skipInvalid, overwrite } = options;
  const { report, description } = await inspect(folder, options, callbacks, true);
  if (!description || (!skipInvalid && fatalProblems(report).length > 0)) throw unusableImagesError(report);
  for (const warning of report.warnings) callbacks.onMessage?.(warning);
  const path = datasetFile(name);
  const stored = await Deno.readTextFile(path).catch(() => null);
  const text = JSON.stringify(description, null, 2) + "\n";
  if (stored === text) return report;
  if (stored !== null && !overwrite) {
    throw new UserError(
      `Cannot import ${folder} as ${name}: ${path} describes other photographs or another selection. ` +
        `Choose another name, or replace it with 'overwrite' (results made from it stay and will not fit).`,
    );
  }
  await writeJsonAtomic(path, description);
  return report;
}

/**
 * Checks the photographs of a folder like {@link importPhotographs}, but writes nothing and reports unusable images
 * rather than fail.
 *
 * @param folder Folder of the photographs
 * @param options Name, category, and what to take
 * @param callbacks Progress in images
 * @returns What was found, and the description of the usable ones; null if there are none
 * @throws {UserError} If there are no images in a known layout
 */
export async function inspectPhotographs(
  folder: string,
  options: ImportOptions,
  callbacks: StageCallbacks = {},
): Promise<{ report: ImportReport; description: DatasetFile | null }> {
  return await inspect(folder, options, callbacks, false);
}

async function inspect(
  folder: string,
  options: ImportOptions,
  callbacks: StageCallbacks,
  keepsMasks: boolean,
): Promise<{ report: ImportReport; description: DatasetFile | null }> {
  const { name, category, limit, seed, masks } = resolveOptions(IMPORT_OPTIONS, options);
  const { only, maskModel } = options;
  const layout = await findLayout(folder, category);
  const wanted = layout.sources.filter(({ image }) => !only || only.has(basename(image, extname(image))));
  const sources = takeSome(wanted, limit, seed);
  const remover = backgroundRemoverOnDemand(maskModel, callbacks.onMessage);
  const how = { masks, remove: keepingMasks(remover.remove, maskModel, masksFolder(name), keepsMasks) };
  let done = 0;
  const checked = await mapConcurrently(sources, CONCURRENT_IMAGES, async (source) => {
    throwIfStopped(callbacks.signal, "The import");
    const result = await checkImage(folder, source, how);
    callbacks.onProgress?.({ done: ++done, total: sources.length });
    return result;
  }).then((first) => withInvertedAlike(folder, sources, first, how)).finally(remover.close);
  const parts = partsOf(checked, layout);
  const kept = parts.filter(({ kept }) => kept);
  const records = checked.flatMap(({ record, partMasks }, i): SampleRecord[] => {
    if (!record) return [];
    return [sources[i].partMasks ? { ...record, partRuns: partRunsOf(partMasks, kept) } : record];
  });
  const report: ImportReport = {
    name,
    category,
    folder,
    layout: layout.description,
    found: layout.sources.length,
    checked: sources.length,
    used: records.length,
    withPose: records.filter(({ truePose }) => truePose).length,
    parts,
    problems: [
      ...layout.problems,
      ...checked.flatMap(({ problems }) => problems),
      ...missingParts(records),
      ...copies(checked),
    ],
    images: sources.map(({ image }, i) => checkedImage(image, checked[i])),
    ignored: [...layout.ignored ?? [], ...notWanted(layout.sources, sources), ...await hiddenFiles(folder)],
    sides: sidesOf(records),
    warnings: warningsOn(checked),
  };
  if (records.length === 0) return { report, description: null };
  const description: DatasetFile = {
    format: "texmesh data set",
    version: 1,
    name,
    category,
    folder: storedFolder(folder),
    classNames: [category],
    parts: kept.map(({ name, label, frequency }) => ({ name, label, frequency })),
    records: records as DatasetFile["records"],
  };
  return { report, description };
}

/** Share of the masks that must be inverted for others that may be to count as inverted, too. */
const INVERTED_SET = 0.5;

/** Looks again at masks that cover much of the border, where most masks of the set are inverted. */
async function withInvertedAlike(
  folder: string,
  sources: readonly PhotoSource[],
  checked: readonly ImageCheck[],
  how: CheckOptions,
): Promise<readonly ImageCheck[]> {
  const isInverted = ({ problems }: ImageCheck) => problems.some(({ kind }) => kind === "inverted_mask");
  const count = checked.filter(isInverted).length;
  if (count < 2 || count <= INVERTED_SET * checked.filter(({ record }) => record).length) return checked;
  return await mapConcurrently(
    checked,
    CONCURRENT_IMAGES,
    async (image, i) =>
      !image.record || isInverted(image)
        ? image
        : await checkImage(folder, sources[i], { ...how, inverted: true }),
  );
}

function checkedImage(file: string, { record, area, problems }: ImageCheck): CheckedImage {
  return {
    file,
    used: record !== null,
    area,
    pixels: record && record.width * record.height,
    box: record?.box ?? null,
    problems: [...new Set(problems.map(({ kind }) => kind))],
  };
}

/** Files and folders that systems and programs keep out of sight. */
async function hiddenFiles(folder: string): Promise<IgnoredFile[]> {
  return (await findHidden(folder)).map((file) => ({ file, reason: "it is hidden" }));
}

/** Images that a limit or a choice left out. */
function notWanted(all: readonly PhotoSource[], taken: readonly PhotoSource[]): IgnoredFile[] {
  const images = new Set(taken.map(({ image }) => image));
  const left = new Set(all.map(({ image }) => image).filter((image) => !images.has(image)));
  return [...left].map((file) => ({ file, reason: "it was not chosen ('limit')" }));
}

/** The first `limit` after a shuffle, in their old order. */
function takeSome(sources: readonly PhotoSource[], limit: number, seed: number): readonly PhotoSource[] {
  if (limit === 0 || limit >= sources.length) return sources;
  const taken = new Prng(seed, "datasets", "limit").permutation(sources.length).slice(0, limit);
  return taken.sort((a, b) => a - b).map((i) => sources[i]);
}

/** All part labels in ascending order, with the share of the usable objects that show them. */
function partsOf(checked: readonly ImageCheck[], layout: PhotoLayout) {
  const usable = checked.filter(({ record }) => record);
  const counts = new Map<number, number>([...layout.partNames.keys()].map((label) => [label, 0]));
  for (const { partLabels } of usable) {
    for (const label of partLabels) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([label, count]) => {
    const frequency = usable.length > 0 ? count / usable.length : 0;
    const name = layout.partNames.get(label) ?? `part ${label}`;
    return { label, name, frequency, kept: frequency >= LEAST_PART_FREQUENCY };
  });
}

/** Parts that have channels, by their numbers; of two that overlap the one with the higher label is seen. */
function partRunsOf(
  masks: ImageCheck["partMasks"],
  kept: readonly { readonly label: number }[],
): PartRuns[] {
  return masks.flatMap(({ label, runs }) => {
    const part = kept.findIndex((found) => found.label === label);
    return part < 0 ? [] : [{ part, score: 1, priority: part + 1, runs }];
  });
}

/** Longest sides of the boxes: least, median, largest. */
function sidesOf(records: readonly SampleRecord[]): [number, number, number] | null {
  if (records.length === 0) return null;
  const sides = records.map(({ box: [x1, y1, x2, y2] }) => Math.round(Math.max(x2 - x1, y2 - y1)));
  sides.sort((a, b) => a - b);
  return [sides[0], sides[sides.length >> 1], sides[sides.length - 1]];
}

/** Notes on photographs without part labels, where others have them. */
function missingParts(records: readonly SampleRecord[]) {
  if (records.every(({ partsPath }) => partsPath === null)) return []; // masks of parts say nothing where there are none
  return records.filter(({ partsPath }) => partsPath === null).map(({ imagePath }) => ({
    file: imagePath,
    kind: "no_parts" as const,
    value: "no part labels, while other images have them",
    advice: "add them if you can; this image says nothing of parts",
  }));
}

function storedFolder(folder: string): string {
  const fromProject = relative(Deno.cwd(), resolve(folder));
  return fromProject.startsWith("..") || isAbsolute(fromProject) ? resolve(folder) : fromProject || ".";
}
