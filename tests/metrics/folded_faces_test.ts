import { assert, assertEquals } from "@std/assert";
import { foldedShare } from "../../lib/metrics/folded_faces.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";

Deno.test("foldedShare: a sphere has none, also turned inside out; a vertex pulled through its ring folds its faces", () => {
  const { vertices, faces, faceNeighbours } = sphereTopology();
  assertEquals(foldedShare(vertices, faces, faceNeighbours), 0);
  assertEquals(foldedShare(vertices.map((value) => -value), faces, faceNeighbours), 0);
  const flat = vertices.map((value, i) => i % 3 === 2 ? 0.05 * value : value);
  assertEquals(foldedShare(flat, faces, faceNeighbours), 0);
  const pulled = vertices.slice();
  const moved = 400;
  for (let k = 0; k < 3; k++) pulled[3 * moved + k] = vertices[3 * (moved + 3) + k];
  const share = foldedShare(pulled, faces, faceNeighbours);
  assert(share > 0 && share < 0.01, `${share}`);
});
