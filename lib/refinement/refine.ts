/**
 * Refinement: shape, pose and texture of the object in each posed photograph, without any training.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { hashText } from "../core/prng.ts";
import { agree } from "../core/process_group.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { defaultWorkerCount, shareArray, WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { removeLeftovers } from "../io/leftovers.ts";
import { checkSum, openStageFolder } from "../io/stage_folder.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { Pose } from "../rendering/cameras.ts";
import type { Template } from "../templates/template_file.ts";
import { chooseDonors, DONOR_DEFAULTS } from "./choose_donors.ts";
import { MATCHING_SIDE } from "./complete_texture.ts";
import { fittedFile, type FittedObject, readFittedObject, readRefinedObject, refinedFile } from "./files.ts";
import { findJoints } from "./joints.ts";
import { chooseOutlines, meanShapes } from "./mean_shapes.ts";
import { meanTexture, reduceTexture } from "./partial_texture.ts";
import {
  CHOICE_RESOLUTION,
  type PhotographSource,
  REFINE_KIND,
  type RefineAnswer,
  type RefineShared,
  type RefineTask,
} from "./refine_task.ts";
import { type SmoothFields, smoothFields } from "./smooth_fields.ts";

/** Options of `refinePhotographs`. */
export interface RefineOptions {
  /** Side of the textures, texels: a multiple of 32 from 256 to 2048. */
  textureResolution?: number;
  /** Rounds in which the mean shape of the photographs is made, from 0. */
  rounds?: number;
  /** Most photographs of other objects that give texels to one, from 0. */
  donors?: number;
  /** Whether shapes and textures are mirror-symmetric about x = 0. */
  symmetric?: boolean;
  /** What moves beside the shape: `pose` for estimated poses, `place` (a shift of the object) for true ones. */
  moves?: "pose" | "place";
  /** Whether shape and pose are fitted; if not, photographs are only projected onto the shapes to begin with. */
  shape?: boolean;
  /** Names the object that a photograph shows: photographs of one object give nothing to each other. Null tells nothing. */
  objectOf?: ((id: string) => string) | null;
  /** Worker threads, 0 for none; null is one per core. Does not change the result. */
  workers?: number | null;
  /** Replace files that were made from other inputs. */
  overwrite?: boolean;
}

/** Defaults of `RefineOptions`. */
export const REFINE_DEFAULTS = {
  textureResolution: 512,
  rounds: 3,
  donors: DONOR_DEFAULTS.most,
  symmetric: true,
  moves: "pose",
  shape: true,
  objectOf: null,
  workers: null,
  overwrite: false,
} as const satisfies Required<RefineOptions>;

/** What a network predicts for a photograph. */
export interface StartPrediction {
  /** Shape, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Colours in [0, 1], `[p, p, 3]`; null if it predicts none. */
  readonly texture: FloatImage | null;
}

/** A template to begin with. */
export type StartTemplate = Pick<Template, "vertices" | "partLabels" | "partNames">;

/** Where shapes begin. */
export interface RefineStart {
  /** Templates, with the parts that joints are found from. */
  readonly templates: readonly StartTemplate[];
  /** Predictions for some rows of the poses, in their order; null begins with the mean shape of the photographs. */
  readonly predict: ((rows: readonly number[]) => Promise<StartPrediction[]>) | null;
  /** Changes with the predictions. */
  readonly origin: string;
}

/** What was refined. */
export interface RefineResult {
  /** Folder of the files. */
  readonly folder: string;
  /** Ids of the photographs, in the order of their poses. */
  readonly ids: readonly string[];
  /** Overlap of each mesh with its mask at 256 pixels, 0 to 1. */
  readonly ious: readonly number[];
}

/** Photographs for which a network predicts at once. */
const PREDICTED_AT_ONCE = 8;
/** Candidates among which donors are looked for. */
const MOST_CANDIDATES = 2048;

