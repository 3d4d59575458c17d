/**
 * The files of pseudo-ground-truth: one a photograph, numbered in the order of the table of poses, whatever their maps are
 * made from.
 *
 * @module
 */
import type { OptionsOutput } from "../core/option.ts";
import { UserError } from "../core/errors.ts";
import { agree, isAlone } from "../core/process_group.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { defaultWorkerCount, type WorkerKind, WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Origin } from "../io/stage_folder.ts";
import { photographsHash } from "../datasets/photographs_hash.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { PoseMetadata, PseudoGroundTruthWay, UvAnswer } from "./files.ts";
import type { PSEUDO_GROUND_TRUTH_OPTIONS } from "./options.ts";
import type { UvStore } from "./uv_store.ts";

/** What UV maps are made from. */
export interface UvSource<Shared, Task> {
  /** The way they are made. */
  readonly way: PseudoGroundTruthWay;
  /** Changes with everything that the maps depend on. */
  readonly origin: Origin;
  /** Poses of the objects, which go to the table. */
  readonly poses: PoseEstimates;
  /** Workers that make and write the maps. */
  readonly kind: WorkerKind<Shared, Task, UvAnswer>;
  /** What all tasks have in common. */
  readonly shared: Shared;
  /** Prepares some rows of the poses, always the same ones together; the function that makes their tasks. */
  prepare(rows: readonly number[]): Promise<(row: number, file: string) => Task | Promise<Task>>;
}

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
 * Workers make maps and write files, while the next batch is prepared. Files that are there already are read and kept, so a
 * stopped or killed run resumes where it was. The processes of a job share the photographs of each batch.
 *
 * @param store Where the maps are kept
 * @param dataset Photographs
 * @param source What the maps are made from
 * @param options `resolution`: side of the maps, texels; photographs that are prepared at once, worker threads, and whether
 *   photographs that show nothing of the object are left out
 * @param callbacks Progress in photographs
 * @throws {UserError} If inputs do not belong together, or a photograph shows nothing of the object
 * @throws {StoppedError} If it was stopped
 */
export async function makeUvFiles<Shared, Task>(
  store: UvStore,
  dataset: Dataset,
  source: UvSource<Shared, Task>,
  { resolution, batchSize, workers, skipInvalid }:
    & Pick<OptionsOutput<typeof PSEUDO_GROUND_TRUTH_OPTIONS>, "batchSize" | "workers" | "skipInvalid">
    & { readonly resolution: number },
  callbacks: StageCallbacks,
): Promise<PseudoGroundTruthResult> {
  const { poses, way } = source, rows = orderRows(dataset, poses);
  await store.begin(source.origin);
  const job: Job = { store, rows, resolution, dataset, poses, way, skipInvalid, callbacks };
  const skipped = await agree(() => store.readSkipped());
  await writeTable(job, skipped);
  const pool = await WorkerPool.start(source.kind, source.shared, workers ?? defaultWorkerCount());
  try {
    await makeAll(job, batchSize, skipped, source, pool);
  } finally {
    pool.close();
    await store.removeUnnumbered();
  }
  if (skipped.length > 0) {
    callbacks.onMessage?.(
      `${skipped.length} photographs were left out, as they show nothing of the object: ${
        skipped.join(", ")
      }.`,
    );
  }
  const { folder, metadataFile } = store;
  return { folder, metadataFile, count: rows.length - skipped.length, skipped };
}

/** What is made, and where it goes. */
interface Job {
  readonly store: UvStore;
  /** Rows of the poses in the order of the files. */
  readonly rows: readonly number[];
  readonly resolution: number;
  readonly dataset: Dataset;
  readonly poses: PoseEstimates;
  readonly way: PseudoGroundTruthWay;
  readonly skipInvalid: boolean;
  readonly callbacks: StageCallbacks;
}

/** Goes through the photographs in batches; while workers project one batch, the network predicts the next. */
async function makeAll<Shared, Task>(
  job: Job,
  batchSize: number,
  skipped: string[],
  source: UvSource<Shared, Task>,
  pool: WorkerPool<Task, UvAnswer>,
): Promise<void> {
  const { store, rows, poses, callbacks } = job;
  const what = "Making pseudo-ground-truth", { signal } = callbacks;
  let nextFile = 0; // files are numbered without gaps
  const findMissing = async (batch: readonly number[], first: number): Promise<number[]> => {
    const missing: number[] = [];
    let file = first;
    for (const row of batch) {
      const id = poses.ids[row];
      if (!skipped.includes(id) && !await store.has(file++, id, job.resolution)) missing.push(row);
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
        await store.writeSkipped(skipped);
        await writeTable(job, skipped);
      } else {
        await (answer === "written" ? store.number(row, nextFile) : store.renumber(before, nextFile));
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
    let taskOf = missing.length > 0 ? await source.prepare(batch) : null;
    await finish();
    throwIfStopped(signal, what);
    if (nextFile !== expected) missing = await missingOf(batch, nextFile); // some of the batch before were left out
    if (missing.length > 0) taskOf ??= await source.prepare(batch);
    const prepared = taskOf, rowsToMake = missing;
    const work = pool.run(
      missing.length,
      (k) => prepared!(rowsToMake[k], store.unnumbered(rowsToMake[k])),
      { signal, what, shared: true },
    );
    work.catch(() => {}); // thrown where it is awaited
    if (!isAlone()) await work; // the processes do one thing together at a time
    running = { batch, work, missing };
  }
  await finish();
}

async function writeTable(
  { store, dataset, poses, rows, way }: Job,
  skipped: readonly string[],
): Promise<void> {
  const kept = rows.filter((row) => !skipped.includes(poses.ids[row]));
  const photographs = photographsHash(dataset);
  await store.writeTable({ ...poseMetadata(dataset, poses, kept), way, photographs });
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

function emptyMessage(id: string): string {
  return `Cannot make pseudo-ground-truth of photograph ${id}: with its pose, it shows nothing of the object (alpha is 0 ` +
    `everywhere). Look at its pose, or leave such photographs out with 'skipInvalid'; the files made so far are kept.`;
}
