/**
 * The meshes of one class, normalised together, and what remeshing fits for each of them.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { Prng } from "../core/prng.ts";
import type { Surface } from "../templates/polygonize.ts";
import { normalizeQuaternion } from "../rendering/quaternion.ts";
import { type BoundingBox, boundingBox } from "../mesh/bounding_box.ts";

/** Meshes of one class in one frame. */
export interface NormalizedClass {
  /** Positions of each mesh, `[V, 3]`; the largest coordinate of each is 1. */
  readonly vertices: readonly Float64Array[];
  /** Largest |x|, |y|, |z| over all meshes, `[3]`. */
  readonly scaling: [number, number, number];
  /** How each mesh was moved and shrunk. */
  readonly frames: readonly Frame[];
}

/** normalised = (position − centre) / factor. */
export interface Frame {
  /** What became the origin, `[3]`. */
  readonly centre: readonly number[];
  /** What became 1. */
  readonly factor: number;
}

/** Positions in a normalised frame, `[V, 3]`. */
export function toFrame(vertices: FloatArray, { centre, factor }: Frame): Float64Array {
  return Float64Array.from(vertices, (value, i) => (value - centre[i % 3]) / factor);
}

/** Positions of a normalised frame as they were before, `[V, 3]`. */
export function fromFrame(vertices: FloatArray, { centre, factor }: Frame): Float64Array {
  return Float64Array.from(vertices, (value, i) => value * factor + centre[i % 3]);
}

/** Classes whose templates share one box, and whose relative size is not free: the animals. */
export const ALIGNED_CLASSES: ReadonlySet<string> = new Set(
  ["bird", "sheep", "elephant", "zebra", "horse", "cow", "bear", "giraffe"],
);

/**
 * The box of all meshes of a class.
 *
 * @param boxes BoundingBox of each mesh
 * @param legacy The original's rule, which takes the high corner of every mesh after the first from its low corner
 */
export function jointBox(boxes: readonly BoundingBox[], legacy = false): BoundingBox {
  const [first] = boxes;
  const low = [...first.low], high = [...first.high];
  for (const box of boxes.slice(1)) {
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], box.low[axis]);
      high[axis] = Math.max(high[axis], legacy ? box.low[axis] : box.high[axis]);
    }
  }
  return { low, high };
}

/**
 * Centres meshes in y and z (x stays, their mirror plane is x = 0) and divides each by its own largest coordinate.
 *
 * @param meshes Positions of each mesh, `[V, 3]`
 * @param options Whether all share one centre, and by which rule it is found
 * @throws {RangeError} If a mesh has no extent or a coordinate that is not finite
 */
export function normalizeClass(
  meshes: readonly FloatArray[],
  options: { aligned?: boolean; legacy?: boolean } = {},
): NormalizedClass {
  const boxes = meshes.map(boundingBox);
  const shared = jointBox(boxes, options.legacy);
  const scaling: [number, number, number] = [0, 0, 0];
  const frames: Frame[] = [];
  const vertices = meshes.map((mesh, t) => {
    const { low, high } = options.aligned ? shared : boxes[t];
    const centre = [0, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2];
    let factor = 0;
    mesh.forEach((value, i) => factor = Math.max(factor, Math.abs(value - centre[i % 3])));
    if (!(factor > 0 && factor < Infinity)) {
      throw new RangeError(`Cannot remesh a mesh without a finite extent: current value is ${factor}`);
    }
    frames.push({ centre, factor });
    const normalised = toFrame(mesh, frames[t]);
    normalised.forEach((value, i) => scaling[i % 3] = Math.max(scaling[i % 3], Math.abs(value)));
    return normalised;
  });
  return { vertices, scaling, frames };
}

/** Rotations uniform over all directions, `[N, 4]`, for template `index` of a class. */
export function viewRotations(views: number, seed: number, index: number): Float64Array {
  const prng = new Prng(seed, "remeshing", "views", index);
  const rotations = new Float64Array(4 * views); // [N, 4]
  for (let view = 0; view < views; view++) rotations.set(normalizeQuaternion(prng.normals(4)), 4 * view);
  return rotations;
}

/**
 * Centres all templates of a class by their joint box, all three axes, and divides by the largest coordinate of all.
 *
 * @param templates Positions of each template, `[V, 3]`
 */
export function normalizeJointly(templates: readonly FloatArray[]): Float32Array[] {
  const { low, high } = jointBox(templates.map(boundingBox));
  const centred = templates.map((vertices) =>
    Float64Array.from(vertices, (value, i) => value - (low[i % 3] + high[i % 3]) / 2)
  );
  const largest = Math.max(
    ...centred.map((vertices) => vertices.reduce((m, v) => Math.max(m, Math.abs(v)), 0)),
  );
  return centred.map((vertices) => Float32Array.from(vertices, (value) => value / largest));
}

/** A mesh that is remeshed: closed or open, of any topology; z up, front at −y, mirror plane x = 0. */
export type ClassMesh = Pick<Surface, "vertices" | "faces">;
