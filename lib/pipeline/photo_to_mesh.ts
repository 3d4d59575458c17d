/**
 * Photographs to GLB files one by one, without training.
 *
 * @module
 */
import { FOLDER_NAME, json, workers } from "../core/common_options.ts";
import { option, type OptionsOutput } from "../core/option.ts";
import { MASK_OPTIONS } from "../datasets/photograph_options.ts";
import { basename, extname, join } from "@std/path";
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { outputFolder } from "../core/paths.ts";
import { UserError } from "../core/errors.ts";
import { throwIfStopped } from "../core/progress.ts";
import { defaultWorkerCount, WorkerPool } from "../core/worker_pool.ts";
import {
  backgroundRemoverOnDemand,
  type MaskModelOptions,
  type RemoveBackground,
} from "../datasets/background_removal/background_remover.ts";
import { cropObject } from "../datasets/crop_object.ts";
import { IdMaker } from "../datasets/photo_source.ts";
import { type MaskedPhoto, type PhotoMask, readPhoto } from "../datasets/read_photo.ts";
import { writeFileAtomic } from "../io/atomic_file.ts";
import { encodePng } from "../io/image_file.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { PoseWish } from "../photo/choose_photo_poses.ts";
import type { PhotoPool } from "../photo/find_photo_poses.ts";
import { cropPhoto } from "../photo/photo_crop.ts";
import { encodePhotoMesh, type PhotoMesh } from "../photo/photo_mesh.ts";
import { sideOfAzimuth } from "../photo/photo_pose.ts";
import { PHOTO_KIND } from "../photo/photo_task.ts";
import { PHOTO_MESH_OPTIONS, photoToMesh } from "../photo/photo_to_mesh.ts";
import type { ClassScore } from "../photo/rank_poses.ts";
import { projectVertices } from "../rendering/cameras.ts";
import { renderImage } from "../rendering/render_image.ts";
import { IMAGE_BACKGROUND } from "../report/float_image.ts";
import { renderViews } from "../report/render_views.ts";
import { imageGrid } from "../core/image_grid.ts";
import { overColour } from "../core/over_colour.ts";
import { loadAllTemplates, templateClasses } from "../templates/load_templates.ts";
import type { Template } from "../templates/template_file.ts";

/** Word that stands for trying all classes. */
export const ANY_CLASS = "auto";

/** Options of the task `photo_to_mesh`. */
export const PHOTO_TO_MESH_OPTIONS = {
  photos: option.list({ reads: true, doc: "Photographs; may stand without their flag.", default: [] }),
  template: option.text({
    doc: `Class of the object; ${ANY_CLASS} tries all. One of your own is made by add_template.`,
    pattern: FOLDER_NAME,
  }),
  listTemplates: option.boolean({ doc: "Only list the classes and their templates.", default: false }),
  mask: option.text({
    reads: true,
    doc: "Image of the mask of one photograph; without it the alpha channel.",
  }),
  ...MASK_OPTIONS,
  ...PHOTO_MESH_OPTIONS,
  output: option.text({ doc: "Folder of the meshes and images.", default: outputFolder("photos") }),
  workers,
  json,
} as const;

/** Which photographs become meshes, and how. */
export interface PhotoToMeshRequest
  extends
    Pick<OptionsOutput<typeof PHOTO_TO_MESH_OPTIONS>, "photos" | "textureResolution" | "output" | "workers">,
    Required<PoseWish>,
    PhotoMask {
  /** Class of the object, or `auto` to try all. */
  readonly template: string;
  /** Which model cuts objects out; the one that setup fetched, if it is there. */
  readonly maskModel: MaskModelOptions;
}

/** A mesh with its file. */
export interface PhotoCandidate
  extends Pick<PhotoMesh, "azimuth" | "elevation" | "iou" | "template" | "category"> {
  /** File of the mesh. */
  readonly glb: string;
}

/** What was made of a photograph. */
export interface PhotoResult {
  /** The photograph. */
  readonly file: string;
  /** Seconds from the photograph's file to the mesh's. */
  readonly seconds: number;
  /** One mesh, or two whose poses fit nearly alike; best first. */
  readonly candidates: readonly PhotoCandidate[];
  /** Image of the photograph beside the meshes. */
  readonly preview: string;
  /** Classes that were tried with the scores of their best poses, best first. */
  readonly classes: readonly ClassScore[];
  /** Why the mask that was cut out is not to be trusted; null if it is. */
  readonly maskDoubt: string | null;
}

/** Callbacks of {@linkcode runPhotoToMesh}. */
export interface PhotoToMeshCallbacks {
  /** Told each photograph's result. */
  onResult?: (result: PhotoResult) => void;
  /** Told of a photograph that cannot be used where others can; if left out it ends the work. */
  onFailure?: (error: UserError) => void;
  /** Told how objects are cut out, if any is. */
  onMessage?: (sentence: string) => void;
  /** Told how far all are, 0 to 1. */
  onProgress?: (share: number) => void;
  /** Stops the work. */
  signal?: AbortSignal;
}

/** Side of a preview's tiles, pixels, and the views beside the photograph's own. */
const TILE_SIZE = 256, AZIMUTHS = [30, 150, 210, 330];

