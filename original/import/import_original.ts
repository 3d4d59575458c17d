/**
 * Taking over the original's cache and checkpoints, and giving poses, pseudo-ground-truth and statistics back.
 *
 * @module
 */
import { FOLDER_NAME, overwrite } from "../../lib/core/common_options.ts";
import { option, type OptionsInput, resolveOptions } from "../../lib/core/option.ts";
import "../register.ts";
import { isAbsolute, join, relative, resolve } from "@std/path";
import { messageOf, UserError } from "../../lib/core/errors.ts";
import {
  cacheFolder,
  detectionsFile,
  hypothesesFile,
  type Mode,
  poseMetadataFile,
  posesFile,
  pseudoGroundTruthFolder,
  templateFile,
} from "../../lib/core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { CLASS_NAMES } from "../datasets/catalog.ts";
import { readDetections, writeDetections } from "../datasets/detections_file.ts";
import { writeSafetensors } from "../../lib/io/safetensors.ts";
import { writeHypotheses, writePoseEstimates } from "../../lib/pose/files.ts";
import { uvSampleFile, writePoseMetadata, writeUvSample } from "../../lib/pseudogt/files.ts";
import { writeTemplates } from "../../lib/templates/template_file.ts";
import { importCheckpoints } from "./checkpoints.ts";
import {
  readOriginalHypotheses,
  readOriginalMetadata,
  readOriginalPoses,
  readOriginalStatistics,
  readOriginalTemplates,
  readOriginalUvSample,
} from "./files.ts";
import { exists } from "../../lib/io/exists.ts";
import type { Take } from "./take.ts";

/** File of statistics that were made with Inception v3. */
export const inceptionStatisticsFile = (dataset: string): string =>
  join(cacheFolder(dataset), "statistics_inception_v3.safetensors");

/** Options of the task `import_original`. */
export const IMPORT_ORIGINAL_OPTIONS = {
  from: option.text({
    reads: true,
    doc: "Folder of the original, with cache/ and checkpoints_*/, to take over.",
    excludes: ["export"],
  }),
  export: option.text({
    doc: "Folder to write the original's files to, in place of taking them over.",
  }),
  datasets: option.list({
    doc: "Data sets; all that are found if left out. Writing needs names.",
    pattern: FOLDER_NAME,
    default: [],
  }),
  overwrite,
} as const;

/** What was done with one file. */
export interface ImportedFile {
  /** File of the original. */
  readonly from: string;
  /** Our file or folder; null if it was not taken over. */
  readonly to: string | null;
  /** How many items, or why it was not taken over. */
  readonly note: string;
  /** Whether it cannot be read. */
  readonly isFailure?: boolean;
}

const MODES: readonly Mode[] = ["singletpl", "multitpl"];

/**
 * Turns a folder of the original (with `cache/`, `checkpoints_recon/`, `checkpoints_gan/`) into our files. Nothing of
 * the files is executed, and the folder stays as it is.
 *
 * @param from Folder of the original
 * @param options Which data sets
 * @param callbacks Progress in files
 * @returns One entry for each file
 * @throws {UserError} If there is nothing to take over
 * @throws {RefusedFileError} If a file asks for anything but data
 */
export async function importOriginal(
  from: string,
  options: Pick<
    OptionsInput<typeof IMPORT_ORIGINAL_OPTIONS>,
    "datasets" | "overwrite"
  > = {},
  callbacks: StageCallbacks = {},
): Promise<ImportedFile[]> {
  const { datasets, overwrite } = resolveOptions(IMPORT_ORIGINAL_OPTIONS, options);
  const entries: ImportedFile[] = [];
  const take: Take = async (source, target, body) => {
    throwIfStopped(callbacks.signal, "The import");
    if (!await exists(source)) return;
    if (!overwrite && await exists(target)) {
      entries.push({ from: source, to: null, note: `${target} exists already ('overwrite' replaces it)` });
    } else {
      try {
        entries.push({ from: source, to: target, note: await body() });
      } catch (error) {
        if (!(error instanceof UserError) || error.name !== "UserError") throw error;
        entries.push({ from: source, to: null, note: messageOf(error), isFailure: true });
      }
    }
    callbacks.onProgress?.({ done: entries.length, total: entries.length });
  };
  await importTemplates(from, take);
  for (const name of await foldersIn(join(from, "cache"))) {
    if (name === "remeshed_templates" || (datasets.length > 0 && !datasets.includes(name))) continue;
    await importDataset(from, name, take, callbacks);
  }
  await importCheckpoints(from, take);
  if (entries.length === 0) {
    throw new UserError(
      `Nothing to take over in ${from}: there are no files in cache/NAME, checkpoints_recon/NAME or checkpoints_gan/NAME`,
    );
  }
  return entries;
}

