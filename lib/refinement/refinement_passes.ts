/**
 * The passes of refinement over a data set: shapes, their alignment by textures, and textures.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { agree } from "../core/process_group.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { poseInRow } from "../rendering/cameras.ts";
import type { FittedObject, ObjectFiles } from "./files.ts";
import { LookAlikes } from "./look_alikes.ts";
import { chooseMeanShapeRows, meanShapes } from "./mean_shapes.ts";
import type { PartialTexture } from "./partial_texture.ts";
import type { RefineOptions, RefineStart } from "./refine_options.ts";
import type { PhotographSource, RefineAnswer, RefineTask } from "./refine_task.ts";
import { missingRows, type RefinedStore } from "./refined_store.ts";

/** Photographs for which a network predicts at once. */
const PREDICTED_AT_ONCE = 8;

/** One call's work, pass after pass. */
export class RefinementPasses {
  readonly #store: RefinedStore;
  readonly #dataset: Dataset;
  readonly #poses: PoseEstimates;
  readonly #start: RefineStart;
  readonly #settings: Required<RefineOptions>;
  readonly #pool: WorkerPool<RefineTask, RefineAnswer>;
  readonly #callbacks: StageCallbacks;
  readonly #last: number; // round of fits whose textures are made
  #done = 0; // tasks that are done, those of earlier calls too
  #total = 0;

  constructor(
    store: RefinedStore,
    dataset: Dataset,
    poses: PoseEstimates,
    start: RefineStart,
    settings: Required<RefineOptions>,
    pool: WorkerPool<RefineTask, RefineAnswer>,
    callbacks: StageCallbacks,
  ) {
    this.#store = store;
    this.#dataset = dataset;
    this.#poses = poses;
    this.#start = start;
    this.#settings = settings;
    this.#pool = pool;
    this.#callbacks = callbacks;
    this.#last = settings.shape ? settings.alignments : 0;
  }

  /** Shape and pose of each photograph, and where textures say that they lie, to the store. */
  async fitShapes(): Promise<void> {
    this.#total = (this.#last + 2) * this.#poses.ids.length;
    if ((await this.#missingFits(this.#last)).length > 0) {
      await this.#fit();
      for (let round = 1; round <= this.#last; round++) await this.#align(round);
    }
    await agree(async () => {
      for (let round = 0; round < this.#last; round++) await this.#store.removeFits(round);
    });
  }

  /** Texture of each photograph, to the store; IoUs in the order of the poses. */
  async makeTextures(): Promise<number[]> {
    const { ids } = this.#poses, fits = await this.#readFits(this.#last);
    if (fits.length === 0) return [];
    const { donors, objectOf } = this.#settings, alike = new LookAlikes(fits, objectOf);
    const missing = await missingRows(this.#store, ids);
    this.#done = this.#total - missing.length;
    const fittedOf = (row: number) => {
      const { id, vertices, pose } = fits[row];
      return { id, vertices, pose, photograph: this.#photograph(row) };
    };
    await this.#run(missing.length, (k): RefineTask => ({
      kind: "texture",
      ...fittedOf(missing[k]),
      iou: fits[missing[k]].iou,
      donors: alike.donorsOf(missing[k], donors).map(({ index, gain }) => ({ ...fittedOf(index), gain })),
      prior: fits[missing[k]].prior ?? imageOf(alike.likelyTexture(missing[k])),
      file: this.#store.place(ids[missing[k]]),
    }));
    return fits.map(({ iou }) => iou);
  }

  /** First round of fits, from the mean shape or from what a network predicts. */
  async #fit(): Promise<void> {
    const { ids } = this.#poses, { predict, templates } = this.#start, fits = this.#fits(0);
    const templateOf = templatesOf(this.#poses, templates.length);
    const means = await this.#meanShapes(templateOf);
    const missing = await this.#missingFits(0);
    this.#done = this.#total - this.#left(0) - missing.length;
    for (let first = 0; first < missing.length;) {
      const rows = missing.slice(first, predict ? first + PREDICTED_AT_ONCE : undefined);
      const predicted = await predict?.(rows);
      await this.#run(rows.length, (k): RefineTask => ({
        kind: "fit",
        id: ids[rows[k]],
        photograph: this.#photograph(rows[k]),
        pose: poseInRow(this.#poses, rows[k]),
        start: sumOf(means[templateOf[rows[k]]], predicted?.[k].vertices),
        template: templateOf[rows[k]],
        prior: predicted?.[k].texture ?? null,
        file: fits.place(ids[rows[k]]),
      }));
      first += rows.length;
    }
  }