/**
 * Makes a GLB, or two, and a preview of each photograph.
 *
 * @param request Photographs and what is known of them
 * @param callbacks Results as they come, progress, and a stop
 * @returns The results, in the order of the photographs
 * @throws {UserError} If a photograph or its mask cannot be used (with `onFailure`, if none can), or there is no template of
 *   the class
 * @throws {StoppedError} If it was stopped
 */
export async function runPhotoToMesh(
  request: PhotoToMeshRequest,
  callbacks: PhotoToMeshCallbacks = {},
): Promise<PhotoResult[]> {
  const { photos, template, workers, mask } = request;
  if (mask !== null && photos.length > 1) {
    throw new UserError(
      `'mask' names the mask of one photograph, but there are ${photos.length}: use cut-outs, or 'masks: auto'.`,
    );
  }
  const classes = template === ANY_CLASS ? await templateClasses() : [template];
  const templates = (await Promise.all(classes.map(loadAllTemplates))).flat();
  const pool = await WorkerPool.start(PHOTO_KIND, null, workers ?? defaultWorkerCount());
  const remover = backgroundRemoverOnDemand(request.maskModel, callbacks.onMessage);
  const ids = new IdMaker(), results: PhotoResult[] = [], failures: UserError[] = [];
  try {
    for (const [index, photo] of photos.entries()) {
      throwIfStopped(callbacks.signal, "The work on photographs");
      const id = ids.make(basename(photo, extname(photo)));
      const onProgress = (share: number) => callbacks.onProgress?.((index + share) / photos.length);
      try {
        const result = await makePhoto(photo, id, request, remover.remove, templates, pool, {
          ...callbacks,
          onProgress,
        });
        results.push(result);
        callbacks.onResult?.(result);
      } catch (error) {
        if (!(error instanceof UserError) || !callbacks.onFailure) throw error;
        failures.push(error);
      }
    }
  } finally {
    pool.close();
    await remover.close();
  }
  if (results.length === 0 && failures.length > 0) throw failures[0];
  for (const failure of failures) callbacks.onFailure?.(failure);
  return results;
}

async function makePhoto(
  file: string,
  id: string,
  { output, mask, masks, azimuth, flip, textureResolution }: PhotoToMeshRequest,
  remove: RemoveBackground,
  templates: readonly Template[],
  pool: PhotoPool,
  { onProgress, signal = undefined }: PhotoToMeshCallbacks,
): Promise<PhotoResult> {
  const started = performance.now(), photo = await readPhoto(file, { mask, masks }, remove);
  const options = { azimuth, flip, textureResolution, pool, onProgress, signal };
  const { candidates, classes } = await photoToMesh(photo.image, photo.mask, templates, options)
    .catch((error) => {
      if (error instanceof UserError) {
        throw new UserError(`Cannot use ${file}: ${error.message}`, { cause: error });
      }
      throw error;
    });
  const names = namesOf(id, candidates);
  await Deno.mkdir(output, { recursive: true });
  const written: PhotoCandidate[] = [];
  for (const [k, mesh] of candidates.entries()) {
    const { azimuth, elevation, iou, template, category } = mesh, glb = join(output, `${names[k]}.glb`);
    await writeFileAtomic(glb, await encodePhotoMesh(mesh, id));
    written.push({ azimuth, elevation, iou, template, category, glb });
  }
  const preview = join(output, `${id}.png`);
  await writeFileAtomic(preview, await encodePng(drawPreview(photo, candidates)));
  const seconds = (performance.now() - started) / 1000;
  return { file, seconds, candidates: written, preview, classes, maskDoubt: photo.doubt };
}

/** File names: that of the photograph, with the side that it shows where there are several. */
function namesOf(id: string, candidates: readonly PhotoMesh[]): string[] {
  if (candidates.length === 1) return [id];
  const sides = candidates.map(({ azimuth }) => sideOfAzimuth(azimuth).replace(" ", "_"));
  return sides.map((side, k) => `${id}_${side}${sides.indexOf(side) < k ? `_${k + 1}` : ""}`);
}

/** A row for each mesh: the photograph, the mesh in the same view, and from around it. */
function drawPreview({ image, mask }: MaskedPhoto, candidates: readonly PhotoMesh[]): FloatImage {
  const topology = sphereTopology(), photo = cropPhoto(image, mask);
  const whole = { x: 0, y: 0, size: photo.image.width };
  const { image: object, mask: shares } = cropObject(photo.image, photo.mask, whole, TILE_SIZE);
  const own = floatImage(TILE_SIZE, TILE_SIZE, 3);
  for (let k = 0; k < own.data.length; k++) {
    const share = shares.data[Math.floor(k / 3)];
    own.data[k] = (object.data[k] + share) / 2 + (1 - share) * IMAGE_BACKGROUND;
  }
  return imageGrid(
    candidates.flatMap(({ vertices, pose, texture }) => {
      const screen = projectVertices(vertices, pose);
      const same = renderImage({ ...topology, vertices: screen }, texture, { size: TILE_SIZE });
      const around = {
        azimuths: AZIMUTHS,
        elevation: 12,
        size: TILE_SIZE,
        light: 0,
        background: IMAGE_BACKGROUND,
      };
      return [
        own,
        overColour(same, IMAGE_BACKGROUND),
        ...renderViews({ ...topology, vertices }, texture, around),
      ];
    }),
    { columns: 2 + AZIMUTHS.length },
  );
}
