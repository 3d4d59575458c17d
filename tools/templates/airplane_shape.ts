/**
 * An airplane as a formula: fuselage, wings, engines, tailplane and fin.
 *
 * @module
 */
import { assembleShape } from "./assemble_shape.ts";
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import type { Point2, Point3 } from "../../lib/templates/signed_distance.ts";
import { type Joint, limb, type Piece, plate, slab } from "./solid_pieces.ts";

/** Parts of an airplane, in the order of their labels; engines under the wing count as wing. */
export const AIRPLANE_PARTS = ["body", "wing", "tail"] as const;

/** A wing or tailplane, near side. */
export interface WingParameters {
  /** Contour in the x-y plane: root front, tip front, tip rear, root rear. */
  readonly contour: readonly Point2[];
  /** Height at the root. */
  readonly height: number;
  /** How much it rises for each unit of x. */
  readonly rise?: number;
  /** Half of the thickness at root and tip. */
  readonly thickness?: readonly [number, number];
}

/** Proportions of an airplane; lengths in units of half its length. */
export interface AirplaneParameters {
  /** From nose to tail, `[y, z, radius]`. */
  fuselage: readonly (readonly [number, number, number])[];
  /** Width of the fuselage relative to its height. */
  fuselageWidth?: number;
  /** The main wing. */
  wing: WingParameters;
  /** The tailplane. */
  tailplane: WingParameters;
  /** Side view of the fin. */
  fin: readonly Point2[];
  /** Half of the fin's thickness. */
  finHalfWidth?: number;
  /** Engines, floats and the like on the near side; they grow with the wing. */
  engines?: readonly Piece[];
  /** Canopy, undercarriage and the like; part of the core. */
  fittings?: readonly Piece[];
}

/** Wings have their full depth from the start. */
const OUTWARDS = [1, 0, 0] as const;

/**
 * An airplane of given proportions.
 *
 * @param parameters Proportions
 * @returns The solid, its nose at −y
 */
export function airplaneShape(parameters: AirplaneParameters): ParametricShape {
  const { fuselage, fuselageWidth = 1, wing, tailplane, fin, finHalfWidth = 0.036 } = parameters;
  const { engines = [], fittings = [] } = parameters;
  const nose = fuselage[0], end = fuselage[fuselage.length - 1];
  const root = anchorOf(wing);
  const finRoot: Point3 = [0, fin[0][0], fin[0][1]];
  const top = Math.max(...fin.map(([, z]) => z));
  const isOnFin = tailplane.height > top / 2; // then it grows upwards with the fin, too
  const joints = fuselage.map(([y, z, radius]): Joint => [0, y, z, radius]);
  return assembleShape({
    category: "airplane",
    partNames: AIRPLANE_PARTS,
    pieces: [
      limb("body", joints, { width: fuselageWidth }),
      ...fittings,
      plate("wing", wing.contour, {
        ...wing,
        blend: 0.03,
        density: 1.5,
        anchor: root,
        tips: tipCorners(wing),
        grows: OUTWARDS,
        reach: 0.004,
      }),
      ...engines.map((engine) => ({ ...engine, anchor: root, grows: OUTWARDS })),
      plate("tail", tailplane.contour, {
        ...tailplane,
        blend: 0.02,
        density: 2,
        anchor: isOnFin ? finRoot : anchorOf(tailplane),
        tips: tipCorners(tailplane),
        grows: isOnFin ? [1, 0, 1] : OUTWARDS,
        reach: 0.01,
      }),
      slab("tail", fin, finHalfWidth, {
        rounding: 0.6 * finHalfWidth,
        blend: 0.02,
        density: 2,
        anchor: finRoot,
        tips: fin.filter(([, z]) => z === top).map(([y, z]): Point3 => [0, y, z]),
        grows: [0, 0, 1],
        reach: 0.01,
      }),
    ],
    pins: [
      { direction: [0, -1, 0], point: [0, nose[0] - nose[2], nose[1]] },
      { direction: [0, 1, 0], point: [0, end[0] + end[2], end[1]] },
    ],
  });
}

/** A place inside of the fuselage from which a wing grows. */
function anchorOf({ contour, height }: WingParameters): Point3 {
  const front = contour[0][1], rear = contour[contour.length - 1][1];
  return [0, (front + rear) / 2, height];
}

/** Corners of a wing's tip; of a straight wing its middle alone, as its corners are one place while it is short. */
function tipCorners({ contour, height, rise = 0 }: WingParameters): Point3[] {
  const span = Math.max(...contour.map(([x]) => x));
  const edge = contour.filter(([x]) => x > 0.97 * span).map(([, y]) => y);
  const isStraight = Math.max(...edge) < contour[contour.length - 1][1];
  const places = isStraight ? [edge.reduce((sum, y) => sum + y, 0) / edge.length] : edge;
  return places.map((y): Point3 => [span, y, height + rise * span]);
}
