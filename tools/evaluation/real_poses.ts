/**
 * Poses of a set of real photographs, and how good they are where directions are known.
 *
 * @module
 */
import { basename, extname } from "@std/path";
import { datasetFile, hypothesesFile, type Mode, poseChoiceFile } from "../../lib/core/paths.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { azimuthDegrees, azimuthError, azimuthErrors } from "../../lib/metrics/azimuth_error.ts";
import type { PartsKind } from "../../lib/pose/choose_options.ts";
import { photographChoice, ROBUST_CHOICE } from "../../lib/pose/robust_choice.ts";
import { type PoseChoiceTable, readPoseChoice } from "../../lib/pose/choice_file.ts";
import type { ScheduleName } from "../../lib/pose/schedule.ts";
import type { PoseFigure } from "./evaluate_poses.ts";
import { runPoseStep1 } from "../../lib/pipeline/pose_step1.ts";
import { runPoseStep2 } from "../../lib/pipeline/pose_step2.ts";
import {
  realDatasetName,
  type RealImage,
  type RealSelection,
  type RealSet,
  selectImages,
} from "./real_sets.ts";
import { exists } from "../../lib/io/exists.ts";

/** Side of the renders of step 2. */
const CHOICE_RESOLUTION = 128;
/** Toys seen from this angle or a lower one are held to the bounds, degrees from straight above. */
const TARGET_POLAR = 45;

/** How poses are estimated. */
export interface RealPoseRequest extends RealSelection {
  /** Most photographs, 0 for all. */
  readonly limit: number;
  /** One template or several. */
  readonly mode: Mode;
  /** Schedule of step 1. */
  readonly schedule: ScheduleName;
  /** Parts that step 2 compares; those of the robust choice by default. */
  readonly parts?: PartsKind;
  /** Workers; null for one per core. */
  readonly workers: number | null;
}

/** Photographs of a set with their poses. */
export interface RealPoses {
  /** The photographs. */
  readonly dataset: Dataset;
  /** Poses of all, and which were kept. */
  readonly choice: PoseChoiceTable;
  /** What is known of each, `[N]`. */
  readonly images: readonly RealImage[];
}

/**
 * Imports a set and estimates its poses. Every stage is kept under `cache`, so that a stopped call resumes where it was.
 *
 * @param set Photographs
 * @param request Which of them, and how poses are found
 * @param callbacksOf Callbacks by stage
 * @throws {UserError} If photographs or a template are missing
 * @throws {StoppedError} If it was stopped
 */
export async function estimateRealPoses(
  set: RealSet,
  request: RealPoseRequest,
  callbacksOf: (stage: string) => StageCallbacks,
): Promise<RealPoses> {
  const { limit, seed, mode, schedule, workers, parts = ROBUST_CHOICE.parts } = request;
  const names = selectImages(set, request), name = realDatasetName(set, [...names, schedule], limit);
  if (!await exists(datasetFile(name))) {
    const options = { name, category: set.category, limit, only: new Set(names), seed, skipInvalid: true };
    await importPhotographs(set.folder, options, callbacksOf(`${set.name}, import`));
  }
  if (!await exists(hypothesesFile(name, mode))) {
    await runPoseStep1({ dataset: name, mode, schedule, workers }, callbacksOf(`${set.name}, pose step 1`));
  }
  const options = { ...photographChoice(set.category), parts, workers, imageResolution: CHOICE_RESOLUTION };
  await runPoseStep2(
    { dataset: name, mode, ...options, overwrite: true },
    callbacksOf(`${set.name}, pose step 2`),
  );
  const dataset = await openDataset(name), choice = await readPoseChoice(poseChoiceFile(name, mode));
  const images = dataset.records.map(({ imagePath }) =>
    set.images.get(basename(imagePath, extname(imagePath)))!
  );
  return { dataset, choice, images };
}

/** Photographs from one direction. */
export interface DirectionCount {
  /** The direction. */
  readonly direction: string;
  /** Photographs. */
  readonly count: number;
  /** Those whose pose was kept. */
  readonly kept: number;
  /** Kept ones that were taken for their back or mirror view. */
  readonly flips: number;
}

