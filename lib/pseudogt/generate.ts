/**
 * Pseudo-ground-truth: turning posed photographs into UV-space training data.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { agree, isAlone, isWriter } from "../core/process_group.ts";
import { type Mode, poseMetadataFile, pseudoGroundTruthFolder } from "../core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { defaultWorkerCount, WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { removeLeftovers } from "../io/leftovers.ts";
import { checkSum, openStageFolder, type Origin } from "../io/stage_folder.ts";
import { readJson } from "../io/json_file.ts";
import { PRESETS } from "../networks/presets.ts";
import { reconstructImages, type Reconstruction } from "../networks/reconstruct_images.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import type { Pose } from "../rendering/cameras.ts";
import { isUvSample, type PoseMetadata, uvSampleFile, writePoseMetadata } from "./files.ts";
import { visibilitySideOf } from "./make_uv_maps.ts";
import { type MaskedPicture, UV_KIND, type UvAnswer, type UvShared, type UvTask } from "./uv_task.ts";

/** Options of `generatePseudoGroundTruth`. */
export interface PseudoGroundTruthOptions {
  /** One template or several; names the files. */
  mode: Mode;
  /** Side of the UV maps, texels; 0 is the preset's. */
  pseudogtResolution?: number;
  /** Side of the projected pictures, pixels; 0 is the preset's, at least twice the maps. */
  projectionResolution?: number;
  /** Folder of the files; by default that of data set, resolution and mode. */
  folder?: string;
  /** File of the table of poses; by default that of data set and mode. */
  metadataFile?: string;
  /** Photographs that the network sees at once; does not change the result. */
  batchSize?: number;
  /** Worker threads that project photographs, 0 for none; `null` is one per core. Does not change the result. */
  workers?: number | null;
  /** Leave out photographs that show nothing of the object, instead of stopping. */
  skipInvalid?: boolean;
  /** Replace files that were made with another network, other poses or sizes. */
  overwrite?: boolean;
}

/** Defaults of `PseudoGroundTruthOptions`; folder and file follow from data set and mode. */
export const PSEUDO_GROUND_TRUTH_DEFAULTS = {
  mode: "singletpl",
  pseudogtResolution: 0,
  projectionResolution: 0,
  batchSize: 8,
  workers: 0,
  skipInvalid: false,
  overwrite: false,
} as const satisfies Required<Omit<PseudoGroundTruthOptions, "folder" | "metadataFile">>;

/** What was made. */
export interface PseudoGroundTruthResult {
  /** Folder of the files. */
  readonly folder: string;
  /** Table of poses. */
  readonly metadataFile: string;
  /** Number of files. */
  readonly count: number;
  /** Ids of the photographs that were left out because they show nothing of the object. */
  readonly skipped: readonly string[];
}

/**
 * Makes one file of UV maps per posed photograph, and the table of poses.
 *
 * Workers project photographs and write files as they are made, while the network predicts the next batch. Files that are
 * there already are read and kept, so a stopped or killed run goes on where it was. The processes of a job share the
 * photographs of each batch.
 *
 * @param dataset Photographs
 * @param poses Their poses
 * @param trained Network of a reconstruction run
 * @param options Sizes and places
 * @param callbacks Progress in photographs
 * @throws {UserError} If inputs do not belong together, or a photograph shows nothing of the object
 * @throws {StoppedError} If it was stopped
 */
