/**
 * The tasks that one photograph is split into: searches, settling by hand, and refinements; they run in any thread.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { WorkerKind } from "../core/worker_pool.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import { removeBackground } from "../datasets/background_removal/remove_background.ts";
import type { BackgroundRemoval } from "../datasets/background_removal/plain_background.ts";
import type { ByteImage } from "../io/byte_image.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { PoseFitter } from "../pose/pose_fitter.ts";
import { settlePoses } from "../pose/settle_pose.ts";
import { type Pose, poseInRow, projectVertices } from "../rendering/cameras.ts";
import { renderImage } from "../rendering/render_image.ts";
import { findJoints } from "../refinement/joints.ts";
import { PhotographRefiner } from "../refinement/refine_photograph.ts";
import type { StartTemplate } from "../refinement/refine_options.ts";
import { type PhotoCrop, readerOfCrop, SEARCH_SIZE } from "./photo_crop.ts";

/** Looks for poses of some templates from all around. */
export interface SearchTask {
  /** Which task. */
  readonly kind: "search";
  /** The mask, `[128, 128]`. */
  readonly mask: Float32Array;
  /** Templates, each with its number. */
  readonly templates: readonly { readonly number: number; readonly vertices: Float32Array }[];
}

/** Moves poses of one template to where they fit. */
export interface SettleTask {
  /** Which task. */
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
  /** Which task. */
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

/** Removes a plain background. */
export interface BackgroundRemovalTask {
  /** Which task. */
  readonly kind: "remove background";
  /** The photograph, `[H, W, C]`. */
  readonly image: ByteImage;
}

/** Draws an object as its photograph shows it. */
export interface DrawTask {
  /** Which task. */
  readonly kind: "draw";
  /** The object. */
  readonly object: Pick<RefinedPhoto, "vertices" | "pose" | "texture">;
  /** Rows and columns of the image. */
  readonly size: number;
}

/** Any task. */
export type PhotoTask = SearchTask | SettleTask | RefinePhotoTask | BackgroundRemovalTask | DrawTask;

/** A pose that was found, with the number of its template and the IoU of its silhouette. */
export interface FoundPose {
  /** The pose. */
  readonly pose: Pose;
  /** Number of its template. */
  readonly template: number;
  /** IoU with the mask, 0 to 1. */
  readonly iou: number;
}

/** A refined object. */
export interface RefinedPhoto {
  /** Shape in the object frame, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Pose. */
  readonly pose: Pose;
  /** IoU of the mesh itself with the mask at 256 pixels, 0 to 1. */
  readonly iou: number;
  /** Colours in [0, 1], `[R, R, 3]`. */
  readonly texture: FloatImage;
}

/** What a task gives: poses, an object, a mask, or an RGBA image. */
export type PhotoAnswer = FoundPose[] | RefinedPhoto | BackgroundRemoval | FloatImage;

/** How far a refinement is, for people to watch. */
export interface RefineReport {
  /** Share of the shape's fit, 0 to 1. */
  readonly share: number;
  /** The shape so far, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Its pose. */
  readonly pose: Pose;
}

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
export function createRunner(): (
  task: PhotoTask,
  report?: (report: SearchReport | RefineReport) => void,
) => Promise<PhotoAnswer> {
  const refiners = new Map<number, PhotographRefiner>();
  return async (task, report) => {
    if (task.kind === "search") return search(task, report);
    if (task.kind === "settle") return settle(task);
    if (task.kind === "remove background") return await removeBackground(task.image);
    if (task.kind === "draw") return draw(task);
    const { photo, template, pose, textureResolution } = task;
    const refiner = refiners.get(textureResolution) ?? new PhotographRefiner({ textureResolution });
    refiners.set(textureResolution, refiner);
    const refined = await refiner.refine({
      ...{ id: "photograph", pose },
      photograph: readerOfCrop({ ...photo, crop: { x: 0, y: 0, size: photo.image.width } }),
      prediction: { vertices: template.vertices, texture: null },
      joints: findJoints(template),
      partLabels: template.partLabels,
      onStep: report && (({ pose, ...step }) => report({ ...step, pose: plainPose(pose) })),
    });
    const { texture, vertices, iou } = refined;
    return { vertices, iou, pose: plainPose(refined.pose), texture: toUnitColours(texture) };
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
  return Array.from(fitted.iou, (iou, h) => ({
    pose: plainPose(poseInRow(fitted, h)),
    template: templates[fitted.template[h]].number,
    iou,
  }));
}

function draw({ object: { vertices, pose, texture }, size }: DrawTask): FloatImage {
  const mesh = { ...sphereTopology(), vertices: projectVertices(vertices, pose) };
  return renderImage(mesh, texture, { size, supersample: 2 });
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
  module: new URL(import.meta.url),
  createRunner,
};
