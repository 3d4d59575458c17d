/**
 * The tasks of refinement's workers: the shape of one photograph, and its texture.
 *
 * @module
 */
import { type FloatImage, zerosLike } from "../core/arrays.ts";
import type { WorkerKind } from "../core/worker_pool.ts";
import { cropOfBox } from "../datasets/crop.ts";
import type { Sample } from "../datasets/dataset.ts";
import { readSample } from "../datasets/read_sample.ts";
import type { SampleTask } from "../datasets/sample_task.ts";
import { hardOverlap } from "../metrics/hard_overlap.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { completeTexture } from "./complete_texture.ts";
import { APPEARANCE_RESOLUTION, BLURRED_SIZE } from "./appearance_error.ts";
import {
  type FittedObject,
  readFittedObject,
  type RefinedObject,
  writeFittedObject,
  writeRefinedObject,
} from "./files.ts";
import type { Joint } from "./joints.ts";
import { padPhotograph } from "./padded_photograph.ts";
import { DONOR_TRUST, OWN_TRUST, type PartialTexture, seenTexture } from "./partial_texture.ts";
import { projectPhotograph, type SeenTexels } from "./project_photograph.ts";
import { type FittedShape, SHAPE_FIT_DEFAULTS, type ShapeFitOptions, ShapeFitter } from "./shape_fitter.ts";
import type { SmoothFields } from "./smooth_fields.ts";
import { type TexelSurface, texelSurface } from "./texel_surface.ts";

/** What all tasks have in common. */
export interface RefineShared {
  /** Smooth displacements. */
  readonly fields: SmoothFields;
  /** Rows and columns of the textures, R. */
  readonly resolution: number;
  /** Whether objects are taken as mirror-symmetric. */
  readonly symmetric: boolean;
  /** What moves beside the shape. */
  readonly moves: "pose" | "place";
  /** Whether shape and pose move at all; photographs are only projected if not. */
  readonly shape: boolean;
  /** Joints of each template. */
  readonly joints: readonly (readonly Joint[])[];
}

/** How a photograph is read at any resolution: as data for workers, or by a function of the calling thread. */
export type PhotographSource = SampleTask | ((resolution: number) => Promise<Sample>);

/** A shape for the mean of many: fewer steps, nothing is written. */
export interface OutlineTask {
  readonly kind: "outline";
  /** The photograph. */
  readonly photograph: PhotographSource;
  /** Its pose. */
  readonly pose: Pose;
  /** Shape to begin with, `[V, 3]`. */
  readonly start: Float32Array;
  /** Number of its template. */
  readonly template: number;
}

/** Shape and pose of one photograph. */
export interface FitTask extends Omit<OutlineTask, "kind"> {
  readonly kind: "fit";
  /** Id of the photograph. */
  readonly id: string;
  /** Texture that a network predicts, colours in [0, 1]; null if none does. */
  readonly prior: FloatImage | null;
  /** File to write. */
  readonly file: string;
}

/** A fit that goes on until the texture lies where others have it. */
export interface AlignTask {
  readonly kind: "align";
  /** The photograph. */
  readonly photograph: PhotographSource;
  /** Number of its template. */
  readonly template: number;
  /** File of the fit that goes on. */
  readonly before: string;
  /** What is expected of its texture, `[64, 64]`. */
  readonly likely: Pick<PartialTexture, "colours" | "confidence">;
  /** File to write. */
  readonly file: string;
}

/** A photograph with the shape and pose of its object. */
export interface FittedPhotograph {
  /** The photograph. */
  readonly photograph: PhotographSource;
  /** Id of the photograph. */
  readonly id: string;
  /** Shape, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Pose. */
  readonly pose: Pose;
}

/** Texture of one photograph. */
export interface TextureTask extends FittedPhotograph {
  readonly kind: "texture";
  /** Overlap of mesh and mask. */
  readonly iou: number;
  /** Photographs that give texels, with the factors of their channels. */
  readonly donors: readonly (FittedPhotograph & { readonly gain: readonly number[] })[];
  /** Texture of less trust, colours in [0, 1]; null if there is none. */
  readonly prior: FloatImage | null;
  /** File to write. */
  readonly file: string;
}

