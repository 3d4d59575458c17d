/**
 * The tasks that one photograph is split into: searches, settling by hand, and refinements; they run in any thread.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { WorkerKind } from "../core/worker_pool.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { PoseFitter } from "../pose/pose_fitter.ts";
import { settlePoses } from "../pose/settle_pose.ts";
import { type Pose, poseInRow } from "../rendering/cameras.ts";
import { findJoints } from "../refinement/joints.ts";
import { PhotographRefiner } from "../refinement/refine_photograph.ts";
import type { StartTemplate } from "../refinement/refine_options.ts";
import { type PhotoCrop, readerOfCrop } from "./photo_crop.ts";

/** Looks for poses of some templates from all around. */
export interface SearchTask {
  readonly kind: "search";
  /** The mask, `[128, 128]`. */
  readonly mask: Float32Array;
  /** Templates, each with its number. */
  readonly templates: readonly { readonly number: number; readonly vertices: Float32Array }[];
}

/** Moves poses of one template to where they fit. */
export interface SettleTask {
  readonly kind: "settle";
  /** The mask, `[128, 128]`. */
  readonly mask: Float32Array;
  /** The template. */
  readonly template: { readonly number: number; readonly vertices: Float32Array };
  /** Poses to begin with. */
  readonly poses: readonly Pose[];
}

/** Fits shape and pose of a template to a photograph, and takes its texture. */
export interface RefinePhotoTask {
  readonly kind: "refine";
  /** The photograph. */
  readonly photo: Pick<PhotoCrop, "image" | "mask">;
  /** The template. */
  readonly template: StartTemplate;
  /** Pose to begin with. */
  readonly pose: Pose;
  /** Rows and columns of the texture. */
  readonly textureResolution: number;
}

/** Any task. */
export type PhotoTask = SearchTask | SettleTask | RefinePhotoTask;

/** A pose that was found, with the number of its template and the overlap of its silhouette. */
export interface FoundPose {
  /** The pose. */
  readonly pose: Pose;
  /** Number of its template. */
  readonly template: number;
  /** Overlap with the mask, 0 to 1. */
  readonly overlap: number;
}

/** A refined object. */
export interface RefinedPhoto {
  /** Shape in the object frame, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Pose. */
  readonly pose: Pose;
  /** Overlap of the mesh itself with the mask at 256 pixels, 0 to 1. */
  readonly iou: number;
  /** Colours in [0, 1], `[R, R, 3]`. */
  readonly texture: FloatImage;
}

/** What a task gives: poses, or an object. */
export type PhotoAnswer = FoundPose[] | RefinedPhoto;

/** How far a search is, for people to watch. */
export interface SearchReport {
  /** Steps that were made. */
  readonly done: number;
  /** Steps of the search. */
  readonly total: number;
  /** The best pose so far. */
  readonly pose: Pose;
  /** Number of its template. */
  readonly template: number;
}

/** Side of the masks that poses are searched in. */
export const SEARCH_SIZE = 128;
/** The search: small renders of all hypotheses first, then larger ones of few. */
const SEARCH = {
  imageResolution: SEARCH_SIZE,
  cameraOptimSteps: 100,
  cameraLrDecayAfter: 80,
  noPrune: false,
  sharpening: "original",
  schedule: "fast",
  silhouetteTarget: "plain",
} as const;
/** Steps between two reports. */
const REPORT_STEPS = 4;

/** Makes the function that does one task; memory that tasks share is taken when it is needed first. */
export function createPhotoRunner(): (
  task: PhotoTask,
  report?: (report: SearchReport) => void,
) => Promise<PhotoAnswer> {
  const refiners = new Map<number, PhotographRefiner>();
  return async (task, report) => {
    if (task.kind === "search") return search(task, report);
    if (task.kind === "settle") return settle(task);
    const { photo, template, pose, textureResolution } = task;
    const refiner = refiners.get(textureResolution) ?? new PhotographRefiner({ textureResolution });
    refiners.set(textureResolution, refiner);
    const refined = await refiner.refine({
      ...{ id: "photograph", pose },
      photograph: readerOfCrop({ ...photo, crop: { x: 0, y: 0, size: photo.image.width } }),
      prediction: { vertices: template.vertices, texture: null },
      joints: findJoints(template),
    });
    const { texture, vertices, iou } = refined;
    const colours = { ...texture, data: Float32Array.from(texture.data, (value) => value / 2 + 0.5) };
    return { vertices, iou, pose: plainPose(refined.pose), texture: colours };
  };
}

function search({ mask, templates }: SearchTask, report?: (report: SearchReport) => void): FoundPose[] {
  const vertices = templates.map((template) => template.vertices);
  const fitter = new PoseFitter(sphereTopology().faces, vertices, SEARCH);
  const fitted = fitter.fit(mask, undefined, ({ done, total, best }) => {
    if (!report || (done % REPORT_STEPS !== 0 && done !== total)) return;
    const { pose, template } = best();
    report({ done, total, pose, template: templates[template].number });
  });
  return Array.from(fitted.iou, (overlap, h) => ({
    pose: plainPose(poseInRow(fitted, h)),
    template: templates[fitted.template[h]].number,
    overlap,
  }));
}

function settle({ mask, template, poses }: SettleTask): FoundPose[] {
  const settled = settlePoses(mask, sphereTopology().faces, template.vertices, poses);
  return settled.map((found) => ({ ...found, template: template.number }));
}

/** A pose of plain numbers, which threads can hand over and JSON can hold. */
function plainPose({ rotation, scale, translation, perspective }: Pose): Pose {
  return { rotation: Array.from(rotation), scale, translation: Array.from(translation), perspective };
}

/** Workers that do these tasks. */
export const PHOTO_KIND: WorkerKind<null, PhotoTask, PhotoAnswer> = {
  module: new URL("./photo_worker.ts", import.meta.url),
  createRunner: createPhotoRunner,
};