/** Errors of the azimuth in degrees, `[N]`; null where it is not known. */
export function azimuthErrorsOf(
  { choice, images }: Pick<RealPoses, "choice" | "images">,
): (number | null)[] {
  return images.map(({ azimuth }, i) =>
    azimuth === null
      ? null
      : azimuthError(azimuthDegrees(choice.rotation.subarray(4 * i, 4 * i + 4)), azimuth)
  );
}

/** Photographs, kept ones and flips by direction. */
export function countDirections(poses: Pick<RealPoses, "choice" | "images">): DirectionCount[] {
  const errors = azimuthErrorsOf(poses), { choice, images } = poses;
  const known = Array.from(images.keys()).filter((i) => images[i].direction !== null);
  const groups = [...Map.groupBy(known, (i) => images[i].direction!)].sort(([, [a]], [, [b]]) =>
    (images[a].polar ?? 0) - (images[b].polar ?? 0) || images[a].azimuth! - images[b].azimuth!
  );
  return groups.map(([direction, indices]) => {
    const kept = indices.filter((i) => choice.kept[i] === 1);
    return {
      direction,
      count: indices.length,
      kept: kept.length,
      flips: kept.filter((i) => errors[i]! > 90).length,
    };
  });
}

/** Bounds of the poses of a class. */
interface PoseBounds {
  readonly kept: number;
  readonly medianDegrees: number;
  readonly flips: number;
  /** Least share kept of any direction. */
  readonly direction: number;
}
const BOUNDS: Readonly<Record<string, PoseBounds>> = {
  car: { kept: 0.85, medianDegrees: 4, flips: 0.01, direction: 0.5 },
  horse: { kept: 0.8, medianDegrees: 9, flips: 0.03, direction: 0.5 },
  cow: { kept: 0.8, medianDegrees: 9, flips: 0.03, direction: 0.5 },
};

/**
 * Figures of the poses with their bounds: share kept, and errors of azimuths where they are known. Of things that were seen
 * from above, too, those from 45° above to level are held to the bounds, and all are told.
 *
 * @param set Photographs
 * @param poses Their poses
 */
export function realPoseFigures({ name, category }: RealSet, poses: RealPoses): PoseFigure[] {
  const { images, choice } = poses, errors = azimuthErrorsOf(poses);
  const all = Array.from(images.keys()), bounds = BOUNDS[category];
  const share = (indices: number[]) => indices.filter((i) => choice.kept[i] === 1).length / indices.length;
  const figuresOf = (indices: number[], what: string, held?: PoseBounds): PoseFigure[] => {
    const label = `${name}, ${indices.length} photographs${what}`;
    const known = indices.filter((i) => errors[i] !== null), kept = known.filter((i) => choice.kept[i] === 1);
    const figures: PoseFigure[] = [
      { name: `${label}: share kept`, measured: share(indices), bound: held?.kept, higherIsBetter: true },
    ];
    if (known.length === 0) return figures;
    const { medianDegrees, flips } = azimuthErrors(kept.map((i) => errors[i]!));
    const directions = Map.groupBy(known, (i) => images[i].direction!);
    return [
      ...figures,
      { name: `${label}: median azimuth error`, measured: medianDegrees ?? NaN, bound: held?.medianDegrees },
      { name: `${label}: flips`, measured: flips ?? NaN, bound: held?.flips },
      { name: `${label}: flips of all`, measured: azimuthErrors(known.map((i) => errors[i]!)).flips! },
      {
        name: `${label}: least share kept of a direction`,
        measured: Math.min(...Array.from(directions.values(), share)),
        bound: held?.direction,
        higherIsBetter: true,
      },
    ];
  };
  const isKnown = errors.some((error) => error !== null);
  const level = all.filter((i) => (images[i].polar ?? 90) >= TARGET_POLAR);
  if (level.length === all.length || level.length === 0) {
    return figuresOf(all, "", isKnown ? bounds : undefined);
  }
  return [...figuresOf(level, ` from ${90 - TARGET_POLAR}° above to level`, bounds), ...figuresOf(all, "")];
}
