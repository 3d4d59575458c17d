/**
 * From what was found in an image to the objects and parts of a data set.
 *
 * @module
 */
import { encodeRle, runsToText } from "../../lib/io/rle.ts";
import { PARTS } from "../datasets/catalog.ts";
import { type FilterReason, filterReason } from "../datasets/filters.ts";
import { type FoundPart, partsOfObject } from "../datasets/part_detections.ts";
import { type Instance, isClass } from "../../lib/datasets/detect/instance.ts";

/** An object with its parts. */
export interface ChosenObject {
  /** The object. */
  readonly object: Instance;
  /** Its parts in the order in which they were found. */
  readonly parts: readonly FoundPart[];
}

/** Objects of an image. */
export interface ChosenObjects {
  /** Objects that are kept. */
  readonly kept: readonly ChosenObject[];
  /** Number of objects by why they were left out. */
  readonly dropped: Readonly<Partial<Record<FilterReason, number>>>;
}

/**
 * Chooses the objects of a class.
 *
 * @param found All that was found in the image, of any class
 * @param parts Parts of the image from a file; parts among `found` are added
 * @param height Rows of the image
 * @param width Columns of the image
 * @param options `className`: class that is wanted; `onlyBest`: take only the surest object of an image, whatever
 *   it is like, false by default; `filters`: leave out small, cut off and touching objects, as the original does,
 *   true by default
 */
export function chooseObjects(
  found: readonly Instance[],
  parts: readonly FoundPart[],
  height: number,
  width: number,
  { className, onlyBest = false, filters = true }: {
    readonly className: string;
    readonly onlyBest?: boolean;
    readonly filters?: boolean;
  },
): ChosenObjects {
  const wanted = found.filter((instance) => isClass(instance, className) && instance.mask.includes(1));
  const allParts = [...parts, ...found.flatMap((instance) => foundPart(instance, className, height, width))];
  const objects = found.filter((instance) =>
    partNumber(instance.className) < 0 || isClass(instance, className)
  );
  const dropped: Partial<Record<FilterReason, number>> = {};
  const best = wanted.reduce((best, instance) => Math.max(best, instance.score), -Infinity);
  const kept = wanted.filter((instance, i) => {
    if (onlyBest) return instance.score === best && wanted.findIndex(({ score }) => score === best) === i;
    const others = objects.filter((other) => other !== instance);
    const reason = filters ? filterReason(instance, others, height, width) : null;
    if (reason) dropped[reason] = (dropped[reason] ?? 0) + 1;
    return reason === null;
  });
  return {
    kept: kept.map((object) => ({ object, parts: partsOfObject(allParts, object.mask, className) })),
    dropped,
  };
}

/** A part, if a model found it under one of the names that are known as parts. */
function foundPart(instance: Instance, className: string, height: number, width: number): FoundPart[] {
  const classId = partNumber(instance.className);
  if (classId < 0 || isClass(instance, className)) return [];
  return [{
    name: instance.className,
    classId,
    detectorClass: PARTS[classId][1],
    score: instance.score,
    box: instance.box,
    runs: runsToText(encodeRle(instance.mask, height, width)),
    mask: instance.mask,
  }];
}

function partNumber(name: string): number {
  return PARTS.findIndex(([part]) => part === name);
}