/** Any task. */
export type RefineTask = OutlineTask | FitTask | AlignTask | TextureTask;

/** A shape for the mean, or the overlap of what was written. */
export type RefineAnswer = Float32Array | number;

/** Rows and columns of the textures in which donors are chosen. */
export const CHOICE_RESOLUTION = APPEARANCE_RESOLUTION;
/** Settings of a fit for the mean: stiffer, and shorter. */
const OUTLINE_FIT = { steps: 60, bentFactor: 1, prior: 0.5, bentPrior: 0.5, freeRounds: 0 } as const;
/** Sides of photographs that are projected, pixels. */
const LEAST_PHOTOGRAPH = 256, MOST_PHOTOGRAPH = 1024;
/** Pixels of a photograph of 256 pixels at the rim of the mask whose colours are not trusted. */
const RIM = 1;
/** Projected photographs that are kept, for textures of 512 texels. */
const KEPT = 6;

/** Makes the function that does one task. */
export function createRefineRunner(shared: RefineShared): (task: RefineTask) => Promise<RefineAnswer> {
  const { fields, moves, joints } = shared;
  const fitter = new ShapeFitter(fields, fitOptions(shared)),
    outlines = new ShapeFitter(fields, { ...OUTLINE_FIT, moves });
  const textures = new TextureMaker(shared), few = texelSurface(CHOICE_RESOLUTION);
  return async (task) => {
    if (task.kind === "texture") {
      await writeRefinedObject(task.file, await textures.make(task));
      return task.iou;
    }
    if (task.kind === "outline") {
      const { mask } = await readPhotograph(task.photograph, SHAPE_FIT_DEFAULTS.size);
      return outlines.fit(task.start, mask.data, task.pose, joints[task.template]).rest;
    }
    const { sample, ...fitted } = task.kind === "fit"
      ? { ...await fitPhotograph(fitter, task, joints[task.template]), id: task.id, prior: task.prior }
      : await alignPhotograph(fitter, task, joints[task.template], few);
    const seen = project(sample, fitted, few);
    const own = seenTexture(seen, OWN_TRUST, shared.symmetric);
    const given = seenTexture(seen, DONOR_TRUST, shared.symmetric);
    const confidences = { own: own.confidence, given: given.confidence };
    await writeFittedObject(task.file, { ...fitted, colours: own.colours, ...confidences });
    return fitted.iou;
  };
}

/** Moves a fitted shape, and its pose, to where its texture looks like what is expected. */
async function alignPhotograph(
  fitter: ShapeFitter,
  { photograph, before, likely }: AlignTask,
  joints: readonly Joint[],
  few: TexelSurface,
): Promise<Omit<FittedObject, "colours" | "own" | "given"> & { readonly sample: Sample }> {
  const sample = await readPhotograph(photograph, SHAPE_FIT_DEFAULTS.size);
  const { id, prior, vertices, pose, state } = await readFittedObject(before);
  const picture = padPhotograph(await readPhotograph(photograph, BLURRED_SIZE), RIM);
  const { weight: seen } = project(sample, { vertices, pose }, few);
  const weight = seen.map((share, texel) => {
    const row = Math.floor(texel / few.resolution);
    return Math.sqrt(share) * likely.confidence[texel] * Math.sin(Math.PI * (row + 0.5) / few.resolution);
  });
  const fitted = fitter.align(state, sample.mask.data, { picture, colours: likely.colours, weight }, joints);
  return { ...fitted, id, prior, sample, iou: overlapOf(fitted, sample) };
}

function overlapOf({ vertices, pose }: FittedShape, { mask }: Sample): number {
  return hardOverlap(projectVertices(vertices, pose, zerosLike(vertices)), mask);
}

/** Options of the fit of one photograph. */
export function fitOptions({ shape, moves }: Pick<RefineShared, "shape" | "moves">): ShapeFitOptions {
  return { moves, steps: shape ? SHAPE_FIT_DEFAULTS.steps : 0 };
}

