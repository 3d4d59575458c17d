/**
 * A parametric shape on the sphere topology: a level set that goes from an ellipsoid to the shape carries the vertices
 * along, while smoothing within the surface keeps them spread.
 *
 * @module
 */
import { faceAreas } from "../mesh/face_areas.ts";
import type { SphereTopology } from "../mesh/sphere_topology.ts";
import {
  distanceGradient,
  type GrowingSolid,
  type Growth,
  type ParametricShape,
  type Pin,
} from "./parametric_shape.ts";
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
  /** Size of limbs when they begin to grow, relative to their full size; only for shapes that grow. */
  bud?: number;
  /** Whether the result is its own mirror image; without it no shape may have pins at its sides. */
  symmetric?: boolean;
}

/** Share of the morphing in which the core of a growing shape is wrapped. */
const CORE_TIME = 0.4;
/** Weight of the faces at a limb's end, so that the vertices around it come near and the end is blunt. */
const END_PULL = 4;

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
  {
    inflation = 2.5,
    morphSteps = 200,
    spreadSteps = 120,
    fitSteps = 40,
    smoothing = 0.35,
    bud = 0.08,
    symmetric = true,
  }: ShrinkWrapOptions = {},
): Float64Array {
  const box = shape.growth ?? shape;
  const centre = box.low.map((low, axis) => (low + box.high[axis]) / 2);
  const radii = box.low.map((low, axis) => inflation * (box.high[axis] - low) / 2);
  const pins = new Map<number, Pin>();
  const vertices = topology.vertices.map((value, i) => centre[i % 3] + radii[i % 3] * value); // [V, 3]
  const start = vertices.slice(); // [V, 3]
  const around = facesOfVertices(topology);
  for (const pin of shape.pins) {
    if (pin.direction) pins.set(nearestVertex(topology.vertices, pin.direction, topology, pins), pin);
  }
  const moved = symmetric
    ? topology.nonNegativeIndices
    : Int32Array.from({ length: vertices.length / 3 }, (_, i) => i);
  let ends: ReadonlySet<number> = new Set();
  const ellipsoid: SignedDistance = (x, y, z) =>
    ellipsoidDistance(x - centre[0], y - centre[1], z - centre[2], radii[0], radii[1], radii[2]);
  const stageAt = (step: number) =>
    shape.growth
      ? grownStage(shape.growth, step / morphSteps, ellipsoid, bud)
      : morphedStage(shape, step / morphSteps, ellipsoid);
  let before: Stage | null = null;
  for (let step = 1; step <= morphSteps + spreadSteps; step++) {
    const stage = stageAt(step);
    if (before?.carry && stage.share > before.share) {
      if (before.share === bud) {
        pinLimbs(shape.pins, vertices, topology, pins, bud);
        ends = limbEnds(pins, topology);
      }
      carryVertices(vertices, before.carry, stage.share, topology);
    }
    const targets = weightedCentres(vertices, topology, around, stage.density, ends);
    for (const i of moved) {
      const pin = pins.get(i);
      if (pin === undefined) moveVertex(vertices, i, targets, stage.distance, smoothing);
      else {
        const from = pin.anchor ?? (shape.growth ? pin.point : start.subarray(3 * i, 3 * i + 3));
        const wanted = pin.point.map((value, axis) =>
          value + (1 - stage.share) * (pin.grows?.[axis] ?? 1) * (from[axis] - value)
        );
        holdVertex(vertices, i, wanted, stage.distance);
      }
    }
    if (symmetric) mirror(vertices, topology);
    before = stage;
  }
  for (let step = 0; step < fitSteps; step++) {
    fitFaces(vertices, topology, shape);
    if (symmetric) mirror(vertices, topology);
  }
  return vertices;
}

/** What the vertices follow at one step. */
interface Stage extends Omit<GrowingSolid, "carry"> {
  /** How the surface moves on, of growing solids. */
  readonly carry?: GrowingSolid["carry"];
  /** Size of the limbs, or how far pinned vertices are on their way. */
  readonly share: number;
}

/** From an ellipsoid about the shape to the shape itself. */
function morphedStage(shape: ParametricShape, time: number, ellipsoid: SignedDistance): Stage {
  const share = Math.min(1, time);
  const distance: SignedDistance = share === 1
    ? shape.distance
    : (x, y, z) => (1 - share) * ellipsoid(x, y, z) + share * shape.distance(x, y, z);
  return { distance, density: shape.density, share };
}

