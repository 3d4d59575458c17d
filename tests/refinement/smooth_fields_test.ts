import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { addSmoothField, addSmoothFieldBackward, smoothFields } from "../../lib/refinement/smooth_fields.ts";

const V3 = sphereTopology().vertices.length;
const normals = (count: number, name: string): Float64Array => {
  const prng = new Prng(1, "smooth fields", name);
  return Float64Array.from({ length: count }, () => prng.normal());
};
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

for (const symmetric of [true, false]) {
  Deno.test(`gradients of ${symmetric ? "symmetric" : "free"} smooth fields are those of their linear map`, () => {
    const fields = smoothFields({ symmetric });
    const coefficients = normals(fields.count, "coefficients"), gradient = normals(V3, "gradient");
    const field = new Float64Array(V3), back = new Float64Array(fields.count);
    addSmoothField(fields, coefficients, field);
    addSmoothFieldBackward(fields, gradient, back);
    const forward = dot(field, gradient);
    assertAlmostEquals(dot(coefficients, back), forward, 1e-9 * Math.abs(forward));
    back[7] *= 1.01; // a planted error shows
    assert(Math.abs(dot(coefficients, back) - forward) > 1e-9 * Math.abs(forward));
  });
}

Deno.test("symmetric fields mirror x and keep y and z, and leave the mirror plane where it is", () => {
  const fields = smoothFields(), field = new Float64Array(V3);
  addSmoothField(fields, normals(fields.count, "mirrored"), field);
  const { negativeIndices, positiveIndices, zeroIndices } = sphereTopology();
  negativeIndices.forEach((n, i) => {
    const p = positiveIndices[i];
    assertAlmostEquals(field[3 * n], -field[3 * p], 1e-12);
    assertAlmostEquals(field[3 * n + 1], field[3 * p + 1], 1e-12);
    assertAlmostEquals(field[3 * n + 2], field[3 * p + 2], 1e-12);
  });
  for (const vertex of zeroIndices) assertEquals(field[3 * vertex], 0);
});

Deno.test("symmetric fields have half the mean square of free ones, and change the less between neighbours the stiffer they are", () => {
  const roughness = [1, 10, 100].map((stiffness) => {
    const fields = smoothFields({ stiffness });
    let squares = 0, steps = 0;
    for (let draw = 0; draw < 8; draw++) {
      const field = new Float64Array(V3);
      addSmoothField(fields, normals(fields.count, `draw ${draw}`), field);
      squares += dot(field, field) / V3 / 8;
      const { faces } = sphereTopology();
      for (let k = 0; k < faces.length; k += 3) {
        for (let axis = 0; axis < 3; axis++) {
          steps += (field[3 * faces[k] + axis] - field[3 * faces[k + 1] + axis]) ** 2 / faces.length / 8;
        }
      }
    }
    assertAlmostEquals(squares, 0.5, 0.1);
    return steps / squares;
  });
  assert(roughness[0] > 2 * roughness[1] && roughness[1] > 2 * roughness[2]);
});
