/**
 * The tasks of refinement's workers: the shape of one photograph, and its texture.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { WorkerKind } from "../core/worker_pool.ts";
import { cropOfBox } from "../datasets/crop.ts";
import type { Sample, SampleTask } from "../datasets/dataset.ts";
import { readSample } from "../datasets/read_sample.ts";
import type { Pose } from "../rendering/cameras.ts";
import { APPEARANCE_RESOLUTION, BLURRED_SIZE } from "./appearance_error.ts";
import { type FittedObject, readFittedObject, writeFittedObject, writeRefinedObject } from "./files.ts";
import { fitOptions, fitPhotograph, meshIou, type PhotographReader } from "./fit_photograph.ts";
import type { Joint } from "./joints.ts";
import { padPhotograph } from "./padded_photograph.ts";
import { DONOR_CONFIDENCE, OWN_CONFIDENCE, type PartialTexture, seenTexture } from "./partial_texture.ts";
import { SHAPE_FIT_DEFAULTS } from "./shape_fit_options.ts";
import { ShapeFitter } from "./shape_fitter.ts";
import type { SmoothFields } from "./smooth_fields.ts";
import { type TexelSurface, texelSurface } from "./texel_surface.ts";
import { projectSample, RIM, TextureMaker, type TextureSources } from "./texture_maker.ts";

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
export interface MeanShapeTask {
  readonly kind: "mean shape";
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
export interface FitTask extends Omit<MeanShapeTask, "kind"> {
  readonly kind: "fit";
  /** Id of the photograph. */
  readonly id: string;
  /** Texture that a network predicts, colours in [0, 1]; null if none does. */
  readonly prior: FloatImage | null;
  /** File to write. */
  readonly file: string;
}

/** A fit that continues until the texture lies where others have it. */
export interface AlignTask {
  readonly kind: "align";
  /** The photograph. */
  readonly photograph: PhotographSource;
  /** Number of its template. */
  readonly template: number;
  /** File of the fit that continues. */
  readonly before: string;
  /** What is expected of its texture, `[64, 64]`. */
  readonly likely: Pick<PartialTexture, "colours" | "confidence">;
  /** File to write. */
  readonly file: string;
}

/** Texture of one photograph. */
export interface TextureTask extends TextureSources<PhotographSource> {
  readonly kind: "texture";
  /** File to write. */
  readonly file: string;
}

/** Any task. */
export type RefineTask = MeanShapeTask | FitTask | AlignTask | TextureTask;

/** A shape for the mean, or the IoU of what was written. */
export type RefineAnswer = Float32Array | number;

/** Rows and columns of the textures in which donors are chosen. */
export const CHOICE_RESOLUTION = APPEARANCE_RESOLUTION;
/** Settings of a fit for the mean: stiffer, and shorter. */
const MEAN_SHAPE_FIT = { steps: 60, bentFactor: 1, prior: 0.5, bentPrior: 0.5, freeRounds: 0 } as const;

/** Makes the function that does one task. */
export function createRunner(shared: RefineShared): (task: RefineTask) => Promise<RefineAnswer> {
  const { fields, moves, joints } = shared;
  const fitter = new ShapeFitter(fields, fitOptions(shared)),
    rough = new ShapeFitter(fields, { ...MEAN_SHAPE_FIT, moves });
  const textures = new TextureMaker(shared), few = texelSurface(CHOICE_RESOLUTION);
  return async (task) => {
    if (task.kind === "texture") {
      await writeRefinedObject(task.file, await textures.make(withReaders(task)));
      return task.iou;
    }
    if (task.kind === "mean shape") {
      const { mask } = await readerOf(task.photograph).read(SHAPE_FIT_DEFAULTS.size);
      return rough.fit(task.start, mask.data, task.pose, joints[task.template]).rest;
    }
    const { sample, ...fitted } = task.kind === "fit"
      ? {
        ...await fitPhotograph(
          fitter,
          { ...task, photograph: readerOf(task.photograph) },
          joints[task.template],
        ),
        id: task.id,
        prior: task.prior,
      }
      : await alignPhotograph(fitter, task, joints[task.template], few);
    const seen = projectSample(sample, fitted, few);
    const own = seenTexture(seen, OWN_CONFIDENCE, shared.symmetric);
    const given = seenTexture(seen, DONOR_CONFIDENCE, shared.symmetric);
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
): Promise<
  Omit<FittedObject, "colours" | "own" | "given"> & { readonly sample: Pick<Sample, "image" | "mask"> }
> {
  const reader = readerOf(photograph), sample = await reader.read(SHAPE_FIT_DEFAULTS.size);
  const { id, prior, vertices, pose, state } = await readFittedObject(before);
  const image = padPhotograph(await reader.read(BLURRED_SIZE), RIM);
  const { weight: seen } = projectSample(sample, { vertices, pose }, few);
  const weight = seen.map((share, texel) => {
    const row = Math.floor(texel / few.resolution);
    return Math.sqrt(share) * likely.confidence[texel] * Math.sin(Math.PI * (row + 0.5) / few.resolution);
  });
  const fitted = fitter.align(state, sample.mask.data, { image, colours: likely.colours, weight }, joints);
  return { ...fitted, id, prior, sample, iou: meshIou(fitted, sample) };
}

/** Reads a photograph, without its parts, which are not needed. */
export function readerOf(source: PhotographSource): PhotographReader {
  if (typeof source === "function") return { read: source, side: null };
  const { record, parts } = source, whole = { ...record, partsPath: null, partRuns: undefined };
  return {
    read: (resolution) => readSample(whole, resolution, parts),
    side: cropOfBox(record.box).size,
  };
}

function withReaders(task: TextureTask): TextureSources {
  const donors = task.donors.map((donor) => ({ ...donor, photograph: readerOf(donor.photograph) }));
  return { ...task, photograph: readerOf(task.photograph), donors };
}

/** Workers that refine. */
export const REFINE_KIND: WorkerKind<RefineShared, RefineTask, RefineAnswer> = {
  module: new URL(import.meta.url),
  createRunner,
};
