/**
 * What a user's mesh is like, in words.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { weldVertices } from "../io/weld_vertices.ts";
import type { ClassMesh } from "./class_targets.ts";
import { boundingBox } from "../mesh/bounding_box.ts";

/** Counts of a mesh whose equal vertices are taken as one. */
export interface MeshInspection {
  /** Separate pieces. */
  readonly pieces: number;
  /** Edges with one face. */
  readonly openEdges: number;
  /** Edges with three faces or more. */
  readonly crowdedEdges: number;
  /** Handles of the whole, such as 1 for a ring; null of open meshes. */
  readonly handles: number | null;
  /** Its shortest side, relative to its longest. */
  readonly thickness: number;
  /** How far the middle of its box is from x = 0, relative to half of its longest side. */
  readonly offCentre: number;
  /** How unlike its mirror image it is about each axis: mean distance, relative to half of its longest side. */
  readonly asymmetry: readonly [number, number, number];
}

/** Vertices that the symmetry is judged by. */
const JUDGED = 1500;
/** From here on a mesh counts as asymmetric, or as off the centre. */
const NOTICEABLE = 0.02;
/** Up to here a mesh counts as flat. */
const FLAT = 1e-3;

/**
 * Looks at a mesh.
 *
 * @param mesh Vertices `[V, 3]` and faces `[F, 3]`
 */
export function inspectMesh(mesh: ClassMesh): MeshInspection {
  const { indices: ids, vertices: places } = weldVertices(mesh.vertices);
  const count = places.length / 3;
  const edges = new Map<number, number>();
  const parents = Int32Array.from({ length: count }, (_, i) => i);
  const rootOf = (i: number): number => {
    while (parents[i] !== i) i = parents[i] = parents[parents[i]];
    return i;
  };
  let faceCount = 0;
  const used = new Set<number>();
  for (let f = 0; f < mesh.faces.length; f += 3) {
    const corners = [0, 1, 2].map((k) => ids[mesh.faces[f + k]]);
    if (new Set(corners).size < 3) continue; // no area
    faceCount++;
    corners.forEach((a, k) => {
      const b = corners[(k + 1) % 3], key = Math.min(a, b) * count + Math.max(a, b);
      edges.set(key, (edges.get(key) ?? 0) + 1);
      parents[rootOf(a)] = rootOf(b);
      used.add(a);
    });
  }
  const counts = [...edges.values()];
  const openEdges = counts.filter((faces) => faces === 1).length;
  const crowdedEdges = counts.filter((faces) => faces > 2).length;
  const pieces = new Set([...used].map(rootOf)).size;
  const euler = used.size - edges.size + faceCount;
  const { low, high } = boundingBox(mesh.vertices);
  const sides = low.map((value, axis) => high[axis] - value), half = Math.max(...sides) / 2;
  const asymmetry = [0, 1, 2].map((axis) => asymmetryAbout(mesh.vertices, axis, low, high) / half);
  return {
    pieces,
    openEdges,
    crowdedEdges,
    handles: openEdges + crowdedEdges > 0 ? null : pieces - euler / 2,
    thickness: Math.min(...sides) / (2 * half),
    offCentre: (low[0] + high[0]) / 2 / half,
    asymmetry: asymmetry as [number, number, number],
  };
}

/**
 * What is wrong with a mesh, and what is done about it or what the user can do.
 *
 * @param inspection Counts of the mesh
 * @param symmetric Whether the result shall be its own mirror image
 * @returns Sentences; none if all is well
 */
export function describeMesh(inspection: MeshInspection, symmetric: boolean): string[] {
  const { pieces, openEdges, crowdedEdges, handles, thickness, offCentre, asymmetry } = inspection;
  const gaps = [
    pieces > 1 ? `it has ${pieces} pieces` : "",
    openEdges > 0 ? `it is not closed, ${openEdges} edges have one face only` : "",
    crowdedEdges > 0 ? `${crowdedEdges} edges have more than two faces` : "",
  ].filter((clause) => clause !== "").join("; ");
  return [
    thickness <= FLAT ? "It is flat: what is made of it has no body; give it a thickness first." : "",
    gaps === ""
      ? ""
      : `${gaps[0].toUpperCase()}${gaps.slice(1)}: it is taken as the closed solid of its contours.`,
    handles !== null && handles > 0
      ? `It has ${handles} ${
        handles === 1 ? "hole" : "holes"
      } through it, which a sphere cannot have: they are filled.`
      : "",
    Math.abs(offCentre) > NOTICEABLE
      ? `Its middle lies at x = ${offCentre.toFixed(2)} of its size instead of 0: it was moved.`
      : "",
    symmetric ? adviceOnAxes(asymmetry) : "",
  ].filter((sentence) => sentence !== "");
}

function adviceOnAxes([x, y, z]: readonly [number, number, number]): string {
  if (x < NOTICEABLE || x <= Math.min(y, z)) {
    return x < 2 * NOTICEABLE
      ? ""
      : "It is not symmetric about x = 0: 'symmetric: false' would follow it more closely.";
  }
  const [name, turn] = y < z ? ["y", "turn it by 90 degrees about z"] : ["z", "try 'up' with the other axis"];
  return `It is more symmetric about ${name} than about x, the axis from side to side: ${turn}, or use 'symmetric: false'.`;
}

/** Mean distance of mirrored vertices from the nearest vertex. */
function asymmetryAbout(vertices: FloatArray, axis: number, low: number[], high: number[]): number {
  const stride = 3 * Math.max(1, Math.ceil(vertices.length / 3 / JUDGED));
  const twice = low[axis] + high[axis];
  let sum = 0, count = 0;
  for (let i = 0; i < vertices.length; i += stride, count++) {
    const place = [vertices[i], vertices[i + 1], vertices[i + 2]];
    place[axis] = twice - place[axis];
    let best = Infinity;
    for (let j = 0; j < vertices.length; j += 3) {
      const square = (vertices[j] - place[0]) ** 2 + (vertices[j + 1] - place[1]) ** 2 +
        (vertices[j + 2] - place[2]) ** 2;
      if (square < best) best = square;
    }
    sum += Math.sqrt(best);
  }
  return sum / count;
}