export async function generatePseudoGroundTruth(
  dataset: Dataset,
  poses: PoseEstimates,
  trained: TrainedReconstruction,
  options: PseudoGroundTruthOptions,
  callbacks: StageCallbacks = {},
): Promise<PseudoGroundTruthResult> {
  const settings = resolveSizes(trained, { ...PSEUDO_GROUND_TRUTH_DEFAULTS, ...options });
  const { resolution, projectionResolution, batchSize, skipInvalid } = settings;
  const folder = settings.folder ?? pseudoGroundTruthFolder(dataset.name, resolution, settings.mode);
  const metadataFile = settings.metadataFile ?? poseMetadataFile(dataset.name, settings.mode);
  const rows = orderRows(dataset, poses);
  const origin = await originOf(dataset, poses, trained, resolution, projectionResolution);
  const owner = await agree(async () => {
    await openStageFolder(folder, origin, {
      what: "pseudo-ground-truth",
      files: /^(\d+\.safetensors|skipped\.json)$/,
      overwrite: settings.overwrite,
    });
    await removeLeftovers(folder);
    return Deno.pid;
  });
  const maker = new UvMaker(dataset, poses, trained, { resolution, projectionResolution });
  const job: Job = { folder, owner, metadataFile, rows, resolution, dataset, poses, skipInvalid, callbacks };
  const skipped = await agree(() => readSkipped(folder));
  await writeTable(job, skipped);
  const pool = await WorkerPool.start(UV_KIND, maker.shared, settings.workers ?? defaultWorkerCount());
  try {
    await makeAll(job, batchSize, skipped, maker, pool);
  } finally {
    pool.close();
    await removeUnnumbered(job);
  }
  if (skipped.length > 0) {
    callbacks.onMessage?.(
      `${skipped.length} photographs were left out, as they show nothing of the object: ${
        skipped.join(", ")
      }.`,
    );
  }
  return { folder, metadataFile, count: rows.length - skipped.length, skipped };
}

/** What is made, and where it goes. */
interface Job {
  readonly folder: string;
  /** Process in whose name files are written before they have a number. */
  readonly owner: number;
  readonly metadataFile: string;
  /** Rows of the poses in the order of the files. */
  readonly rows: readonly number[];
  readonly resolution: number;
  readonly dataset: Dataset;
  readonly poses: PoseEstimates;
  readonly skipInvalid: boolean;
  readonly callbacks: StageCallbacks;
}

/** Goes through the photographs in batches; while workers project one batch, the network predicts the next. */
async function makeAll(
  job: Job,
  batchSize: number,
  skipped: string[],
  maker: UvMaker,
  pool: WorkerPool<UvTask, UvAnswer>,
): Promise<void> {
  const { folder, rows, poses, callbacks } = job;
  const what = "Making pseudo-ground-truth", { signal } = callbacks;
  const fileOf = (index: number): string => uvSampleFile(folder, index);
  let nextFile = 0; // files are numbered without gaps
  const findMissing = async (batch: readonly number[], first: number): Promise<number[]> => {
    const missing: number[] = [];
    let file = first;
    for (const row of batch) {
      const id = poses.ids[row];
      if (!skipped.includes(id) && !await isUvSample(fileOf(file++), id, job.resolution)) missing.push(row);
    }
    return missing;
  };
  const missingOf = (batch: readonly number[], first: number) => agree(() => findMissing(batch, first));
  let running: { batch: number[]; work: Promise<UvAnswer[]>; missing: number[] } | null = null;
  const finish = async () => {
    if (running === null) return;
    const { batch, work, missing } = running;
    running = null;
    const answers = await work;
    let before = nextFile; // number of a row's file if no photograph of this batch is left out
    for (const row of batch) {
      const id = poses.ids[row];
      if (skipped.includes(id)) continue;
      const answer = missing.includes(row) ? answers[missing.indexOf(row)] : "there";
      if (answer === "empty") {
        if (!job.skipInvalid) throw new UserError(emptyMessage(id));
        skipped.push(id);
        await writeJsonAtomic(join(folder, "skipped.json"), skipped);
        await writeTable(job, skipped);
      } else {
        const from = answer === "written" ? unnumberedFile(job, row) : fileOf(before);
        if (from !== fileOf(nextFile) && isWriter()) await Deno.rename(from, fileOf(nextFile));
        nextFile++;
      }
      before++;
    }
    callbacks.onProgress?.({ done: rows.indexOf(batch.at(-1)!) + 1, total: rows.length });
  };
  for (let start = 0; start < rows.length; start += batchSize) {
    throwIfStopped(signal, what);
    const batch = rows.slice(start, start + batchSize); // the same ones after a stop, for the same last bits
    const expected = nextFile +
      (running?.batch.filter((row) => !skipped.includes(poses.ids[row])).length ?? 0);
    let missing = await missingOf(batch, expected);
    let predicted = missing.length > 0 ? await maker.predict(batch) : null;
    await finish();
    throwIfStopped(signal, what);
    if (nextFile !== expected) missing = await missingOf(batch, nextFile); // some of the batch before were left out
    if (missing.length > 0) predicted ??= await maker.predict(batch);
    const taskOf = (k: number) =>
      maker.task(missing[k], predicted!(missing[k]), unnumberedFile(job, missing[k]));
    const work = pool.run(missing.length, taskOf, { signal, what, shared: true });
    work.catch(() => {}); // thrown where it is awaited
    if (!isAlone()) await work; // the processes do one thing together at a time
    running = { batch, work, missing };
  }
  await finish();
}

