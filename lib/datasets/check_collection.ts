/**
 * Judging images as a whole: copies, and warnings where training would make little sense.
 *
 * @module
 */
import type { ImageCheck } from "./check.ts";
import type { ImageProblem } from "./import_report.ts";
import { areCopies } from "./image_look.ts";
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";
import { silhouetteLikeness } from "./viewpoints.ts";

/** From where on a collection is worth a note. */
export const COLLECTION_LIMITS = {
  /** Images below which a category cannot be learnt. */
  fewImages: 30,
  /** Mean IoU of silhouettes from which on all seem to be seen from one side. */
  alikeSilhouettes: 0.72,
  /** Largest angle between known poses, in degrees, up to which all are seen from one side. */
  alikeDegrees: 40,
  /** Images from which on viewpoints are compared. */
  comparedImages: 4,
  /** Images that are compared with each other at most for copies. */
  comparedLooks: 20000,
} as const;

/** Notes on images that are copies of an earlier one. */
export function copies(checked: readonly ImageCheck[]): ImageProblem[] {
  const usable = checked.filter(({ record, look }) => record && look).slice(
    0,
    COLLECTION_LIMITS.comparedLooks,
  );
  const notes: ImageProblem[] = [];
  for (let j = 1; j < usable.length; j++) {
    const { record, look } = usable[j];
    const earlier = usable.findIndex((other, i) =>
      i < j && other.record!.imagePath !== record!.imagePath && areCopies(other.look!, look!)
    );
    if (earlier < 0) continue;
    notes.push({
      file: record!.imagePath,
      kind: "copy",
      value: `is a copy of ${usable[earlier].record!.imagePath}`,
      advice: "leave one of them out: copies teach nothing and are memorised",
    });
  }
  return notes;
}

/** Sentences on a collection with which training would make little sense. */
export function warningsOn(checked: readonly ImageCheck[]): string[] {
  const usable = checked.filter(({ record }) => record);
  const warnings: string[] = [];
  if (usable.length > 0 && usable.length < COLLECTION_LIMITS.fewImages) {
    warnings.push(
      `There ${
        usable.length === 1 ? "is only 1 usable object" : `are only ${usable.length} usable objects`
      }: poses can be found, but a generator will memorise them. ` +
        `Bring ${COLLECTION_LIMITS.fewImages} at the very least, better hundreds.`,
    );
  }
  const problems = usable.flatMap((image) => image.problems);
  const uneven = problems.filter(({ kind }) => kind === "uneven_background").length;
  const removed = problems.filter(({ kind }) => kind === "cut_out").length + uneven;
  if (removed > 0) {
    warnings.push(
      `${removed} objects have no mask, and their backgrounds were removed` +
        (uneven > 0 ? `, ${uneven} of them doubtfully` : "") +
        `: see in the image grid of check_data whether the contours are right` +
        (uneven > 0 ? " (orange frames)." : "."),
    );
  }
  const alike = usable.length >= COLLECTION_LIMITS.comparedImages ? whyOneSide(usable) : null;
  if (alike) {
    warnings.push(
      `All objects seem to be seen from one side (${alike}): what no image shows cannot be learnt. ` +
        `Bring images from other sides.`,
    );
  }
  return warnings;
}

/** Why images seem to be seen from one side: by their poses where all are known, else by their silhouettes. */
function whyOneSide(usable: readonly ImageCheck[]): string | null {
  const poses = usable.flatMap(({ record }) => record?.truePose ?? []);
  if (poses.length === usable.length) {
    const angles = poses.map(({ rotation }) => rotationAngleDegrees(rotation, poses[0].rotation));
    const largest = Math.max(...angles);
    return largest <= COLLECTION_LIMITS.alikeDegrees
      ? `known poses differ by ${largest.toFixed(0)} degrees at most`
      : null;
  }
  const likeness = silhouetteLikeness(usable.flatMap(({ silhouette }) => silhouette ?? []));
  if (!(likeness > COLLECTION_LIMITS.alikeSilhouettes)) return null;
  return `their silhouettes have an IoU of ${likeness.toFixed(2)}`;
}