/**
 * Refines all posed photographs of a data set into one file each. What is done is kept, and the same call goes on; the
 * result does not depend on the number of workers or processes.
 *
 * @param folder Folder of the files
 * @param dataset Photographs
 * @param poses Their poses
 * @param start Shapes to begin with
 * @param options Sizes and symmetry
 * @param callbacks Progress with the value "IoU", sentences, signal
 * @throws {RangeError} If an option is out of range
 * @throws {UserError} If the poses are those of other photographs, or the folder holds files made from other inputs
 * @throws {StoppedError} If it was stopped; what was done is kept
 */
export async function refinePhotographs(
  folder: string,
  dataset: Dataset,
  poses: PoseEstimates,
  start: RefineStart,
  options: RefineOptions = {},
  callbacks: StageCallbacks = {},
): Promise<RefineResult> {
  const settings = { ...REFINE_DEFAULTS, ...options };
  checkOptions(settings);
  checkBelonging(dataset, poses);
  await agree(async () => {
    await openStageFolder(folder, originOf(dataset, poses, start, settings), {
      what: "refinement",
      files: /\.safetensors$|^fits$/,
      overwrite: settings.overwrite,
    });
    await removeLeftovers(folder);
    await Deno.mkdir(join(folder, "fits"), { recursive: true });
  });
  const workers = dataset.sampleTask ? settings.workers ?? defaultWorkerCount() : 0;
  const { textureResolution: resolution, symmetric, moves, shape } = settings;
  const fields = sharedFields(symmetric), joints = start.templates.map(findJoints);
  const shared: RefineShared = { fields, resolution, symmetric, moves, shape, joints };
  const pool = await WorkerPool.start(REFINE_KIND, shared, workers);
  try {
    const refinement = new Refinement(folder, dataset, poses, start, settings, pool, callbacks);
    await refinement.fitShapes();
    const ious = await refinement.makeTextures();
    return { folder, ids: poses.ids, ious };
  } finally {
    pool.close();
  }
}

/** One call's work, in two passes. */
class Refinement {
  readonly #folder: string;
  readonly #dataset: Dataset;
  readonly #poses: PoseEstimates;
  readonly #start: RefineStart;
  readonly #settings: Required<RefineOptions>;
  readonly #pool: WorkerPool<RefineTask, RefineAnswer>;
  readonly #callbacks: StageCallbacks;
  #done = 0; // tasks that are done, those of earlier calls too
  #total = 0;

  constructor(
    folder: string,
    dataset: Dataset,
    poses: PoseEstimates,
    start: RefineStart,
    settings: Required<RefineOptions>,
    pool: WorkerPool<RefineTask, RefineAnswer>,
    callbacks: StageCallbacks,
  ) {
    this.#folder = folder;
    this.#dataset = dataset;
    this.#poses = poses;
    this.#start = start;
    this.#settings = settings;
    this.#pool = pool;
    this.#callbacks = callbacks;
  }

  /** Shape and pose of each photograph, to files. */
  async fitShapes(): Promise<void> {
    const { ids } = this.#poses, { predict } = this.#start;
    const templateOf = templatesOf(this.#poses, this.#start.templates.length);
    this.#total = 2 * ids.length;
    const starts = predict ? [] : await this.#meanShapes(templateOf);
    const missing = await this.#missing((row) => readFittedObject(fittedFile(this.#folder, ids[row])));
    this.#done = this.#total - ids.length - missing.length;
    for (let first = 0; first < missing.length;) {
      const rows = missing.slice(first, predict ? first + PREDICTED_AT_ONCE : undefined);
      const predicted = await predict?.(rows);
      await this.#run(rows.length, (k): RefineTask => ({
        kind: "fit",
        id: ids[rows[k]],
        photograph: this.#photograph(rows[k]),
        pose: poseOf(this.#poses, rows[k]),
        start: predicted?.[k].vertices ?? starts[templateOf[rows[k]]],
        template: templateOf[rows[k]],
        prior: predicted?.[k].texture ?? null,
        file: fittedFile(this.#folder, ids[rows[k]]),
      }));
      first += rows.length;
    }
  }

