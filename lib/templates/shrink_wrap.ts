/**
 * A parametric shape on the sphere topology: a level set that goes from an ellipsoid to the shape carries the vertices
 * along, while smoothing within the surface keeps them spread.
 *
 * @module
 */
import type { SphereTopology } from "../mesh/sphere_topology.ts";
import { distanceGradient, type ParametricShape } from "./parametric_shape.ts";
import { ellipsoidDistance, type Point3, type SignedDistance } from "./signed_distance.ts";

/** Options of {@link shrinkWrap}. */
export interface ShrinkWrapOptions {
  /** Size of the first ellipsoid relative to the shape's box. */
  inflation?: number;
  /** Steps from the ellipsoid to the shape. */
  morphSteps?: number;
  /** Steps on the finished shape, in which vertices spread. */
  spreadSteps?: number;
  /** Last steps, in which faces (not vertices) come to lie on the surface. */
  fitSteps?: number;
  /** Share of the way to the mean of its faces that a vertex goes in a step, 0 to 1. */
  smoothing?: number;
}

/** Defaults of {@link ShrinkWrapOptions}. */
export const SHRINK_WRAP_DEFAULTS = {
  inflation: 2.5,
  morphSteps: 200,
  spreadSteps: 120,
  fitSteps: 40,
  smoothing: 0.35,
} as const satisfies Required<ShrinkWrapOptions>;

/**
 * Wraps the template sphere around a shape: symmetric, poles at nose and tail, the same result every time.
 *
 * @param shape The solid
 * @param topology The template sphere
 * @param options Numbers of steps
 * @returns Positions in the shape's own frame, `[V, 3]`
 */
export function shrinkWrap(
  shape: ParametricShape,
  topology: SphereTopology,
  options: ShrinkWrapOptions = {},
): Float64Array {
  const { inflation, morphSteps, spreadSteps, fitSteps, smoothing } = { ...SHRINK_WRAP_DEFAULTS, ...options };
  const centre = shape.low.map((low, axis) => (low + shape.high[axis]) / 2);
  const radii = shape.low.map((low, axis) => inflation * (shape.high[axis] - low) / 2);
  const pins = pinnedVertices(shape, topology);
  const vertices = topology.vertices.map((value, i) => centre[i % 3] + radii[i % 3] * value); // [V, 3]
  const start = vertices.slice(); // [V, 3]
  const around = facesOfVertices(topology);
  const ellipsoid: SignedDistance = (x, y, z) =>
    ellipsoidDistance(x - centre[0], y - centre[1], z - centre[2], radii[0], radii[1], radii[2]);
  for (let step = 1; step <= morphSteps + spreadSteps; step++) {
    const share = Math.min(1, step / morphSteps);
    const level: SignedDistance = share === 1
      ? shape.distance
      : (x, y, z) => (1 - share) * ellipsoid(x, y, z) + share * shape.distance(x, y, z);
    const targets = weightedCentres(vertices, topology, around, shape);
    for (const i of topology.nonNegativeIndices) {
      const pin = pins.get(i);
      if (pin === undefined) moveVertex(vertices, i, targets, level, smoothing);
      else {holdVertex(
          vertices,
          i,
          pin.map((value, axis) => value + (1 - share) * (start[3 * i + axis] - value)),
          level,
        );}
    }
    mirror(vertices, topology);
  }
  for (let step = 0; step < fitSteps; step++) fitFaces(vertices, topology, shape);
  return vertices;
}

/** Where the vertices go that shall lie at given points: the poles and those nearest to the pins' directions. */
function pinnedVertices(shape: ParametricShape, topology: SphereTopology): Map<number, Point3> {
  const pins = new Map<number, Point3>();
  for (const { direction, point } of shape.pins) {
    let nearest = -1, best = -Infinity;
    for (const i of topology.nonNegativeIndices) {
      const [x, y, z] = topology.vertices.subarray(3 * i, 3 * i + 3);
      const cosine = x * direction[0] + y * direction[1] + z * direction[2];
      if (cosine > best) [best, nearest] = [cosine, i];
    }
    pins.set(nearest, point);
  }
  return pins;
}

/** Faces at each vertex: `faces[start[v]]` to `faces[start[v + 1] - 1]`. */
interface Around {
  readonly start: Int32Array;
  readonly faces: Int32Array;
}

function facesOfVertices({ vertices, faces }: SphereTopology): Around {
  const start = new Int32Array(vertices.length / 3 + 1); // [V + 1]
  for (const vertex of faces) start[vertex + 1]++;
  for (let v = 1; v < start.length; v++) start[v] += start[v - 1];
  const next = start.slice();
  const list = new Int32Array(faces.length); // [3 F]
  faces.forEach((vertex, corner) => list[next[vertex]++] = Math.floor(corner / 3));
  return { start, faces: list };
}

