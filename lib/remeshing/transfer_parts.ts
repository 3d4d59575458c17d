/**
 * Parts of a user's mesh on a template: what both show at the same pixels.
 *
 * @module
 */
import { Prng } from "../core/prng.ts";
import type { LabelledMesh } from "../io/labelled_mesh.ts";
import { projectVertices } from "../rendering/cameras.ts";
import { type Fragments, rasterize } from "../rendering/rasterize.ts";
import { normalizeClass, toFrame, viewRotations } from "./class_targets.ts";
import { VIEW_SCALE, viewPose } from "./silhouette_targets.ts";
import { nearestPoint, sampleSurface } from "./surface_samples.ts";

/** Number and size of the views in which parts are compared, and their seed. */
const VIEWS = 48, SIZE = 224, SEED = 77;
/** Largest difference in depth of two surfaces that count as the same, relative to half of the longest side. */
const DEPTH = 0.12;
/** Points of a mesh by which the parts of hidden vertices are found. */
const POINTS = 20_000;
/** Most parts that a template keeps. */
const MAX_PARTS = 32;

/** Names of the parts that a template gets: one name where the mesh has more than 32 parts. */
export function keptParts({ partNames }: LabelledMesh): readonly string[] {
  return partNames.length > MAX_PARTS ? [partNames[0]] : partNames;
}

/**
 * The part of each vertex of a template: the one that most of the mesh's pixels about it show; for vertices that are
 * never seen that of the mesh's nearest place.
 *
 * @param mesh The mesh
 * @param vertices Positions of the template in the mesh's frame, `[V, 3]`
 * @param faces Faces of the template, `[F, 3]`
 * @returns Index in {@link keptParts} of each vertex, `[V]`
 */
export function transferParts(mesh: LabelledMesh, vertices: Float64Array, faces: Int32Array): Uint8Array {
  const P = keptParts(mesh).length, V = vertices.length / 3;
  if (P === 1) return new Uint8Array(V);
  const votes = countVotes(mesh, vertices, faces, P);
  const { points, faceIndex } = sampleSurface(mesh, POINTS, new Prng(1, "parts"));
  return Uint8Array.from({ length: V }, (_, v) => {
    const own = votes.subarray(v * P, (v + 1) * P), most = Math.max(...own);
    if (most > 0) return own.indexOf(most);
    const { index } = nearestPoint(points, vertices[3 * v], vertices[3 * v + 1], vertices[3 * v + 2]);
    return mesh.faceParts[faceIndex[index]];
  });
}

/** Pixels of each part that lie nearest to each vertex, `[V, P]`. */
function countVotes(mesh: LabelledMesh, vertices: Float64Array, faces: Int32Array, P: number): Uint32Array {
  const votes = new Uint32Array(vertices.length / 3 * P); // [V, P]
  if (faces.length === 0) return votes;
  const { vertices: [own], frames: [frame] } = normalizeClass([mesh.vertices]);
  const placed = toFrame(vertices, frame);
  const drawnFaces = new Uint8Array(mesh.faces.length / 3).fill(1); // [F]
  const rotations = viewRotations(VIEWS, SEED, 0);
  for (let view = 0; view < VIEWS; view++) {
    const pose = viewPose(rotations, view);
    const seen = rasterize(projectVertices(own, pose), mesh.faces, SIZE, SIZE, undefined, { drawnFaces });
    const template = rasterize(projectVertices(placed, pose), faces, SIZE, SIZE);
    addVotes(mesh.faceParts, seen, template, faces, votes, P);
  }
  return votes;
}

function addVotes(
  faceParts: Int32Array,
  seen: Fragments,
  template: Fragments,
  faces: Int32Array,
  votes: Uint32Array,
  P: number,
): void {
  const { faceIndex, barycentric, depth } = template;
  for (let i = 0; i < faceIndex.length; i++) {
    if (faceIndex[i] < 0 || seen.faceIndex[i] < 0) continue;
    if (Math.abs(depth[i] - seen.depth[i]) > DEPTH * VIEW_SCALE) continue;
    let nearest = 0;
    for (let k = 1; k < 3; k++) if (barycentric[3 * i + k] > barycentric[3 * i + nearest]) nearest = k;
    votes[faces[3 * faceIndex[i] + nearest] * P + faceParts[seen.faceIndex[i]]]++;
  }
}
