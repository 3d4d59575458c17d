/**
 * How well single photographs of real things become meshes, where the directions that they show are known.
 *
 * @module
 */
import { json, seed, workers } from "../../lib/core/common_options.ts";
import { option, type OptionsOutput } from "../../lib/core/option.ts";
import { join } from "@std/path";
import { throwIfStopped } from "../../lib/core/progress.ts";
import { defaultWorkerCount, WorkerPool } from "../../lib/core/worker_pool.ts";
import { readPhoto } from "../../lib/datasets/read_photo.ts";
import { azimuthError } from "../../lib/metrics/azimuth_error.ts";
import { PHOTO_KIND } from "../../lib/photo/photo_task.ts";
import { photoToMesh } from "../../lib/photo/photo_to_mesh.ts";
import { loadAllTemplates } from "../../lib/templates/load_templates.ts";
import type { PoseFigure } from "./evaluate_poses.ts";
import { chooseInputs } from "./evaluate_real.ts";
import type { RealImage, RealSet } from "./real_sets.ts";
import { exists } from "../../lib/io/exists.ts";

/** What is asked of a set. */
interface PhotoTargets {
  /** Least share of photographs whose first pose is right. */
  readonly first: number;
  /** Least share of those where one of the poses that are offered is right. */
  readonly offered?: number;
  /** Least mean IoU of the first mesh with the photograph's own mask. */
  readonly iou: number;
}

/** Targets of the sets that have one. */
export const PHOTO_TARGETS: Readonly<Record<string, PhotoTargets>> = {
  carvana: { first: 0.75, offered: 0.97, iou: 0.97 },
  eth80_horse: { first: 0.7, iou: 0.93 },
  eth80_cow: { first: 0.7, iou: 0.93 },
  weizmann_horse: { first: 0.7, iou: 0.93 },
};
/** Most seconds of a photograph on two cores. */
const MOST_SECONDS = 8;
/** Directions of sets whose index does not tell them: all of the horses face left. */
const FACING: Readonly<Record<string, number>> = { weizmann_horse: 90 };
/** Least angle from straight above of toys, degrees: from higher up there is hardly a front. */
const LEAST_POLAR = 45;
/** A pose is right if its azimuth errs by less, degrees: for what is wrong by more, side or end are mistaken. */
const RIGHT = 90, CLOSE = 45;

/** Options of the task `evaluate_photo_to_mesh`. */
export const EVALUATE_PHOTO_TO_MESH_OPTIONS = {
  sets: option.list({
    doc: "Folders under TEXMESH_REAL that are measured; all takes every one that has a target.",
    default: ["all"],
  }),
  limit: option.integer({
    doc: "Most photographs of a set, one of each object before a second of any, 0 for all.",
    default: 100,
    minimum: 0,
  }),
  seed,
  workers,
  json,
} as const;

/** What was found of one photograph. */
export interface MeasuredPhoto {
  /** Its name. */
  readonly name: string;
  /** Its true azimuth in degrees. */
  readonly azimuth: number;
  /** Error of the azimuth of each mesh that was offered, degrees. */
  readonly errors: readonly number[];
  /** IoU of the first mesh. */
  readonly iou: number;
  /** Time that it took. */
  readonly seconds: number;
}

/** Figures of a set, and what they are made of. */
export interface EvaluatedPhotos {
  /** Figures beside their bounds. */
  readonly figures: readonly PoseFigure[];
  /** The photographs. */
  readonly photos: readonly MeasuredPhoto[];
}

/**
 * Makes meshes of a set's photographs one by one, as `photo_to_mesh` does, and compares their directions with the truth.
 *
 * @param set Photographs
 * @param request How many, and in which order
 * @param callbacks Progress, and a stop
 * @throws {UserError} If a photograph or a template is missing
 * @throws {StoppedError} If it was stopped
 */
export async function evaluatePhotoToMesh(
  set: RealSet,
  { limit, seed, workers }: Pick<
    OptionsOutput<typeof EVALUATE_PHOTO_TO_MESH_OPTIONS>,
    "limit" | "seed" | "workers"
  >,
  { onProgress, signal }: {
    onProgress?: (progress: { done: number; total: number }) => void;
    signal?: AbortSignal;
  } = {},
): Promise<EvaluatedPhotos> {
  const known = [...set.images.values()].filter((image) =>
    azimuthOf(set, image) !== null && (image.polar ?? 90) >= LEAST_POLAR
  );
  const chosen = chooseInputs(known, limit === 0 ? known.length : limit, seed);
  const templates = await loadAllTemplates(set.category), photos: MeasuredPhoto[] = [];
  const pool = await WorkerPool.start(PHOTO_KIND, null, workers ?? defaultWorkerCount());
  try {
    for (const input of chosen) {
      throwIfStopped(signal, "The measurement");
      const { name } = input, azimuth = azimuthOf(set, input)!, started = performance.now();
      const { image, mask } = await readPhoto(await fileOf(join(set.folder, "images"), name), {
        mask: await fileOf(join(set.folder, "masks"), name),
        masks: "given",
      });
      const { candidates } = await photoToMesh(image, mask, templates, { pool, signal });
      photos.push({
        ...{ name, azimuth },
        errors: candidates.map((mesh) => azimuthError(mesh.azimuth, azimuth)),
        iou: candidates[0].iou,
        seconds: (performance.now() - started) / 1000,
      });
      onProgress?.({ done: photos.length, total: chosen.length });
    }
  } finally {
    pool.close();
  }
  return { figures: photoFigures(set.name, photos), photos };
}

function azimuthOf({ name }: RealSet, { azimuth }: RealImage): number | null {
  return azimuth ?? FACING[name] ?? null;
}

/** Figures of measured photographs beside the targets of their set. */
export function photoFigures(set: string, photos: readonly MeasuredPhoto[]): PoseFigure[] {
  const targets = PHOTO_TARGETS[set],
    label = (what: string) => `${set}, ${photos.length} photographs: ${what}`;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const share = (isSo: (photo: MeasuredPhoto) => boolean) => mean(photos.map((photo) => isSo(photo) ? 1 : 0));
  const higherIsBetter = true;
  return [
    {
      name: label("the right side first"),
      measured: share(({ errors }) => errors[0] < RIGHT),
      bound: targets?.first,
      higherIsBetter,
    },
    {
      name: label("the right side among those offered"),
      measured: share(({ errors }) => Math.min(...errors) < RIGHT),
      bound: targets?.offered,
      higherIsBetter,
    },
    {
      name: label(`within ${CLOSE}° first`),
      measured: share(({ errors }) => errors[0] < CLOSE),
      higherIsBetter,
    },
    {
      name: label(`within ${CLOSE}° among those offered`),
      measured: share(({ errors }) => Math.min(...errors) < CLOSE),
      higherIsBetter,
    },
    { name: label("two offered"), measured: share(({ errors }) => errors.length > 1) },
    {
      name: label("own IoU"),
      measured: mean(photos.map(({ iou }) => iou)),
      bound: targets?.iou,
      higherIsBetter,
    },
    {
      name: label("mean seconds"),
      measured: mean(photos.map(({ seconds }) => seconds)),
      bound: MOST_SECONDS,
    },
  ];
}

/** The file of a name in a folder, whatever its ending. */
async function fileOf(folder: string, name: string): Promise<string> {
  for (const ending of [".jpg", ".png"]) {
    const path = join(folder, name + ending);
    if (await exists(path)) return path;
  }
  return join(folder, `${name}.png`);
}