async function importTemplates(from: string, take: Take): Promise<void> {
  for (const mode of MODES) {
    for (const category of CLASS_NAMES) {
      const target = templateFile(mode, category);
      const source = join(from, "cache/remeshed_templates", mode, `${category}_templates.pth`);
      await take(source, target, async () => {
        const templates = await readOriginalTemplates(source, category);
        await writeTemplates(target, templates);
        return `${templates.length} templates`;
      });
    }
  }
}

async function importDataset(
  from: string,
  name: string,
  take: Take,
  callbacks: StageCallbacks,
): Promise<void> {
  const cache = join(from, "cache", name);
  await take(join(cache, "detections.npy"), detectionsFile(name), async () => {
    const detections = await readDetections(join(cache, "detections.npy"));
    const moved = detections.map((found) => ({ ...found, imagePath: pathFrom(from, found.imagePath) }));
    await writeDetections(detectionsFile(name), moved);
    return `${moved.length} objects`;
  });
  const ids = await exists(detectionsFile(name))
    ? (await openDataset(name)).records.map(({ id }) => id)
    : null;
  for (const mode of MODES) {
    if (ids) await importPoses(cache, name, mode, ids, take);
    await importPseudoGroundTruth(cache, name, mode, take, callbacks);
  }
  const statistics = join(cache, "precomputed_fid_299x299.npz");
  await take(statistics, inceptionStatisticsFile(name), async () => {
    const { statistics: { mean, covariance }, numImages, resolution } = await readOriginalStatistics(
      statistics,
    );
    const D = mean.length;
    const config = { featureNetwork: "inception_v3", weightsHash: "", resolution, dataset: name, numImages };
    await writeSafetensors(inceptionStatisticsFile(name), {
      stats_m: { data: Float32Array.from(mean), shape: [D] },
      stats_s: { data: Float32Array.from(covariance), shape: [D, D] },
    }, { recipe: JSON.stringify(config) });
    return `statistics of ${numImages} images`;
  });
}

async function importPoses(
  cache: string,
  name: string,
  mode: Mode,
  ids: readonly string[],
  take: Take,
): Promise<void> {
  const hypotheses = join(cache, `camera_hypotheses_silhouette_${mode}.bin`);
  await take(hypotheses, hypothesesFile(name, mode), async () => {
    const read = await readOriginalHypotheses(hypotheses, ids);
    await writeHypotheses(hypothesesFile(name, mode), read);
    return `${read.N} images, ${read.H} hypotheses each`;
  });
  const poses = join(cache, `poses_estimated_${mode}.bin`);
  await take(poses, posesFile(name, mode), async () => {
    const read = await readOriginalPoses(poses, ids);
    await writePoseEstimates(posesFile(name, mode), read);
    return `${read.indices.length} poses`;
  });
}

async function importPseudoGroundTruth(
  cache: string,
  name: string,
  mode: Mode,
  take: Take,
  callbacks: StageCallbacks,
): Promise<void> {
  const source = join(cache, `poses_metadata_${mode}.npz`);
  if (!await exists(source)) return;
  const metadata = await readOriginalMetadata(source);
  await take(source, poseMetadataFile(name, mode), async () => {
    await writePoseMetadata(poseMetadataFile(name, mode), metadata);
    return `${metadata.ids.length} poses`;
  });
  for (const folder of await foldersIn(cache)) {
    const match = new RegExp(`^pseudogt_(\\d+)x\\1_${mode}$`).exec(folder);
    if (!match) continue;
    const target = pseudoGroundTruthFolder(name, Number(match[1]), mode);
    await take(join(cache, folder), target, async () => {
      for (const [i, id] of metadata.ids.entries()) {
        throwIfStopped(callbacks.signal, "The import");
        const file = join(cache, folder, `${i}.npz`);
        if (!await exists(file)) {
          if (i === 0) return "empty, for evaluation only";
          throw new UserError(
            `${file} is missing: the table of poses lists ${metadata.ids.length} photographs`,
          );
        }
        await writeUvSample(uvSampleFile(target, i), await readOriginalUvSample(file, id));
        callbacks.onProgress?.({ done: i + 1, total: metadata.ids.length });
      }
      return `${metadata.ids.length} photographs`;
    });
  }
}

/** A path of the original's folder, from ours. */
function pathFrom(folder: string, path: string): string {
  if (isAbsolute(path)) return path;
  const inProject = relative(Deno.cwd(), resolve(folder, path));
  return inProject.startsWith("..") ? resolve(folder, path) : inProject;
}

async function foldersIn(folder: string): Promise<string[]> {
  if (!await exists(folder)) return [];
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.filter(({ name, isFile }) => !isFile && !name.startsWith(".")).map(({ name }) => name)
    .sort();
}
