/**
 * Turns of a limb that are tried before a descent.
 *
 * @module
 */
import { JOINT_PARAMETERS } from "./bending.ts";

/** Turns about x, radians, of a joint at the body and of one further out. */
const TRIED = [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75], TRIED_OUTSIDE = [-0.8, -0.4, 0, 0.4, 0.8];

/**
 * Turns of a limb's joints.
 *
 * @param own Numbers of its joints, that nearest to its end first
 * @returns Places in the list of all turns, and their values
 */
export function candidateTurns(own: readonly number[]): [place: number, value: number][][] {
  const inner = own.at(-1)!, outer = own.length > 1 ? own[0] : null;
  return TRIED.flatMap((value): [number, number][][] => {
    const turn: [number, number] = [JOINT_PARAMETERS * inner, value];
    return outer === null
      ? [[turn]]
      : TRIED_OUTSIDE.map((other) => [turn, [JOINT_PARAMETERS * outer, other]]);
  });
}