/** For each vertex the mean of its faces' centres, weighted by area and wanted density, `[V, 3]`. */
function weightedCentres(
  vertices: Float64Array,
  { faces }: SphereTopology,
  { start, faces: list }: Around,
  shape: ParametricShape,
): Float64Array {
  const centres = new Float64Array(faces.length); // [F, 3]
  const weights = new Float64Array(faces.length / 3); // [F]
  for (let f = 0; f < weights.length; f++) {
    const [a, b, c] = [3 * faces[3 * f], 3 * faces[3 * f + 1], 3 * faces[3 * f + 2]];
    for (let axis = 0; axis < 3; axis++) {
      centres[3 * f + axis] = (vertices[a + axis] + vertices[b + axis] + vertices[c + axis]) / 3;
    }
    weights[f] = faceArea(vertices, a, b, c) *
      shape.density(centres[3 * f], centres[3 * f + 1], centres[3 * f + 2]);
  }
  const targets = new Float64Array(vertices.length); // [V, 3]
  for (let v = 0; v < vertices.length / 3; v++) {
    let total = 1e-12;
    for (let k = start[v]; k < start[v + 1]; k++) total += weights[list[k]];
    for (let axis = 0; axis < 3; axis++) {
      let sum = 1e-12 * vertices[3 * v + axis];
      for (let k = start[v]; k < start[v + 1]; k++) sum += weights[list[k]] * centres[3 * list[k] + axis];
      targets[3 * v + axis] = sum / total;
    }
  }
  return targets;
}

function faceArea(vertices: Float64Array, a: number, b: number, c: number): number {
  const ux = vertices[b] - vertices[a],
    uy = vertices[b + 1] - vertices[a + 1],
    uz = vertices[b + 2] - vertices[a + 2];
  const vx = vertices[c] - vertices[a],
    vy = vertices[c + 1] - vertices[a + 1],
    vz = vertices[c + 2] - vertices[a + 2];
  return Math.sqrt((uy * vz - uz * vy) ** 2 + (uz * vx - ux * vz) ** 2 + (ux * vy - uy * vx) ** 2) / 2;
}

/** Moves a vertex within the surface towards its target, then onto the surface (steps of at most 0.05). */
function moveVertex(
  vertices: Float64Array,
  index: number,
  targets: Float64Array,
  level: SignedDistance,
  smoothing: number,
): void {
  const i = 3 * index;
  let x = vertices[i], y = vertices[i + 1], z = vertices[i + 2];
  const [nx, ny, nz] = distanceGradient(level, x, y, z);
  const dx = targets[i] - x, dy = targets[i + 1] - y, dz = targets[i + 2] - z;
  const outward = dx * nx + dy * ny + dz * nz;
  x += smoothing * (dx - outward * nx);
  y += smoothing * (dy - outward * ny);
  z += smoothing * (dz - outward * nz);
  vertices.set(pullToLevel(x, y, z, level, 2), i);
}

/** Places a vertex on the level that is nearest to a wanted place. */
function holdVertex(
  vertices: Float64Array,
  index: number,
  wanted: readonly number[],
  level: SignedDistance,
): void {
  vertices.set(pullToLevel(wanted[0], wanted[1], wanted[2], level, 8), 3 * index);
}

/** Newton steps of at most 0.05 from a point to a level. */
function pullToLevel(
  x: number,
  y: number,
  z: number,
  level: SignedDistance,
  steps: number,
): [number, number, number] {
  for (let repeat = 0; repeat < steps; repeat++) {
    const [gx, gy, gz, length] = distanceGradient(level, x, y, z);
    const step = Math.min(0.05, Math.max(-0.05, level(x, y, z) / length));
    x -= step * gx;
    y -= step * gy;
    z -= step * gz;
  }
  return [x, y, z];
}

/** Copies the +x half to the other side and holds the middle at x = 0. */
function mirror(vertices: Float64Array, topology: SphereTopology): void {
  const { negativeIndices, positiveIndices, zeroIndices } = topology;
  for (const i of zeroIndices) vertices[3 * i] = 0;
  negativeIndices.forEach((negative, k) => {
    const positive = 3 * positiveIndices[k];
    vertices[positive] = Math.max(vertices[positive], 0);
    vertices[3 * negative] = -vertices[positive];
    vertices[3 * negative + 1] = vertices[positive + 1];
    vertices[3 * negative + 2] = vertices[positive + 2];
  });
}

/** Places within a face at which its distance to the surface is measured, as weights of its corners. */
const FACE_SAMPLES = [
  [2 / 3, 1 / 6, 1 / 6],
  [1 / 6, 2 / 3, 1 / 6],
  [1 / 6, 1 / 6, 2 / 3],
  [1 / 3, 1 / 3, 1 / 3],
] as const;

/**
 * One step that moves vertices along the surface's normals so that the faces' mean distance from the surface becomes 0;
 * without it a mesh of few vertices is too thin at every convex edge.
 */
function fitFaces(vertices: Float64Array, topology: SphereTopology, shape: ParametricShape): void {
  const { faces } = topology;
  const shift = new Float64Array(vertices.length); // [V, 3]
  const weight = new Float64Array(vertices.length / 3); // [V]
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    const area = faceArea(vertices, corners[0], corners[1], corners[2]);
    for (const sample of FACE_SAMPLES) {
      const [x, y, z] = [0, 1, 2].map((axis) =>
        sample[0] * vertices[corners[0] + axis] + sample[1] * vertices[corners[1] + axis] +
        sample[2] * vertices[corners[2] + axis]
      );
      const [nx, ny, nz, length] = distanceGradient(shape.distance, x, y, z);
      const offset = Math.min(0.03, Math.max(-0.03, shape.distance(x, y, z) / length));
      corners.forEach((corner, k) => {
        const w = area * sample[k];
        shift[corner] -= w * offset * nx;
        shift[corner + 1] -= w * offset * ny;
        shift[corner + 2] -= w * offset * nz;
        weight[corner / 3] += w;
      });
    }
  }
  for (let i = 0; i < vertices.length; i++) {
    vertices[i] += 0.5 * shift[i] / Math.max(weight[Math.floor(i / 3)], 1e-12);
  }
  mirror(vertices, topology);
}
