import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findFaceNeighbours } from "../../lib/mesh/face_neighbours.ts";
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import { polygonize } from "../../lib/templates/polygonize.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const BALL: ParametricShape = {
  category: "ball",
  partNames: ["body"],
  distance: (x, y, z) => Math.sqrt(x * x + y * y + z * z) - 0.8,
  partAt: () => 0,
  density: () => 1,
  pins: [],
  low: [-1, -1, -1],
  high: [1, 1, 1],
};

Deno.test("polygonize makes a closed surface of a ball, wound outwards", () => {
  const { vertices, faces } = polygonize(BALL, 0.1);
  const V = vertices.length / 3, F = faces.length / 3;
  assertEquals(V - F / 2, 2); // Euler characteristic of a closed surface of triangles: V − E + F with E = 3F/2
  findFaceNeighbours(faces); // throws unless every edge has two faces
  let volume = 0;
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => vertices.subarray(3 * faces[f + k], 3 * faces[f + k] + 3));
    volume += (a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
      a[2] * (b[0] * c[1] - b[1] * c[0])) / 6;
  }
  assertAlmostEquals(volume, 4 / 3 * Math.PI * 0.8 ** 3, 0.03);
  for (let i = 0; i < vertices.length; i += 3) {
    assert(Math.abs(BALL.distance(vertices[i], vertices[i + 1], vertices[i + 2])) < 1e-6);
  }
});

Deno.test("polygonize refuses a cell size of 0", () => {
  assertThrowsWith(() => polygonize(BALL, 0), RangeError, "cellSize", 0);
});