/** Where a worker writes before the number of the file is known; removed as a leftover after a kill. */
function unnumberedFile({ folder, owner }: Job, row: number): string {
  return join(folder, `row_${row}.${owner}-0.partial`);
}

/** Removes what workers wrote for a batch that was not finished. */
async function removeUnnumbered({ folder, owner }: Job): Promise<void> {
  if (!isWriter()) return;
  for await (const { name } of Deno.readDir(folder)) {
    if (/^row_\d+\./.test(name) && name.includes(`.${owner}-`)) await Deno.remove(join(folder, name));
  }
}

async function writeTable(
  { metadataFile, dataset, poses, rows }: Job,
  skipped: readonly string[],
): Promise<void> {
  const kept = rows.filter((row) => !skipped.includes(poses.ids[row]));
  await writePoseMetadata(metadataFile, poseMetadata(dataset, poses, kept));
}

/** Makes tasks of photographs and what the network predicts for them. */
class UvMaker {
  /** What all tasks have in common. */
  readonly shared: UvShared;
  readonly #dataset: Dataset;
  readonly #poses: PoseEstimates;
  readonly #trained: TrainedReconstruction;

  constructor(
    dataset: Dataset,
    poses: PoseEstimates,
    trained: TrainedReconstruction,
    sizes: Pick<UvShared, "resolution" | "projectionResolution">,
  ) {
    this.#dataset = dataset;
    this.#poses = poses;
    this.#trained = trained;
    const { textureResolution, symmetric } = trained.network.config;
    const visibilitySide = visibilitySideOf(textureResolution, sizes.projectionResolution);
    this.shared = { ...sizes, visibilitySide, symmetric };
  }