  /** Texture of each photograph, to files; overlaps in the order of the poses. */
  async makeTextures(): Promise<number[]> {
    const { ids } = this.#poses, fits: FittedObject[] = [];
    for (const id of ids) fits.push(await readFittedObject(fittedFile(this.#folder, id)));
    if (fits.length === 0) return [];
    const donorsOf = donorChoice(fits, this.#settings);
    const mean = this.#start.predict ? null : meanTexture(fits.map(textureOf));
    const missing = await this.#missing((row) => readRefinedObject(refinedFile(this.#folder, ids[row])));
    this.#done = this.#total - missing.length;
    const fittedOf = (row: number) => {
      const { id, vertices, pose } = fits[row];
      return { id, vertices, pose, photograph: this.#photograph(row) };
    };
    await this.#run(missing.length, (k): RefineTask => ({
      kind: "texture",
      ...fittedOf(missing[k]),
      iou: fits[missing[k]].iou,
      donors: donorsOf(missing[k]).map(({ index, gain }) => ({ ...fittedOf(index), gain })),
      prior: fits[missing[k]].prior ?? mean,
      file: refinedFile(this.#folder, ids[missing[k]]),
    }));
    return fits.map(({ iou }) => iou);
  }

  #meanShapes(templateOf: readonly number[]): Promise<Float32Array[]> {
    const { templates } = this.#start, { rounds } = this.#settings;
    const rows = chooseOutlines(templateOf, templates.length);
    this.#total += rounds * rows.length;
    return meanShapes(templates.map(({ vertices }) => vertices), {
      rows,
      rounds,
      folder: this.#folder,
      fit: async (tasks, round) => {
        const taskOf = (k: number): RefineTask => {
          const { row } = rows[k];
          return {
            kind: "outline",
            photograph: this.#photograph(row),
            pose: poseOf(this.#poses, row),
            ...tasks[k],
          };
        };
        this.#done = round * rows.length;
        return await this.#run(rows.length, taskOf) as Float32Array[];
      },
    });
  }

  /** Rows whose file is not there or damaged. */
  async #missing(read: (row: number) => Promise<{ id: string }>): Promise<number[]> {
    const { ids } = this.#poses;
    return await agree(async () => {
      const missing: number[] = [];
      for (const row of ids.keys()) {
        const found = await read(row).catch((error) => {
          if (error instanceof UserError) return null;
          throw error;
        });
        if (found?.id !== ids[row]) missing.push(row);
      }
      return missing;
    });
  }

  #photograph(row: number): PhotographSource {
    const index = this.#poses.indices[row];
    return this.#dataset.sampleTask?.(index, 0) ?? ((resolution) => this.#dataset.sample(index, resolution));
  }

  async #run(
    count: number,
    taskOf: (k: number) => RefineTask,
  ): Promise<RefineAnswer[]> {
    const { onProgress, signal } = this.#callbacks, what = "The refinement";
    throwIfStopped(signal, what);
    let done = 0, overlap = 0;
    return await this.#pool.run(count, taskOf, {
      signal,
      what,
      shared: true,
      onResult: (_, answer) => {
        done++;
        if (typeof answer === "number") overlap += answer;
        this.#done++;
        const values: Record<string, number> = typeof answer === "number" ? { IoU: overlap / done } : {};
        onProgress?.({ done: this.#done, total: this.#total, values });
      },
    });
  }
}

