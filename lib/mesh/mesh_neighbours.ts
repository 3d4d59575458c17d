/**
 * Neighbours of the sphere topology's vertices.
 *
 * @module
 */
import { sphereTopology } from "./sphere_topology.ts";

let memoised: readonly (readonly number[])[] | undefined;

/** The vertices that share an edge with each vertex, ascending, `[V, ·]`. */
export function meshNeighbours(): readonly (readonly number[])[] {
  return memoised ??= findNeighbours();
}

function findNeighbours(): number[][] {
  const { faces, vertices } = sphereTopology();
  const neighbours = Array.from({ length: vertices.length / 3 }, () => new Set<number>());
  for (let f = 0; f < faces.length; f += 3) {
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) if (a !== b) neighbours[faces[f + a]].add(faces[f + b]);
    }
  }
  return neighbours.map((some) => [...some].sort((a, b) => a - b));
}
