/**
 * Scenes for the rendering tests.
 *
 * @module
 */
import { Prng } from "../../lib/core/prng.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import type { Fragments } from "../../lib/rendering/rasterize.ts";
import { normalizeQuaternion } from "../../lib/rendering/quaternion.ts";

/** Screen positions `[V, 3]` and faces `[F, 3]`. */
export interface Scene {
  readonly vertices: Float64Array;
  readonly faces: Int32Array;
}

/** Random triangles of both windings, partly beside the view. */
export function randomTriangles(seed: number, count: number, spread = 0.4): Scene {
  const prng = new Prng(seed, "triangles");
  const vertices = new Float64Array(9 * count); // [3F, 3]
  for (let f = 0; f < count; f++) {
    const centre = [prng.uniform(-1.1, 1.1), prng.uniform(-1.1, 1.1)];
    for (let i = 3 * f; i < 3 * f + 3; i++) {
      vertices[3 * i] = centre[0] + prng.uniform(-spread, spread);
      vertices[3 * i + 1] = centre[1] + prng.uniform(-spread, spread);
      vertices[3 * i + 2] = prng.uniform(-1, 1);
    }
  }
  return { vertices, faces: Int32Array.from({ length: 3 * count }, (_, i) => i) };
}

/** The template sphere, dented, turned at random and seen in perspective. */
export function dentedSphere(seed: number, scale = 0.75): Scene {
  const prng = new Prng(seed, "sphere");
  const { vertices, faces } = sphereTopology();
  const dented = vertices.map((value) => value * prng.uniform(0.92, 1));
  const rotation = normalizeQuaternion(prng.normals(4));
  const translation = [prng.uniform(-0.1, 0.1), prng.uniform(-0.1, 0.1)];
  const screen = projectVertices(dented, { rotation, scale, translation, perspective: 2 });
  return { vertices: screen as Float64Array, faces };
}

/** A square over the whole view, of two triangles. */
export function fullSquare(shift = 0): Scene {
  const vertices = Float64Array.of(-1 + shift, -1, 0, 1 + shift, -1, 0, 1 + shift, 1, 0, -1 + shift, 1, 0);
  return { vertices, faces: Int32Array.of(0, 1, 2, 0, 2, 3) };
}

/** Largest difference between two arrays of one length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** Largest absolute value. */
export function largestOf(a: ArrayLike<number>): number {
  return largestDifference(a, new Float64Array(a.length));
}

/** Random weights in [−1, 1). */
export function randomWeights(seed: number, length: number): Float64Array {
  const prng = new Prng(seed, "weights");
  return Float64Array.from({ length }, () => prng.uniform(-1, 1));
}

/** The faces whose doubled area is above 0.1. */
export function largeFaces({ vertices, faces }: Scene): Scene {
  const large: number[] = [];
  for (let k = 0; k < faces.length; k += 3) {
    const [a, b, c] = [k, k + 1, k + 2].map((i) => vertices.subarray(3 * faces[i], 3 * faces[i] + 2));
    const area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if (area > 0.1) large.push(k, k + 1, k + 2);
  }
  return { vertices, faces: Int32Array.from(large) };
}

/** The weights of the same faces at the same pixels after vertices have moved: visibility held fixed. */
export function fixedFaces(
  fragments: Fragments,
  moved: Float64Array,
  faces: Int32Array,
  stride = 3,
): Fragments {
  const { height, width } = fragments, barycentric = new Float64Array(3 * height * width);
  fragments.faceIndex.forEach((face, o) => {
    if (face < 0) return;
    const x = (2 * (o % width) + 1 - width) / width, y = (height - 2 * Math.floor(o / width) - 1) / height;
    const [a, b, c] = faces.subarray(3 * face, 3 * face + 3);
    const cross = (p: number, q: number) =>
      (moved[stride * p] - x) * (moved[stride * q + 1] - y) -
      (moved[stride * p + 1] - y) * (moved[stride * q] - x);
    const inverse = (p: number) => stride === 4 ? moved[4 * p + 3] : 1;
    const shares = [cross(b, c) * inverse(a), cross(c, a) * inverse(b), cross(a, b) * inverse(c)];
    const sum = shares[0] + shares[1] + shares[2];
    barycentric.set(shares.map((share) => share / sum), 3 * o);
  });
  return { ...fragments, barycentric };
}

/** Flat triangles in perspective, as a camera two units before their plane has them, `[V, 4]`. */
export function perspectiveScreen(flat: Float64Array): Float64Array {
  return Float64Array.from({ length: flat.length / 3 * 4 }, (_, i) => {
    const v = 3 * Math.floor(i / 4), distance = 2 + flat[v + 2];
    return i % 4 < 2 ? flat[v + i % 4] : i % 4 === 2 ? -distance : 1 / distance;
  });
}

/** Σ aᵢ bᵢ. */
export function dotOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
