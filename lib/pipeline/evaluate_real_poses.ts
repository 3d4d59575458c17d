/**
 * Estimated poses of real photographs against the azimuths that are known of them.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { readJson } from "../io/json_file.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { azimuthDifference, viewDirection } from "../pose/view_direction.ts";

/** What is known of a photograph. */
export interface KnownView {
  /** Name of the photograph, as in the data set. */
  readonly id: string;
  /** Name of the direction, the same for all objects that are photographed from there, such as "157.5" or "045-090". */
  readonly direction: string;
  /** Degrees: 0 with the front to the camera, 90 with the front to the picture's left; null where it has no azimuth. */
  readonly azimuth: number | null;
}

/** Photographs of one direction. */
export interface DirectionFigures {
  /** Name of the direction. */
  readonly direction: string;
  /** Photographs from there. */
  readonly photographs: number;
  /** Those whose pose was kept. */
  readonly kept: number;
  /** Kept ones with an error over 90°. */
  readonly flips: number;
}

/** How good poses are. */
export interface RealPoseFigures {
  /** Photographs with a known view. */
  readonly photographs: number;
  /** Those whose pose was kept. */
  readonly kept: number;
  /** Their share. */
  readonly keptShare: number;
  /** Median error of the azimuths of the kept ones in degrees; null without any. */
  readonly medianDegrees: number | null;
  /** Share of the kept ones with an error over 90°; null without any. */
  readonly flips: number | null;
  /** Least share kept of a direction. */
  readonly leastShare: number;
  /** The directions, by name. */
  readonly directions: readonly DirectionFigures[];
}

const INDEX = v.array(v.looseObject({
  name: v.string(),
  turntable_azimuth_deg: v.optional(v.number()),
  angle1_polar_from_top_deg: v.optional(v.number()),
  angle2_azimuth_deg: v.optional(v.number()),
}));
/** The azimuth that the toys' names call so when their front looks at the camera. */
const TOY_FRONT = 90;

/**
 * Reads from which directions the photographs of a set were taken: by the turntable's angle (0 = front, 90 = front to the
 * picture's left), or by the toys' angle from above and azimuth.
 *
 * @param folder Folder of the set, with `index.json`
 * @returns The photographs whose view is known; none if the set does not say
 * @throws {UserError} If the file is missing or damaged
 */
export async function readKnownViews(folder: string): Promise<KnownView[]> {
  const index = await readJson(join(folder, "index.json"), INDEX, "list of photographs");
  return index.flatMap((entry): KnownView[] => {
    const { name: id, turntable_azimuth_deg: turned } = entry;
    if (turned !== undefined) {
      return [{ id, direction: turned.toFixed(1).padStart(5, "0"), azimuth: turned }];
    }
    const { angle1_polar_from_top_deg: polar, angle2_azimuth_deg: around } = entry;
    if (polar === undefined || around === undefined) return [];
    const direction = `${String(polar).padStart(3, "0")}-${String(around).padStart(3, "0")}`;
    return [{ id, direction, azimuth: polar === 0 ? null : (around - TOY_FRONT + 360) % 360 }];
  });
}

/**
 * Compares poses with what is known of the photographs. Poses of photographs of which nothing is known do not count.
 *
 * @param views Known views of the photographs that step 2 was run on
 * @param poses The poses that it kept
 * @returns Figures
 * @throws {UserError} If no view is given
 */
export function evaluateRealPoses(
  views: readonly KnownView[],
  { ids, rotation }: Pick<PoseEstimates, "ids" | "rotation">,
): RealPoseFigures {
  if (views.length === 0) {
    throw new UserError("Cannot evaluate poses: the view of a photograph at least must be known");
  }
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const errors: number[] = [];
  const directions = new Map<string, { photographs: number; kept: number; flips: number }>();
  for (const { id, direction, azimuth } of views) {
    const figures = directions.get(direction) ?? { photographs: 0, kept: 0, flips: 0 };
    directions.set(direction, figures);
    figures.photographs++;
    const row = rowOf.get(id);
    if (row === undefined) continue;
    figures.kept++;
    if (azimuth === null) continue;
    const error = azimuthDifference(
      viewDirection(rotation.subarray(4 * row, 4 * row + 4)).azimuth,
      azimuth,
    );
    errors.push(error);
    if (error > 90) figures.flips++;
  }
  const table = [...directions].map(([direction, figures]) => ({ direction, ...figures }))
    .sort((a, b) => a.direction < b.direction ? -1 : 1);
  const kept = table.reduce((sum, row) => sum + row.kept, 0);
  const sorted = errors.toSorted((a, b) => a - b), count = sorted.length;
  return {
    photographs: views.length,
    kept,
    keptShare: kept / views.length,
    medianDegrees: count > 0 ? (sorted[(count - 1) >> 1] + sorted[count >> 1]) / 2 : null,
    flips: count > 0 ? sorted.filter((error) => error > 90).length / count : null,
    leastShare: Math.min(...table.map((row) => row.kept / row.photographs)),
    directions: table,
  };
}
