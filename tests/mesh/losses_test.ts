import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor3D, tf } from "../../lib/core/tensor.ts";
import { computeFaceNormals, computeFaceNormalsBackward } from "../../lib/mesh/face_normals.ts";
import { normalConsistencyLoss } from "../../lib/mesh/normal_consistency_loss.ts";
import { normalConsistencyLossTensor } from "../../lib/mesh/normal_consistency_loss_tensor.ts";
import { laplacianLoss } from "../../lib/mesh/laplacian_loss.ts";
import { edgeLengthLoss } from "../../lib/mesh/edge_length_loss.ts";
import type { MeshLossOptions } from "../../lib/mesh/loss_options.ts";
import { type SphereTopology, sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { symmetryLoss } from "../../lib/mesh/symmetry_loss.ts";
import { symmetriseVertices, symmetriseVerticesBackward } from "../../lib/mesh/symmetrise_vertices.ts";
import { computeVertexNormals } from "../../lib/mesh/vertex_normals.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { checkGradient, weightedSum } from "../helpers/check_gradient.ts";

const topology = sphereTopology();

function noisySphere(amount = 0.05, seed = 1): Float64Array {
  const prng = new Prng(seed, "noise");
  return topology.vertices.map((x) => x + amount * prng.normal());
}

Deno.test("normal consistency loss: 0.1630 on the unit sphere, whatever its place and size", () => {
  const moved = topology.vertices.map((x, i) => 3 * x + [1, -2, 0.5][i % 3]);
  assertAlmostEquals(normalConsistencyLoss(topology.vertices, topology), 0.1630, 1e-4);
  assertAlmostEquals(
    normalConsistencyLoss(moved, topology),
    normalConsistencyLoss(topology.vertices, topology),
    1e-9,
  );
});

Deno.test("Laplacian loss: 0.0766 on the unit sphere, 0 for a point", () => {
  assertAlmostEquals(laplacianLoss(topology.vertices, topology), 0.0766, 1e-4);
  assertAlmostEquals(laplacianLoss(new Float64Array(962 * 3).fill(0.7), topology), 0, 1e-20);
});

Deno.test("edge length loss: 0 for a point, proportional to size", () => {
  assertEquals(edgeLengthLoss(new Float64Array(962 * 3).fill(0.7), topology), 0);
  const doubled = topology.vertices.map((x) => 2 * x);
  assertAlmostEquals(
    edgeLengthLoss(doubled, topology),
    2 * edgeLengthLoss(topology.vertices, topology),
    1e-12,
  );
});

Deno.test("symmetry loss: mean depth beyond the mirror plane", () => {
  assertEquals(symmetryLoss(topology.vertices, topology), 0);
  const crossed = topology.vertices.slice();
  crossed[3 * topology.positiveIndices[7]] = -0.9;
  assertAlmostEquals(symmetryLoss(crossed, topology), 0.9 / 450, 1e-12);
});

type Loss = (vertices: Float64Array, topology: SphereTopology, options?: MeshLossOptions) => number;
for (const loss of [normalConsistencyLoss, laplacianLoss, edgeLengthLoss, symmetryLoss] as Loss[]) {
  Deno.test(`${loss.name}: the gradient is that of the values and is added with its weight`, () => {
    const vertices = noisySphere(loss === symmetryLoss ? 0.5 : 0.05);
    const gradient = new Float64Array(962 * 3);
    const value = loss(vertices, topology, { gradient });
    assertAlmostEquals(value, loss(vertices, topology), 1e-12);
    checkGradient((at) => loss(at, topology), vertices, gradient);
    const twice = gradient.slice();
    loss(vertices, topology, { gradient: twice, weight: 0.5 });
    assertAllClose(twice, gradient.map((g) => 1.5 * g), { absolute: 1e-12 });
  });
}

Deno.test("face normals: unit length, outward, 0 without area, gradients as the values", () => {
  const { faces } = topology;
  const normals = computeFaceNormals(topology.vertices, faces);
  for (let f = 0; f < 1920; f++) {
    const [a, b, c] = faces.subarray(3 * f, 3 * f + 3);
    let outward = 0;
    for (let axis = 0; axis < 3; axis++) {
      const middle = topology.vertices[3 * a + axis] + topology.vertices[3 * b + axis] +
        topology.vertices[3 * c + axis];
      outward += normals[3 * f + axis] * middle / 3;
    }
    assert(outward > 0.98);
    assertAlmostEquals(Math.hypot(...normals.subarray(3 * f, 3 * f + 3)), 1, 1e-12);
  }
  const flatTriangle = Float64Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2);
  assertEquals(Array.from(computeFaceNormals(flatTriangle, Int32Array.of(0, 1, 2)), Math.abs), [0, 0, 0]);

  const vertices = noisySphere();
  const weights = Float64Array.from(new Prng(4, "weights").normals(1920 * 3));
  checkGradient(
    (at) => weightedSum(computeFaceNormals(at, faces), weights),
    vertices,
    computeFaceNormalsBackward(vertices, faces, weights),
  );
});

