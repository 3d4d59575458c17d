/**
 * A user's mesh in the object frame.
 *
 * @module
 */
import type { LabelledMesh } from "../io/labelled_mesh.ts";
import { type Frame, toFrame } from "./class_targets.ts";
import { boundingBox } from "../mesh/bounding_box.ts";
import { inspectMesh, type MeshInspection } from "./inspect_mesh.ts";

/** Which axis of the file points up; the front is at −y where z does, and at +z where y does. */
export type UpAxis = "y" | "z";

/** A mesh in the object frame: z up, front at −y, the middle of its box at x = 0. */
export interface UserMesh extends LabelledMesh {
  /** What it is like. */
  readonly inspection: MeshInspection;
}

/**
 * Turns a mesh to the object frame and moves it to the middle.
 *
 * @param mesh The mesh as its file holds it
 * @param up Which axis of the file points up
 */
export function orientMesh(mesh: LabelledMesh, up: UpAxis): UserMesh {
  const from = mesh.vertices;
  const turned = up === "z" ? from.slice() : from.map((_, i) => {
    const start = i - i % 3;
    return i % 3 === 0 ? from[start] : i % 3 === 1 ? -from[start + 2] : from[start + 1];
  });
  const used = { vertices: usedVertices(turned, mesh.faces), faces: mesh.faces };
  const inspection = inspectMesh(used);
  const { low, high } = boundingBox(used.vertices);
  const middle = (low[0] + high[0]) / 2;
  const vertices = used.vertices.map((value, i) => i % 3 === 0 ? value - middle : value);
  return { ...mesh, vertices, inspection };
}

/** Vertices that no face uses are put onto one that is used, so that they do not count in the box. */
function usedVertices(vertices: Float64Array, faces: Int32Array): Float64Array {
  const isUsed = new Uint8Array(vertices.length / 3); // [V]
  for (const vertex of faces) isUsed[vertex] = 1;
  const first = 3 * faces[0];
  return vertices.map((value, i) => isUsed[Math.floor(i / 3)] ? value : vertices[first + i % 3]);
}

/** What is drawn of a mesh in a normalised frame. */
export function drawnMesh(mesh: LabelledMesh, frame: Frame): {
  vertices: Float64Array;
  faces: Int32Array;
  partLabels: Int32Array;
  twoSided: boolean;
} {
  const partLabels = new Int32Array(mesh.vertices.length / 3); // [V]
  mesh.faces.forEach((vertex, corner) => partLabels[vertex] = mesh.faceParts[Math.floor(corner / 3)]);
  return { vertices: toFrame(mesh.vertices, frame), faces: mesh.faces, partLabels, twoSided: true };
}