/** From an ellipsoid about the core to the core, while the limbs are small; then the limbs grow. */
function grownStage(growth: Growth, time: number, ellipsoid: SignedDistance, bud: number): Stage {
  const share = bud ** Math.max(0, 1 - Math.max(0, time - CORE_TIME) / (1 - CORE_TIME));
  const { distance, density, carry } = growth.at(share);
  const melted = Math.min(1, 2 * time / CORE_TIME);
  const level: SignedDistance = melted === 1
    ? distance
    : (x, y, z) => (1 - melted) * ellipsoid(x, y, z) + melted * distance(x, y, z);
  return { distance: level, density, share, carry };
}

/** Moves the vertices with the limbs that they lie on. */
function carryVertices(
  vertices: Float64Array,
  carry: GrowingSolid["carry"],
  share: number,
  topology: SphereTopology,
): void {
  for (const i of topology.nonNegativeIndices) {
    vertices.set(carry(vertices[3 * i], vertices[3 * i + 1], vertices[3 * i + 2], share), 3 * i);
  }
  mirror(vertices, topology);
}

/** Holds the vertices that are nearest to the ends of the limbs' buds. */
function pinLimbs(
  all: readonly Pin[],
  vertices: Float64Array,
  topology: SphereTopology,
  pins: Map<number, Pin>,
  bud: number,
): void {
  for (const pin of all) {
    if (pin.direction || !pin.anchor) continue;
    const { anchor, point, grows = [1, 1, 1] } = pin;
    const [x, y, z] = point.map((value, axis) => value + (1 - bud) * grows[axis] * (anchor[axis] - value));
    pins.set(nearestVertex(vertices, [x, y, z], topology, pins), pin);
  }
}

/** The vertex, in the middle or at the side as the place is, that is nearest to a place and not yet held. */
function nearestVertex(
  vertices: Float64Array,
  place: Point3,
  { positiveIndices, zeroIndices }: SphereTopology,
  taken: ReadonlyMap<number, Pin>,
): number {
  let nearest = -1, best = Infinity;
  for (const i of place[0] === 0 ? zeroIndices : positiveIndices) {
    const square = place.reduce((sum, value, axis) => sum + (vertices[3 * i + axis] - value) ** 2, 0);
    if (square < best && !taken.has(i)) [best, nearest] = [square, i];
  }
  return nearest;
}

/** Vertices that end a growing limb, on both sides. */
function limbEnds(pins: ReadonlyMap<number, Pin>, topology: SphereTopology): ReadonlySet<number> {
  const ends = new Set<number>();
  for (const [vertex, { isEnd }] of pins) {
    if (!isEnd) continue;
    ends.add(vertex);
    const k = topology.positiveIndices.indexOf(vertex);
    if (k >= 0) ends.add(topology.negativeIndices[k]);
  }
  return ends;
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
  density: SignedDistance,
  ends: ReadonlySet<number>,
): Float64Array {
  const centres = new Float64Array(faces.length); // [F, 3]
  const weights = faceAreas(vertices, faces); // [F]
  for (let f = 0; f < weights.length; f++) {
    const [a, b, c] = [3 * faces[3 * f], 3 * faces[3 * f + 1], 3 * faces[3 * f + 2]];
    for (let axis = 0; axis < 3; axis++) {
      centres[3 * f + axis] = (vertices[a + axis] + vertices[b + axis] + vertices[c + axis]) / 3;
    }
    const pull = ends.has(a / 3) || ends.has(b / 3) || ends.has(c / 3) ? END_PULL : 1;
    weights[f] *= pull * density(centres[3 * f], centres[3 * f + 1], centres[3 * f + 2]);
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
  const { faces } = topology, areas = faceAreas(vertices, faces);
  const shift = new Float64Array(vertices.length); // [V, 3]
  const weight = new Float64Array(vertices.length / 3); // [V]
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    for (const sample of FACE_SAMPLES) {
      const [x, y, z] = [0, 1, 2].map((axis) =>
        sample[0] * vertices[corners[0] + axis] + sample[1] * vertices[corners[1] + axis] +
        sample[2] * vertices[corners[2] + axis]
      );
      const [nx, ny, nz, length] = distanceGradient(shape.distance, x, y, z);
      const offset = Math.min(0.03, Math.max(-0.03, shape.distance(x, y, z) / length));
      corners.forEach((corner, k) => {
        const w = areas[f / 3] * sample[k];
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
}
