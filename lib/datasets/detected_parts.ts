/**
 * Part maps of parts that a detector found.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { decodeRle, textToRuns } from "../io/rle.ts";
import { type Crop, cropAndResize, cropAndResizeLabels } from "./crop.ts";
import type { PartKind, SampleRecord } from "./dataset.ts";
import { type PartMask, priorityPartLabels, probabilisticPartMap } from "./part_maps.ts";

/**
 * Part channels of a crop.
 *
 * @param record Object with its parts
 * @param object Mask of the object in the photograph, `[H, W]`
 * @param crop Square of the photograph
 * @param resolution Side of the result, r
 * @param partCount Number of kinds of parts, P
 * @param partKind How parts that overlap become channels
 * @returns Background, object without part, parts, `[r, r, 2 + P]`; channels sum to 1
 * @throws {UserError} If a part's run lengths are damaged
 */
export function detectedPartMap(
  record: SampleRecord,
  object: Uint8Array,
  crop: Crop,
  resolution: number,
  partCount: number,
  partKind: PartKind,
): FloatImage {
  const { height, width } = record;
  const channels = 2 + partCount;
  const seen = windowOf(crop, height, width);
  const inside = cut(object, width, seen);
  const parts = (record.partRuns ?? []).map(({ part, score, priority, runs }): PartMask => ({
    part,
    score,
    priority,
    mask: cut(decodePart(record, runs), width, seen),
  }));
  const local = { x: crop.x - seen.x, y: crop.y - seen.y, size: crop.size };
  const map = partKind === "labels"
    ? cropAndResizeLabels(
      priorityPartLabels(inside, seen.height, seen.width, parts),
      seen.height,
      seen.width,
      local,
      resolution,
      channels,
    )
    : cropAndResize(
      probabilisticPartMap(inside, seen.height, seen.width, parts, partCount),
      local,
      resolution,
      Array.from({ length: channels }, (_, c) => c === 0 ? 1 : 0),
    );
  return { ...map, data: Float32Array.from(map.data) };
}

interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the photograph that a crop sees. */
function windowOf({ x, y, size }: Crop, height: number, width: number): Window {
  const x1 = Math.min(Math.max(x, 0), width - 1), y1 = Math.min(Math.max(y, 0), height - 1);
  const x2 = Math.max(Math.min(x + size, width), x1 + 1), y2 = Math.max(Math.min(y + size, height), y1 + 1);
  return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
}

function cut(mask: Uint8Array, maskWidth: number, { x, y, width, height }: Window): Uint8Array {
  const part = new Uint8Array(height * width); // [h, w]
  for (let row = 0; row < height; row++) {
    const start = (y + row) * maskWidth + x;
    part.set(mask.subarray(start, start + width), row * width);
  }
  return part;
}

function decodePart({ id, height, width }: SampleRecord, runs: string): Uint8Array {
  try {
    return decodeRle(textToRuns(runs), height, width);
  } catch (error) {
    throw new UserError(`Cannot read a part's mask of ${id}: ${messageOf(error)}`, { cause: error });
  }
}
