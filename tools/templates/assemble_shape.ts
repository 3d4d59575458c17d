/**
 * A solid from pieces: their smooth union, with a part for each place of its surface.
 *
 * @module
 */
import type { GrowingSolid, ParametricShape, Pin } from "../../lib/templates/parametric_shape.ts";
import { type SignedDistance, smoothStep, smoothUnion } from "../../lib/templates/signed_distance.ts";
import { boxOf, type Piece } from "./solid_pieces.ts";

/** Room that is left about the pieces, in object units. */
const ROOM = 0.08;

/** Distance over which the density of a piece fades away. */
const FADE = 0.06;

/** What a solid is assembled from. */
export interface Assembly {
  /** Class of the object. */
  readonly category: string;
  /** Names of all parts; those of the pieces and of `paint` must be among them. */
  readonly partNames: readonly string[];
  /** Pieces in the order in which they join. */
  readonly pieces: readonly Piece[];
  /** Places of the surface that certain vertices are held at. */
  readonly pins: readonly Pin[];
  /** Part of a place on the surface, x ≥ 0, that is not told by the nearest piece; null elsewhere. */
  readonly paint?: (x: number, y: number, z: number) => string | null;
}

/**
 * Puts pieces together.
 *
 * @param assembly Pieces, parts and pins
 * @returns The solid, mirrored about x = 0
 * @throws {RangeError} If a piece has a part without a name
 */
export function assembleShape({ category, partNames, pieces, pins, paint }: Assembly): ParametricShape {
  const labels = pieces.map(({ part }) => partNames.indexOf(part));
  const unknown = labels.indexOf(-1);
  if (unknown >= 0) {
    throw new RangeError(
      `Cannot assemble a shape: parts must be among ${partNames.join(", ")}, current value is ${
        pieces[unknown].part
      }`,
    );
  }
  const { low, high } = boxOf(pieces.flatMap((piece) => [piece.low, piece.high]));
  const solid = grown(pieces, 1);
  const side = Math.max(high[0], -low[0]) + ROOM;
  const core = boxOf(
    pieces.filter(({ anchor }) => anchor === null).flatMap((piece) => [piece.low, piece.high]),
  );
  return {
    category,
    partNames,
    pins: [
      ...pins,
      ...pieces.flatMap(({ tips, anchor, grows }) =>
        anchor === null ? [] : tips.map((point) => ({ point, anchor, grows, isEnd: tips.length === 1 }))
      ),
    ],
    distance: solid.distance,
    density: solid.density,
    partAt(x, y, z) {
      const across = Math.abs(x);
      const painted = paint?.(across, y, z) ?? null;
      if (painted !== null) return partNames.indexOf(painted);
      let nearest = Infinity, label = 0;
      pieces.forEach((piece, i) => {
        const distance = piece.distance(across, y, z) - piece.reach;
        if (distance < nearest) [nearest, label] = [distance, labels[i]];
      });
      return label;
    },
    low: [-side, low[1] - ROOM, low[2] - ROOM],
    high: [side, high[1] + ROOM, high[2] + ROOM],
    ...(pieces.some(({ anchor }) => anchor !== null)
      ? { growth: { at: (share: number) => grown(pieces, share), ...core } }
      : {}),
  };
}

/** The union of pieces, those with an anchor shrunk towards it. */
function grown(pieces: readonly Piece[], share: number): GrowingSolid {
  const distances = pieces.map(({ distance, anchor, grows }): SignedDistance => {
    if (anchor === null || share === 1) return distance;
    const [fx, fy, fz] = grows.map((axis) => axis / share + 1 - axis);
    return (x, y, z) =>
      share *
      distance(
        anchor[0] + fx * (x - anchor[0]),
        anchor[1] + fy * (y - anchor[1]),
        anchor[2] + fz * (z - anchor[2]),
      );
  });
  const fade = Math.sqrt(share) * FADE;
  const blends = pieces.map(({ blend, anchor }) => anchor === null ? blend : share * blend);
  const dense = pieces.flatMap(({ density }, i) => density > 0 ? [{ density, distance: distances[i] }] : []);
  return {
    distance(x, y, z) {
      const across = Math.abs(x);
      let distance = distances[0](across, y, z);
      for (let i = 1; i < distances.length; i++) {
        distance = smoothUnion(distance, distances[i](across, y, z), blends[i]);
      }
      return distance;
    },
    // A limb has the same share of the vertices while it grows. Weights go with the square of what they bring about.
    density(x, y, z) {
      const across = Math.abs(x);
      let sum = 1;
      for (const { density, distance } of dense) {
        sum += density / (share * share) * smoothStep(-distance(across, y, z), -fade, 0);
      }
      return sum * sum;
    },
    carry(x, y, z, next) {
      let limb = Infinity, core = Infinity, nearest: Piece | null = null;
      distances.forEach((distanceOf, i) => {
        const distance = distanceOf(x, y, z);
        if (pieces[i].anchor === null) core = Math.min(core, distance);
        else if (distance < limb) [limb, nearest] = [distance, pieces[i]];
      });
      if (nearest === null) return [x, y, z];
      const { anchor, grows }: Piece = nearest;
      const more = (next / share - 1) * smoothStep(core - limb, 0, fade);
      const move = (value: number, axis: number) => value + grows[axis] * more * (value - anchor![axis]);
      return [move(x, 0), move(y, 1), move(z, 2)];
    },
  };
}