/** Chooses donors of a row among candidates that are spread evenly over all. */
function donorChoice(fits: readonly FittedObject[], { donors, objectOf }: Required<RefineOptions>) {
  const every = Math.max(1, Math.ceil(fits.length / MOST_CANDIDATES));
  const candidateOf = (fit: FittedObject) => ({
    own: reduceTexture({ ...textureOf(fit), confidence: fit.own }, MATCHING_SIDE),
    given: reduceTexture({ ...textureOf(fit), confidence: fit.given }, MATCHING_SIDE),
    vertices: fit.vertices,
  });
  const rows = [...fits.keys()].filter((row) => row % every === 0);
  const candidates = rows.map((row) => candidateOf(fits[row]));
  return (row: number) => {
    if (donors === 0) return [];
    const all = row % every === 0 ? candidates : [...candidates, candidateOf(fits[row])];
    const receiver = row % every === 0 ? row / every : candidates.length;
    const objectAt = (c: number) => objectOf?.(fits[c === candidates.length ? row : rows[c]].id);
    const mayGive = objectOf ? (donor: number) => objectAt(donor) !== objectAt(receiver) : null;
    return chooseDonors(all, receiver, { most: donors, mayGive }).map((donor) => ({
      ...donor,
      index: rows[donor.index],
    }));
  };
}

function textureOf({ colours, given }: FittedObject) {
  return { resolution: CHOICE_RESOLUTION, colours, confidence: given };
}

/** Number of each row's template. */
function templatesOf({ weights, ids }: PoseEstimates, templates: number): number[] {
  return Array.from(ids, (_, row) => {
    const own = weights.subarray(row * templates, (row + 1) * templates);
    return own.indexOf(Math.max(...own));
  });
}

function poseOf({ rotation, scale, translation, perspective }: PoseEstimates, row: number): Pose {
  return {
    rotation: rotation.slice(4 * row, 4 * row + 4),
    scale: scale[row],
    translation: translation.slice(2 * row, 2 * row + 2),
    perspective: perspective[row],
  };
}

/** The smooth fields in memory that workers share. */
function sharedFields(symmetric: boolean): SmoothFields {
  const { count, axes } = smoothFields({ symmetric });
  return { count, axes: axes.map((axis) => ({ ...axis, smooth: shareArray(axis.smooth) })) };
}

function originOf(
  dataset: Dataset,
  poses: PoseEstimates,
  { templates, origin }: RefineStart,
  { textureResolution, rounds, donors, symmetric, moves, shape, objectOf }: Required<RefineOptions>,
) {
  const { indices, rotation, scale, translation, perspective, weights } = poses;
  return {
    dataset: dataset.name,
    photographs: hashText(JSON.stringify(Array.from(indices, (i) => dataset.records[i]))).toString(16),
    poses: checkSum([indices, rotation, scale, translation, perspective, weights]),
    templates: checkSum(templates.map(({ vertices }) => vertices)),
    joints: checkSum(templates.flatMap((template) => findJoints(template).map(({ weights }) => weights))),
    start: origin,
    texture_resolution: textureResolution,
    rounds,
    donors,
    symmetric: String(symmetric),
    moves,
    shape: String(shape),
    objects: objectOf ? hashText(poses.ids.map(objectOf).join()).toString(16) : "",
  };
}

function checkOptions({ textureResolution, rounds, donors }: Required<RefineOptions>): void {
  if (!(textureResolution >= 256 && textureResolution <= 2048 && textureResolution % 128 === 0)) {
    throw new RangeError(
      `Cannot refine as textureResolution must be a multiple of 128 from 256 to 2048: current value is ` +
        `${textureResolution}`,
    );
  }
  for (const [name, value] of Object.entries({ rounds, donors })) {
    if (!(Number.isInteger(value) && value >= 0 && value <= 20)) {
      throw new RangeError(
        `Cannot refine as ${name} must be a whole number from 0 to 20: current value is ${value}`,
      );
    }
  }
}

function checkBelonging({ name, records }: Dataset, { ids, indices }: PoseEstimates): void {
  const other = ids.findIndex((id, row) => records[indices[row]]?.id !== id);
  if (other < 0) return;
  throw new UserError(
    `Cannot refine ${name}: its poses name photograph ${ids[other]} as number ${indices[other]}, which is ` +
      `${records[indices[other]]?.id ?? "not there"}; the data set was changed, estimate the poses again.`,
  );
}