Deno.test("vertex normals: those of a sphere are its vertices", () => {
  const normals = computeVertexNormals(topology.vertices, topology.faces);
  assertAllClose(normals, topology.vertices, { absolute: 0.06 });
  assertEquals(Array.from(computeVertexNormals(new Float64Array(3), new Int32Array(0))), [0, 0, 0]);
});

Deno.test("normal consistency loss tensor: value and gradient are those of the typed arrays", async () => {
  await tf.setBackend("cpu");
  const tensorsBefore = tf.memory().numTensors;
  const meshes = [noisySphere(0.003, 1), noisySphere(0.003, 2)];
  const vertices = tf.tensor3d([...meshes[0], ...meshes[1]], [2, 962, 3]);
  const { value, grad } = tf.valueAndGrad((x) => normalConsistencyLossTensor(x as Tensor3D, topology))(
    vertices,
  );
  let expected = 0;
  for (const [b, mesh] of meshes.entries()) {
    const gradient = new Float64Array(962 * 3);
    expected += normalConsistencyLoss(mesh, topology, { gradient, weight: 1 / 2 }) / 2;
    const size = Math.max(...gradient.map(Math.abs));
    const ours = grad.dataSync().subarray(b * 962 * 3, (b + 1) * 962 * 3);
    assertAllClose(ours, gradient, { absolute: 1e-4 * size });
  }
  assertAlmostEquals(value.dataSync()[0], expected, 1e-5 * expected);
  tf.dispose([vertices, value, grad]);
  assertEquals(tf.memory().numTensors, tensorsBefore);
});

Deno.test("normal consistency loss tensor: faces without area leave value and gradient finite", async () => {
  await tf.setBackend("cpu");
  const vertices = tf.zeros<tf.Rank.R3>([1, 962, 3]);
  const gradient = tf.grad((x) => normalConsistencyLossTensor(x as Tensor3D, topology))(vertices);
  assert(gradient.dataSync().every(Number.isFinite));
  tf.dispose([vertices, gradient]);
});

Deno.test("symmetrise vertices: symmetric, on the right sides, and nothing changes a second time", () => {
  const noisy = noisySphere(0.3);
  const symmetric = symmetriseVertices(noisy, topology);
  topology.negativeIndices.forEach((negative, i) => {
    const positive = topology.positiveIndices[i];
    assert(symmetric[3 * positive] >= 0);
    assertEquals(symmetric[3 * negative], -symmetric[3 * positive]);
    assertEquals(symmetric[3 * negative + 1], symmetric[3 * positive + 1]);
  });
  for (const i of topology.zeroIndices) assertEquals(symmetric[3 * i], 0);
  assertAllClose(symmetriseVertices(symmetric, topology), symmetric, { absolute: 1e-12 });
  const inPlace = noisy.slice();
  symmetriseVertices(inPlace, topology, inPlace);
  assertEquals(inPlace, symmetric);
});

Deno.test("symmetrise vertices: the gradient is that of the values", () => {
  const noisy = noisySphere(0.3);
  const weights = Float64Array.from(new Prng(5, "weights").normals(962 * 3));
  checkGradient(
    (at) => weightedSum(symmetriseVertices(at, topology), weights),
    noisy,
    symmetriseVerticesBackward(noisy, topology, weights),
  );
});
