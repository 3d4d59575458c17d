import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { displacementSampling } from "../../lib/mesh/displacement_sampling.ts";
import { displaceVertices, displaceVerticesBackward } from "../../lib/mesh/displace_vertices.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { VertexDisplacer } from "../../lib/mesh/vertex_displacer.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient, weightedSum } from "../helpers/check_gradient.ts";

const topology = sphereTopology();

function randomMap(height: number, width: number, seed = 1): Float64Array {
  const prng = new Prng(seed, "map");
  return Float64Array.from({ length: height * width * 3 }, () => 0.1 * prng.normal());
}

Deno.test("displace vertices: a map of zeros gives the sphere", () => {
  for (const symmetric of [true, false]) {
    const vertices = displaceVertices(topology, new Float64Array(32 * 32 * 3), 32, 32, { symmetric });
    assertEquals(vertices, topology.vertices);
  }
});

Deno.test("displace vertices: a constant normal displacement scales the sphere", () => {
  const map = Float64Array.from({ length: 20 * 40 * 3 }, (_, i) => i % 3 === 0 ? 0.25 : 0);
  const vertices = displaceVertices(topology, map, 20, 40);
  const expected = topology.vertices.map((x, i) => x * (1 + 0.25 * topology.symmetryMask[i]));
  assertAllClose(vertices, expected, { absolute: 1e-9 });
});

Deno.test("displace vertices: the result is symmetric and the mirror plane stays", () => {
  const vertices = displaceVertices(topology, randomMap(32, 64), 32, 64);
  topology.negativeIndices.forEach((negative, i) => {
    const positive = topology.positiveIndices[i];
    assertEquals(vertices[3 * negative], -vertices[3 * positive]);
    assertEquals(vertices[3 * negative + 1], vertices[3 * positive + 1]);
    assertEquals(vertices[3 * negative + 2], vertices[3 * positive + 2]);
  });
  for (const i of topology.zeroIndices) assertEquals(vertices[3 * i], topology.vertices[3 * i]);
});

Deno.test("displace vertices: ring vertex (k, j) moves by the mean of columns k − 1 and k in row 31 − j", () => {
  const map = randomMap(32, 32);
  const vertices = displaceVertices(topology, map, 32, 32);
  for (let ring = 1; ring <= 30; ring++) {
    for (let column = 9; column < 24; column++) { // x > 0
      const i = topology.gridVertexIndex[(ring - 1) * 33 + column];
      for (let channel = 0; channel < 3; channel++) {
        const direction = topology.tangentFrames.subarray(9 * i + 3 * channel, 9 * i + 3 * channel + 3);
        const moved = direction.reduce(
          (sum, d, axis) => sum + d * (vertices[3 * i + axis] - topology.vertices[3 * i + axis]),
          0,
        );
        const at = ((31 - ring) * 32 + column) * 3 + channel;
        assertAlmostEquals(moved, (map[at - 3] + map[at]) / 2, 1e-9);
      }
    }
  }
});

Deno.test("displace vertices: without symmetry a vertex reads column k, around the circle too", () => {
  const map = randomMap(32, 32);
  const vertices = displaceVertices(topology, map, 32, 32, { symmetric: false });
  for (const column of [0, 5, 31]) {
    const i = topology.gridVertexIndex[10 * 33 + column];
    const normal = topology.tangentFrames.subarray(9 * i, 9 * i + 3);
    const moved = normal.reduce((sum, d, axis) => sum + d * (vertices[3 * i + axis] - d), 0);
    assertAlmostEquals(moved, map[((31 - 11) * 32 + column) * 3], 1e-9);
  }
});

Deno.test("displace vertices: the gradient is that of the values", () => {
  for (const symmetric of [true, false]) {
    const [height, width] = [16, 24];
    const prng = new Prng(2, "weights");
    const weights = Float64Array.from({ length: 962 * 3 }, () => prng.normal());
    const gradient = displaceVerticesBackward(topology, weights, height, width, { symmetric });
    const value = (map: Float64Array) =>
      weightedSum(displaceVertices(topology, map, height, width, { symmetric }), weights);
    checkGradient(value, randomMap(height, width), gradient);
  }
});

Deno.test("displace vertices: a map of another size is refused", () => {
  assertThrowsWith(
    () => displaceVertices(topology, new Float64Array(10), 2, 2),
    TypeError,
    "displacementMap",
    "[2, 2, 3]",
    10,
  );
});

Deno.test("displacement sampling: weights sum to one and are kept for the next call", () => {
  const sampling = displacementSampling(topology, 7, 10, true);
  for (let i = 0; i < 962; i++) {
    const weights = sampling.weights.subarray(4 * i, 4 * i + 4);
    assertAlmostEquals(weights.reduce((sum, weight) => sum + weight, 0), 1, 1e-12);
  }
  assert(displacementSampling(topology, 7, 10, true) === sampling);
});

Deno.test("vertex displacer: values and gradients are those of the typed arrays", async () => {
  await tf.setBackend("cpu");
  for (const symmetric of [true, false]) {
    const tensorsBefore = tf.memory().numTensors;
    const displacer = new VertexDisplacer(topology, 16, 32, symmetric);
    const maps = [randomMap(16, 32, 1), randomMap(16, 32, 2)];
    const input = tf.tensor4d([...maps[0], ...maps[1]], [2, 16, 32, 3]);
    const prng = new Prng(3, "weights");
    const weights = prng.normals(2 * 962 * 3);
    const weightsTensor = tf.tensor3d(weights, [2, 962, 3]);
    const output = displacer.displace(input);
    const gradient = tf.grad((x) => displacer.displace(x as Tensor4D).mul(weightsTensor).sum())(input);
    for (const [b, map] of maps.entries()) {
      const expected = displaceVertices(topology, map, 16, 32, { symmetric });
      const values = output.dataSync().subarray(b * 962 * 3, (b + 1) * 962 * 3);
      assertAllClose(values, expected, { absolute: 1e-6 });
      const weightsHere = Float64Array.from(weights.subarray(b * 962 * 3, (b + 1) * 962 * 3));
      const backward = displaceVerticesBackward(topology, weightsHere, 16, 32, { symmetric });
      const size = 16 * 32 * 3;
      assertAllClose(gradient.dataSync().subarray(b * size, (b + 1) * size), backward, { absolute: 1e-4 });
    }
    displacer.dispose();
    tf.dispose([input, weightsTensor, output, gradient]);
    assertEquals(tf.memory().numTensors, tensorsBefore);
  }
});

Deno.test("vertex displacer: maps of another size are refused", async () => {
  await tf.setBackend("cpu");
  const displacer = new VertexDisplacer(topology, 8, 8);
  const map = tf.zeros<tf.Rank.R4>([1, 4, 8, 3]);
  assertThrowsWith(() => displacer.displace(map), TypeError, "map", "[B=1, 8, 8, 3]", "[1, 4, 8, 3]");
  displacer.dispose();
  map.dispose();
});
