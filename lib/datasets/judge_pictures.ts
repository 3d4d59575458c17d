/**
 * Judging pictures as a whole: copies, and warnings where training would make little sense.
 *
 * @module
 */
import type { CheckedPicture } from "./check.ts";
import type { PictureProblem } from "./import_report.ts";
import { areCopies } from "./picture_look.ts";
import { rotationAngleDegrees } from "../metrics/geodesic_distance.ts";
import { silhouetteLikeness } from "./viewpoints.ts";

/** From where on a collection is worth a note. */
export const JUDGE_LIMITS = {
  /** Pictures below which a category cannot be learnt. */
  fewPictures: 30,
  /** Mean overlap of silhouettes from which on all seem to be seen from one side. */
  alikeSilhouettes: 0.72,
  /** Largest angle between known poses, in degrees, up to which all are seen from one side. */
  alikeDegrees: 40,
  /** Pictures from which on viewpoints are compared. */
  comparedPictures: 4,
  /** Pictures that are compared with each other at most for copies. */
  comparedLooks: 20000,
} as const;

/** Notes on pictures that are copies of an earlier one. */
export function copies(checked: readonly CheckedPicture[]): PictureProblem[] {
  const usable = checked.filter(({ record, look }) => record && look).slice(0, JUDGE_LIMITS.comparedLooks);
  const notes: PictureProblem[] = [];
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
      advice: "leave one of them out: copies teach nothing and are learnt by heart",
    });
  }
  return notes;
}

/** Sentences on a collection with which training would make little sense. */
export function warningsOn(checked: readonly CheckedPicture[]): string[] {
  const usable = checked.filter(({ record }) => record);
  const warnings: string[] = [];
  if (usable.length > 0 && usable.length < JUDGE_LIMITS.fewPictures) {
    warnings.push(
      `There ${
        usable.length === 1 ? "is only 1 usable object" : `are only ${usable.length} usable objects`
      }: poses can be found, but a generator will learn them by heart. ` +
        `Bring ${JUDGE_LIMITS.fewPictures} at the very least, better hundreds.`,
    );
  }
  const problems = usable.flatMap((picture) => picture.problems);
  const uneven = problems.filter(({ kind }) => kind === "uneven_background").length;
  const cutOut = problems.filter(({ kind }) => kind === "cut_out").length + uneven;
  if (cutOut > 0) {
    warnings.push(
      `${cutOut} objects have no mask and were cut out of their backgrounds` +
        (uneven > 0 ? `, ${uneven} of them doubtfully` : "") +
        `: see in the contact sheet of check_data whether the outlines are right` +
        (uneven > 0 ? " (orange frames)." : "."),
    );
  }
  const alike = usable.length >= JUDGE_LIMITS.comparedPictures ? whyOneSide(usable) : null;
  if (alike) {
    warnings.push(
      `All objects seem to be seen from one side (${alike}): what no picture shows cannot be learnt. ` +
        `Bring pictures from other sides.`,
    );
  }
  return warnings;
}

/** Why pictures seem to be seen from one side: by their poses where all are known, else by their silhouettes. */
function whyOneSide(usable: readonly CheckedPicture[]): string | null {
  const poses = usable.flatMap(({ record }) => record?.truePose ?? []);
  if (poses.length === usable.length) {
    const angles = poses.map(({ rotation }) => rotationAngleDegrees(rotation, poses[0].rotation));
    const largest = Math.max(...angles);
    return largest <= JUDGE_LIMITS.alikeDegrees
      ? `known poses differ by ${largest.toFixed(0)} degrees at most`
      : null;
  }
  const likeness = silhouetteLikeness(usable.flatMap(({ silhouette }) => silhouette ?? []));
  if (!(likeness > JUDGE_LIMITS.alikeSilhouettes)) return null;
  return `their silhouettes overlap by ${(100 * likeness).toFixed(0)} %`;
}
