/**
 * Faces that reach through the near plane of a pinhole: which they are, and their parts in front of it.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkFaces } from "./check_faces.ts";

/** How a face lies to the near plane. */
export const IN_FRONT = 2, CROSSING = 1, BEHIND = 0;

/** Whether 1 / w is that of a vertex at the near plane or in front of it. */
const isInFront = (inverse: number, near: number) => inverse > 0 && inverse * near <= 1;

/**
 * Finds how each face lies to the near plane.
 *
 * @param screen Screen positions with 1 / w, `[V, 4]`
 * @param faces Vertex indices, `[F, 3]`
 * @param near Distance of the plane, object units
 * @returns IN_FRONT, CROSSING or BEHIND (also for vertices that are not finite), `[F]`; null where all are in front
 */
export function sidesOfNear(screen: FloatArray, faces: Int32Array, near: number): Uint8Array | null {
  let all = true;
  for (let i = 3; i < screen.length && all; i += 4) all = isInFront(screen[i], near);
  if (all) return null;
  checkFaces("cut a mesh at the near plane", faces, screen.length / 4);
  return Uint8Array.from({ length: faces.length / 3 }, (_, f) => {
    let count = 0, sum = 0;
    for (let k = 3 * f; k < 3 * f + 3; k++) {
      const v = 4 * faces[k];
      sum += screen[v] + screen[v + 1] + screen[v + 3];
      count += Number(isInFront(screen[v + 3], near));
    }
    return count === 3 ? IN_FRONT : count === 0 || !Number.isFinite(sum) ? BEHIND : CROSSING;
  });
}

/** A mesh cut at the near plane. */
export interface ClippedMesh {
  /** Positions, those of the cuts behind the others, `[V + cuts, 4]`. */
  readonly screen: FloatArray;
  /** Faces in front, `[F', 3]`. */
  readonly faces: Int32Array;
  /** The vertex in front and the one behind of each cut, `[cuts, 2]`. */
  readonly cuts: Int32Array;
}

/**
 * Cuts the faces that reach through the near plane.
 *
 * @param screen Screen positions with 1 / w, `[V, 4]`
 * @param faces Vertex indices, `[F, 3]`
 * @param near Distance of the plane, object units
 * @returns What is in front; null where that is all
 */
export function clipNear(screen: FloatArray, faces: Int32Array, near: number): ClippedMesh | null {
  const sides = sidesOfNear(screen, faces, near), V = screen.length / 4;
  if (sides === null) return null;
  const kept: number[] = [], cuts: number[] = [], places = new Map<number, number>();
  const cut = (front: number, behind: number) => {
    const name = front * V + behind, known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, V + cuts.length / 2);
    cuts.push(front, behind);
    return V + cuts.length / 2 - 1;
  };
  sides.forEach((side, f) => {
    const corners = faces.subarray(3 * f, 3 * f + 3);
    if (side === IN_FRONT) kept.push(...corners);
    if (side !== CROSSING) return;
    const polygon: number[] = [];
    corners.forEach((a, k) => {
      const b = corners[(k + 1) % 3], frontA = isInFront(screen[4 * a + 3], near);
      if (frontA) polygon.push(a);
      if (frontA !== isInFront(screen[4 * b + 3], near)) polygon.push(frontA ? cut(a, b) : cut(b, a));
    });
    for (let k = 2; k < polygon.length; k++) kept.push(polygon[0], polygon[k - 1], polygon[k]);
  });
  const all = zerosLike(screen, screen.length + 2 * cuts.length); // [V + cuts, 4]
  all.set(screen);
  for (let i = 0, o = 4 * V; i < cuts.length; i += 2, o += 4) {
    const { share, wA, wB, a, b } = cutAt(screen, cuts[i], cuts[i + 1], near);
    for (let k = 0; k < 2; k++) {
      all[o + k] = ((1 - share) * wA * screen[a + k] + share * wB * screen[b + k]) / near;
    }
    all[o + 2] = -near, all[o + 3] = 1 / near;
  }
  return { screen: all, faces: Int32Array.from(kept), cuts: Int32Array.from(cuts) };
}

/** Where an edge meets the plane, a share of the way from its vertex in front; its distances. */
function cutAt(screen: FloatArray, front: number, behind: number, near: number) {
  const a = 4 * front, b = 4 * behind, wA = 1 / screen[a + 3], wB = 1 / screen[b + 3];
  return { a, b, wA, wB, share: (wA - near) / (wA - wB) };
}

/**
 * Gradient of `clipNear`.
 *
 * @param screen As in the forward pass, `[V, 4]`
 * @param clipped Its result
 * @param near As in the forward pass
 * @param gradientClipped Gradient of x and y of the cut mesh, `[V + cuts, 4]`
 * @param gradientScreen Added to, `[V, 4]`
 */
export function clipNearBackward(
  screen: FloatArray,
  { cuts }: ClippedMesh,
  near: number,
  gradientClipped: FloatArray,
  gradientScreen: FloatArray,
): void {
  for (let i = 0; i < screen.length; i++) gradientScreen[i] += gradientClipped[i];
  for (let i = 0, o = screen.length; i < cuts.length; i += 2, o += 4) {
    const { share, wA, wB, a, b } = cutAt(screen, cuts[i], cuts[i + 1], near);
    let ofShare = 0, ofWA = 0, ofWB = 0;
    for (let k = 0; k < 2; k++) {
      const gradient = gradientClipped[o + k] / near;
      gradientScreen[a + k] += gradient * (1 - share) * wA;
      gradientScreen[b + k] += gradient * share * wB;
      ofShare += gradient * (wB * screen[b + k] - wA * screen[a + k]);
      ofWA += gradient * (1 - share) * screen[a + k];
      ofWB += gradient * share * screen[b + k];
    }
    ofWA += ofShare * (near - wB) / (wA - wB) ** 2;
    ofWB += ofShare * (wA - near) / (wA - wB) ** 2;
    gradientScreen[a + 3] -= ofWA * wA * wA;
    gradientScreen[b + 3] -= ofWB * wB * wB;
  }
}