  /** Another round, in which all look at the textures of the round before. */
  async #align(round: number): Promise<void> {
    const { ids } = this.#poses, from = this.#fits(round - 1), to = this.#fits(round);
    const missing = await this.#missingFits(round);
    this.#done = this.#total - this.#left(round) - missing.length;
    if (missing.length === 0) return;
    const templateOf = templatesOf(this.#poses, this.#start.templates.length);
    const alike = new LookAlikes(await this.#readFits(round - 1), this.#settings.objectOf);
    await this.#run(missing.length, (k): RefineTask => ({
      kind: "align",
      photograph: this.#photograph(missing[k]),
      template: templateOf[missing[k]],
      before: from.place(ids[missing[k]]),
      likely: alike.likelyTexture(missing[k]),
      file: to.place(ids[missing[k]]),
    }));
  }

  /** What the store calls a round: the last one has no number. */
  #named(round: number): number | undefined {
    return round === this.#last ? undefined : round;
  }

  /** Shapes and poses of a round. */
  #fits(round: number): ObjectFiles<FittedObject> {
    return this.#store.fits(this.#named(round));
  }

  /** Tasks behind a round of fits. */
  #left(round: number): number {
    return (this.#last - round + 1) * this.#poses.ids.length;
  }

  async #readFits(round: number): Promise<FittedObject[]> {
    const fits: FittedObject[] = [], { read } = this.#fits(round);
    for (const id of this.#poses.ids) fits.push(await read(id));
    return fits;
  }

  async #missingFits(round: number): Promise<number[]> {
    await agree(() => this.#store.openFits(this.#named(round)));
    return await missingRows(this.#fits(round), this.#poses.ids);
  }

  /** The mean shape of each template's photographs; where there is a network, what its predictions are off by on average. */
  async #meanShapes(templateOf: readonly number[]): Promise<Float32Array[]> {
    const { templates, predict } = this.#start, { rounds } = this.#settings;
    const rows = chooseMeanShapeRows(templateOf, templates.length);
    this.#total += rounds * rows.length;
    const before = templates.map(({ vertices }) => predict ? new Float32Array(vertices.length) : vertices);
    const predicted: Float32Array[] = [];
    for (let first = 0; predict && rounds > 0 && first < rows.length; first += PREDICTED_AT_ONCE) {
      const some = rows.slice(first, first + PREDICTED_AT_ONCE).map(({ row }) => row);
      predicted.push(...(await predict(some)).map(({ vertices }) => vertices));
    }
    return await meanShapes(before, {
      rows,
      rounds,
      store: this.#store,
      fit: async (tasks, round) => {
        const taskOf = (k: number): RefineTask => {
          const { row } = rows[k];
          return {
            kind: "mean shape",
            photograph: this.#photograph(row),
            pose: poseInRow(this.#poses, row),
            ...tasks[k],
            start: sumOf(tasks[k].start, predicted[k]),
          };
        };
        this.#done = round * rows.length;
        const fitted = await this.#run(rows.length, taskOf) as Float32Array[];
        return fitted.map((shape, k) => predict ? shape.map((value, i) => value - predicted[k][i]) : shape);
      },
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
    let done = 0, iou = 0;
    return await this.#pool.run(count, taskOf, {
      signal,
      what,
      shared: true,
      onResult: (_, answer) => {
        done++;
        if (typeof answer === "number") iou += answer;
        this.#done++;
        const values: Record<string, number> = typeof answer === "number" ? { IoU: iou / done } : {};
        onProgress?.({ done: this.#done, total: this.#total, values });
      },
    });
  }
}

/** Number of each row's template. */
function templatesOf({ weights, ids }: PoseEstimates, templates: number): number[] {
  return Array.from(ids, (_, row) => {
    const own = weights.subarray(row * templates, (row + 1) * templates);
    return own.indexOf(Math.max(...own));
  });
}

/** A shape, or one and what it is off by. */
function sumOf(shape: Float32Array, offset?: Float32Array): Float32Array {
  return offset ? shape.map((value, i) => value + offset[i]) : shape;
}

function imageOf({ resolution, colours }: PartialTexture): FloatImage {
  return { data: colours, height: resolution, width: resolution, channels: 3 };
}