  /** Predictions of a batch, by row. */
  async predict(rows: readonly number[]): Promise<(row: number) => Reconstruction> {
    const { network, state } = this.#trained, side = network.config.imageResolution;
    const inputs = await Promise.all(rows.map((row) => this.#dataset.sample(this.#poses.indices[row], side)));
    const reconstructions = await reconstructImages(network, inputs, partPresence(state));
    return (row) => reconstructions[rows.indexOf(row)];
  }

  /** The task of one photograph; a worker reads it from its files where it has some. */
  async task(row: number, reconstruction: Reconstruction, file: string): Promise<UvTask> {
    const index = this.#poses.indices[row], side = this.shared.projectionResolution;
    const { id, classIndex } = this.#dataset.records[index];
    const { vertices, parts, displacementMap } = reconstruction;
    return {
      id,
      classIndex,
      photograph: this.#dataset.sampleTask?.(index, side) ?? await this.#picture(index, side),
      pose: poseOf(this.#poses, row),
      vertices,
      displacementMap: Float32Array.from(displacementMap.data),
      parts,
      file,
    };
  }

  async #picture(index: number, side: number): Promise<MaskedPicture> {
    const { image, mask } = await this.#dataset.sample(index, side);
    return { image, mask };
  }
}

function resolveSizes<T extends { pseudogtResolution: number; projectionResolution: number }>(
  { network }: TrainedReconstruction,
  options: T,
): T & { resolution: number } {
  const preset = PRESETS[network.config.preset];
  const resolution = options.pseudogtResolution || preset.textureResolution;
  const projectionResolution = options.projectionResolution ||
    Math.max(preset.projectionResolution, 2 * resolution);
  for (const [name, value] of Object.entries({ pseudogtResolution: resolution, projectionResolution })) {
    if (!Number.isInteger(value) || value < 16 || value > 4096) {
      throw new RangeError(
        `Cannot make pseudo-ground-truth as ${name} must be a whole number between 16 and 4096: current value is ${value}`,
      );
    }
  }
  return { ...options, resolution, projectionResolution };
}

/** Rows of the poses in the order of their classes. */
function orderRows(dataset: Dataset, poses: PoseEstimates): number[] {
  const rows = Array.from(poses.indices.keys());
  for (const row of rows) {
    const id = dataset.records[poses.indices[row]]?.id;
    if (id !== poses.ids[row]) {
      throw new UserError(
        `Cannot make pseudo-ground-truth of ${dataset.name}: its poses name photograph ${
          poses.ids[row]
        } as number ` +
          `${poses.indices[row]}, which is ${
            id ?? "not there"
          }; the data set was changed, estimate the poses again.`,
      );
    }
  }
  const classOf = (row: number): number => dataset.records[poses.indices[row]].classIndex;
  return rows.sort((a, b) => classOf(a) - classOf(b) || a - b);
}

async function originOf(
  dataset: Dataset,
  poses: PoseEstimates,
  { network }: TrainedReconstruction,
  resolution: number,
  projectionResolution: number,
): Promise<Origin> {
  const weights = Object.values(await network.parameters.toArrays()).map(({ data }) => data);
  const { indices, rotation, scale, translation, perspective } = poses;
  return {
    dataset: dataset.name,
    network: network.type,
    weights: checkSum(weights),
    poses: checkSum([indices, rotation, scale, translation, perspective]),
    resolution,
    projectionResolution,
  };
}

async function readSkipped(folder: string): Promise<string[]> {
  const path = join(folder, "skipped.json");
  try {
    await Deno.stat(path);
  } catch {
    return [];
  }
  return await readJson(path, v.array(v.string()), "list of photographs that were left out");
}

function poseMetadata(dataset: Dataset, poses: PoseEstimates, rows: readonly number[]): PoseMetadata {
  const gather = (values: Float32Array, columns: number): Float32Array =>
    Float32Array.from(rows.flatMap((row) => [...values.subarray(row * columns, (row + 1) * columns)]));
  return {
    scale: gather(poses.scale, 1),
    translation: gather(poses.translation, 2),
    rotation: gather(poses.rotation, 4),
    perspective: gather(poses.perspective, 1),
    classIndex: Int32Array.from(rows, (row) => dataset.records[poses.indices[row]].classIndex),
    ids: rows.map((row) => poses.ids[row]),
  };
}

function poseOf({ rotation, scale, translation, perspective }: PoseEstimates, row: number): Pose {
  return {
    rotation: rotation.slice(4 * row, 4 * row + 4),
    scale: scale[row],
    translation: translation.slice(2 * row, 2 * row + 2),
    perspective: perspective[row],
  };
}

function emptyMessage(id: string): string {
  return `Cannot make pseudo-ground-truth of photograph ${id}: with its pose, it shows nothing of the object (alpha is 0 ` +
    `everywhere). Look at its pose, or leave such photographs out with --skip_invalid; the files made so far are kept.`;
}