/** Fits shape and pose of one photograph; with the overlap of mesh and mask, and the photograph at that size. */
export async function fitPhotograph(
  fitter: ShapeFitter,
  { photograph, start, pose }: Pick<OutlineTask, "photograph" | "start" | "pose">,
  joints: readonly Joint[] = [],
): Promise<FittedShape & { readonly iou: number; readonly sample: Sample }> {
  const sample = await readPhotograph(photograph, SHAPE_FIT_DEFAULTS.size);
  const fitted = fitter.fit(start, sample.mask.data, pose, joints);
  return { ...fitted, iou: overlapOf(fitted, sample), sample };
}

/** Makes textures, and keeps photographs that give to several. */
export class TextureMaker {
  readonly #shared: Pick<RefineShared, "resolution" | "symmetric">;
  readonly #kept = new Map<string, SeenTexels>();
  #surface: TexelSurface | null = null;

  /**
   * Keeps what all textures have in common.
   *
   * @param shared Size and symmetry of the textures
   */
  constructor(shared: Pick<RefineShared, "resolution" | "symmetric">) {
    this.#shared = shared;
  }

  /** Forgets the photographs that were kept by their ids. */
  forget(): void {
    this.#kept.clear();
  }

  /** Completes the texture of one photograph. */
  async make(task: Omit<TextureTask, "kind" | "file">): Promise<RefinedObject> {
    const { id, vertices, pose, iou, donors, prior, photograph } = task;
    const { symmetric, resolution } = this.#shared;
    const own = seenTexture(await this.#seen({ id, vertices, pose, photograph }), OWN_TRUST, symmetric);
    const given = [];
    for (const donor of donors) {
      const texture = seenTexture(await this.#seen(donor), DONOR_TRUST, symmetric);
      given.push({ texture, gain: donor.gain });
    }
    const { data } = completeTexture(own, given, prior);
    const square = { height: resolution, width: resolution };
    return {
      ...{ id, vertices, pose, iou },
      texture: { ...square, data: data.map((value) => 2 * value - 1), channels: 3 },
      confidence: { ...square, data: own.confidence, channels: 1 },
      donors: donors.map((donor) => donor.id),
    };
  }

  async #seen(fitted: FittedPhotograph): Promise<SeenTexels> {
    const { resolution } = this.#shared, found = this.#kept.get(fitted.id);
    if (found) return found;
    const side = sideOf(fitted.photograph, resolution);
    this.#surface ??= texelSurface(resolution);
    const seen = project(await readPhotograph(fitted.photograph, side), fitted, this.#surface);
    this.#kept.set(fitted.id, seen);
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= Math.max(1, KEPT * (512 / resolution) ** 2)) break;
      this.#kept.delete(oldest);
    }
    return seen;
  }
}

/** Side at which a photograph is read: its own, as long as textures of that resolution can show it. */
function sideOf(source: PhotographSource, resolution: number): number {
  const most = Math.min(MOST_PHOTOGRAPH, Math.max(LEAST_PHOTOGRAPH, resolution));
  if (typeof source === "function") return most;
  return Math.min(most, Math.max(LEAST_PHOTOGRAPH, cropOfBox(source.record.box).size));
}

function project(
  sample: Sample,
  { vertices, pose }: Pick<FittedPhotograph, "vertices" | "pose">,
  surface: TexelSurface,
): SeenTexels {
  const rim = Math.max(1, Math.round(RIM * sample.mask.width / LEAST_PHOTOGRAPH));
  return projectPhotograph(vertices, pose, padPhotograph(sample, rim), sample.mask, surface);
}

/** Reads a photograph without its parts, which are not needed. */
async function readPhotograph(source: PhotographSource, resolution: number): Promise<Sample> {
  if (typeof source === "function") return await source(resolution);
  const { record, parts } = source;
  return await readSample({ ...record, partsPath: null, partRuns: undefined }, resolution, parts);
}

/** Workers that refine. */
export const REFINE_KIND: WorkerKind<RefineShared, RefineTask, RefineAnswer> = {
  module: new URL("./refine_worker.ts", import.meta.url),
  createRunner: createRefineRunner,
};
