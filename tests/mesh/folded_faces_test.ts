import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { displaceVertices } from "../../lib/mesh/displace_vertices.ts";
import { foldedFaces, unfoldVertices } from "../../lib/mesh/folded_faces.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";

const { vertices, faces, faceNeighbours, negativeIndices, positiveIndices } = sphereTopology();
const foldedOf = (shape: ArrayLike<number>) => foldedFaces(Float64Array.from(shape), faces, faceNeighbours);

/** A vertex pulled through its ring. */
function pulledSphere() {
  const pulled = vertices.slice(), moved = 400;
  for (let k = 0; k < 3; k++) pulled[3 * moved + k] = vertices[3 * (moved + 3) + k];
  return pulled;
}

Deno.test("foldedFaces: a sphere has none, also turned inside out or flat; a vertex pulled through its ring folds its faces", () => {
  for (
    const shape of [
      vertices,
      vertices.map((x) => -x),
      vertices.map((x, i) => i % 3 === 2 ? 0.05 * x : x),
    ]
  ) {
    assertEquals(foldedOf(shape), []);
  }
  const { length } = foldedOf(pulledSphere());
  assert(length > 0 && length < 20, `${length}`);
});

Deno.test("unfoldVertices: leaves smooth shapes as they are, and what is far from a fold", () => {
  assert(unfoldVertices(vertices) === vertices);
  const pulled = pulledSphere(), unfolded = unfoldVertices(pulled);
  assertEquals(foldedOf(unfolded), []);
  const moved = Array.from(unfolded).filter((value, i) => value !== pulled[i]).length / 3;
  assert(moved < 60, `${moved} vertices moved`);
});

Deno.test("unfoldVertices: no face of crumpled shapes stays folded, and mirror images stay mirror images", () => {
  for (const roughness of [0.05, 0.15, 0.4]) {
    const map = new Prng(7, "test", "crumpled").normals(32 * 32 * 3).map((value) => roughness * value);
    const crumpled = displaceVertices(sphereTopology(), map, 32, 32);
    assert(foldedOf(crumpled).length > 0 || roughness < 0.1);
    const unfolded = unfoldVertices(crumpled);
    assertEquals(foldedOf(unfolded), [], `roughness ${roughness}`);
    for (const [i, vertex] of negativeIndices.entries()) {
      for (let axis = 0; axis < 3; axis++) {
        const mirrored = (axis === 0 ? -1 : 1) * unfolded[3 * positiveIndices[i] + axis];
        assertAlmostEquals(unfolded[3 * vertex + axis], mirrored, 1e-5);
      }
    }
  }
});
