/** Smooth parameters of vertices: the linear system, its gradient, on arrays and tensors. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { choleskyFactor, solveCholesky } from "../../lib/core/cholesky.ts";
import { type Tensor2D, tf } from "../../lib/core/tensor.ts";
import { SmoothSteps } from "../../lib/mesh/smooth_steps.ts";
import { smoothVertices } from "../../lib/rendering/tensor/smooth_vertices.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import { dotOf, largestOf, randomWeights } from "../rendering/scenes.ts";

/** An octahedron: every vertex has four neighbours. */
const faces = Int32Array.of(0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5), V = 6;
const steps = new SmoothSteps(faces, V, 2.5);

Deno.test("smooth parameters are I + λ L, and vertices are found from them again", () => {
  const opposite = [1, 0, 3, 2, 5, 4], matrix = new Float64Array(V * V).fill(-2.5); // [V, V]
  for (let v = 0; v < V; v++) matrix[V * v + v] = 11, matrix[V * v + opposite[v]] = 0;
  const factor = choleskyFactor(matrix, V), vertices = randomWeights(1, 3 * V);
  const parameters = steps.parametersOf(vertices), again = steps.verticesOf(parameters);
  for (let axis = 0; axis < 3; axis++) {
    const column = (values: Float64Array) => values.filter((_, i) => i % 3 === axis);
    const expected = solveCholesky(factor, column(parameters));
    expected.forEach((value, v) => assertAlmostEquals(again[3 * v + axis], value, 1e-9));
  }
  vertices.forEach((value, i) => assertAlmostEquals(again[i], value, 1e-9));
});

Deno.test("what all vertices share stays as it is, what one has alone spreads to its neighbours", () => {
  const moved = Float64Array.from({ length: 3 * V }, (_, i) => [0.3, -2, 5][i % 3]);
  steps.verticesOf(moved).forEach((value, i) => assertAlmostEquals(value, moved[i], 1e-9));
  const alone = new Float64Array(3 * V);
  alone[0] = 1;
  const spread = steps.verticesOf(alone), [own, opposite, beside] = [spread[0], spread[3], spread[6]];
  assert(own < 0.5 && own > beside && beside > opposite && opposite > 0.05, `${own}, ${beside}, ${opposite}`);
  assertAlmostEquals(spread.reduce((a, b) => a + b), 1, 1e-9);
  assertEquals(new SmoothSteps(faces, V, 0).verticesOf(alone), alone);
});

Deno.test("the gradient of smooth parameters, on arrays and tensors", async () => {
  const weights = randomWeights(2, 3 * V), parameters = randomWeights(3, 3 * V);
  const gradient = steps.verticesOf(weights);
  checkGradient((moved) => dotOf(weights, steps.verticesOf(moved)), parameters, gradient, { stride: 3 });
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const u = tf.tensor2d(Float32Array.from(parameters), [V, 3]),
      w = tf.tensor2d(Float32Array.from(weights), [V, 3]);
    const loss = (values: Tensor2D) => tf.sum(tf.mul(w, smoothVertices(values, steps))).asScalar();
    const found = tf.grad((values) => loss(values as Tensor2D))(u).dataSync();
    gradient.forEach((value, i) => assertAlmostEquals(found[i], value, 1e-6 * largestOf(gradient)));
    const expected = steps.verticesOf(parameters);
    smoothVertices(u, steps).dataSync().forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-6));
    assertThrowsWith(() => smoothVertices(tf.zeros([V + 1, 3]), steps), TypeError, "vertices", "[6, 3]");
  });
});

Deno.test("smooth steps name what is wrong", () => {
  assertThrowsWith(() => new SmoothSteps(faces, V, -1), RangeError, "smoothness", -1);
  assertThrowsWith(() => new SmoothSteps(faces, V - 1, 1), RangeError, "face 4");
  assertThrowsWith(() => steps.parametersOf(new Float64Array(15)), TypeError, "vertices", "[6, 3]");
});
