/** Batches of several meshes: every operation gives each entry what it gives the mesh alone, with gradients. */
import { assert, assertEquals } from "@std/assert";
import {
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tf,
} from "../../lib/core/tensor.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { lookAtCamera, stackCameras } from "../../lib/rendering/mod.ts";
import * as tensor from "../../lib/rendering/tensor/mod.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { largestDifference, largestOf, randomWeights } from "./scenes.ts";

const sphere = sphereTopology();
/** A tetrahedron, with a UV map of its own. */
const tetrahedron = {
  vertices: Float64Array.of(-1, -0.8, -0.6, 1, -0.8, -0.6, 0, 1, -0.6, 0, 0, 1),
  faces: Int32Array.of(0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3),
  uvs: Float64Array.of(0.1, 0.1, 0.9, 0.2, 0.5, 0.9, 0.3, 0.5, 0.8, 0.8),
  faceUvs: Int32Array.of(0, 2, 1, 3, 1, 4, 1, 2, 3, 4, 0, 3),
};
const MESHES = [sphere, tetrahedron], V = sphere.vertices.length / 3, C = 3;
const cameras = [[3, -2, 1], [-1, -3, 0.5]].map((eye) => lookAtCamera({ eye, target: [0, 0, 0] }, 0.8));
/** Both meshes, filled up to one length. */
const positions = () => {
  const values = new Float32Array(2 * 3 * V);
  MESHES.forEach(({ vertices }, b) => values.set(vertices, 3 * V * b));
  return tf.tensor3d(values, [2, V, 3]);
};
const random = (seed: number, shape: number[]) =>
  tf.tensor(Float32Array.from(randomWeights(seed, shape.reduce((a, b) => a * b))), shape);

/** Result and gradients of Σ result · weights, one after another. */
function run(op: (...inputs: Tensor[]) => Tensor, inputs: Tensor[], seed: number, entry?: number): number[] {
  const value = op(...inputs), weights = random(seed, [2, ...value.shape.slice(1)]);
  const own = entry === undefined ? weights : tf.slice(weights, [entry], [1]);
  const loss = (...x: Tensor[]) => {
    const sums = x.map((input) => tf.mul(tf.sum(input), 0)); // some operations do not read every input
    return tf.addN([tf.sum(tf.mul(op(...x), own)), ...sums]) as Scalar;
  };
  const gradients = tf.grads((...x) => loss(...x as Tensor[]))(inputs);
  return [value, ...gradients].flatMap((tensor) => Array.from(tensor.dataSync()));
}

/** An operation on positions, colours and textures, for some meshes and cameras. */
type Op = (
  faces: tensor.BatchFaces,
  meshes: typeof MESHES,
  rows: Tensor2D,
  size: Size,
) => (...inputs: Tensor[]) => Tensor;

interface Size {
  readonly height: number;
  readonly width: number;
}

const OPS: Readonly<Record<string, Op>> = {
  project: (_faces, _meshes, rows) => (points) => tensor.project(points as Tensor3D, rows, "lookAt"),
  interpolate: (faces, _meshes, rows, size) => (points, colours) => {
    const screen = tensor.project(points as Tensor3D, rows, "lookAt");
    return tensor.interpolate(
      colours as Tensor3D,
      faces,
      tensor.rasterize(screen, faces, size),
      screen,
      faces,
    );
  },
  depth: (faces, _meshes, rows, size) => (points) => {
    const screen = tensor.project(points as Tensor3D, rows, "lookAt");
    return tensor.depth(tensor.rasterize(screen, faces, size), screen, faces);
  },
  silhouette: (faces, _meshes, rows, size) => (points) => {
    const options = { ...size, sharpness: 300, boxMargin: 0.2 };
    return tensor.silhouette(tensor.project(points as Tensor3D, rows, "lookAt"), faces, options);
  },
  antialias: (faces, _meshes, rows, size) => (points) => {
    const screen = tensor.project(points as Tensor3D, rows, "lookAt");
    const fragments = tensor.rasterize(screen, faces, size);
    return tensor.antialias(tensor.coverage(fragments), fragments, screen, faces);
  },
  vertexNormals: (faces) => (points) => tensor.vertexNormals(points as Tensor3D, faces),
  colours: (_faces, meshes, cameras, size) => (points, colours) =>
    tensor.renderMesh({ vertices: points as Tensor3D, colours: colours as Tensor3D, cameras }, meshes, {
      ...{ ...size, projection: "lookAt" },
      antialias: true,
    }).image,
  ...Object.fromEntries(
    (["nearest", "bilinear", "mip"] as const).flatMap((filter) =>
      [false, true].map((antialias) => [
        `texture, ${filter}${antialias ? ", antialias" : ""}`,
        ((_faces, meshes, cameras, size) => (points, _colours, texels) =>
          tensor.renderMesh({ vertices: points as Tensor3D, texels: texels as Tensor4D, cameras }, meshes, {
            ...{ ...size, projection: "lookAt", filter, antialias },
          }).image) as Op,
      ])
    ),
  ),
};

for (const [name, op] of Object.entries(OPS)) {
  Deno.test(`two meshes in a batch: ${name}`, async () => {
    await tf.setBackend("cpu");
    tf.tidy(() => {
      for (const size of [{ height: 11, width: 17 }, { height: 17, width: 11 }]) {
        const inputs = [positions(), random(1, [2, V, C]), random(2, [2, 8, 16, C])];
        const rows = tf.tensor2d(stackCameras(cameras));
        const together = run(op(MESHES.map(({ faces }) => faces), MESHES, rows, size), inputs, 3);
        const alone = MESHES.map((mesh, b) =>
          run(
            op(mesh.faces, [mesh], tf.slice(rows, [b, 0], [1, -1]) as Tensor2D, size),
            inputs.map((input) => tf.slice(input, [b], [1])),
            3,
            b,
          )
        );
        // Results and gradients of both entries follow one another, input by input.
        assert(largestOf(together) > 0.1 && together.length === alone[0].length + alone[1].length);
        const counts = [together.length / 2 - inputs.reduce((sum, { size }) => sum + size / 2, 0)];
        const lengths = [...counts, ...inputs.map(({ size }) => size / 2)];
        let from = 0;
        for (const length of lengths) {
          const both = alone.flatMap((values) => values.slice(from, from + length));
          const found = together.slice(2 * from, 2 * (from + length));
          assert(largestDifference(found, both) <= 1e-6 * Math.max(1, largestOf(both)), name);
          from += length;
        }
      }
    });
  });
}

Deno.test("the contour of an image has a gradient with antialias, and masks are its coverages", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const rows = tf.tensor2d(stackCameras(cameras.slice(0, 1))),
      points = tf.tensor2d(Array.from(sphere.vertices), [V, 3]);
    const render = (vertices: Tensor2D, antialias: boolean) =>
      tensor.renderMesh({ vertices, colours: tf.ones([V, 1]) as Tensor2D, cameras: rows }, sphere, {
        ...{ height: 24, width: 24, projection: "lookAt", antialias },
      });
    const area = (antialias: boolean) => (grown: Tensor) =>
      tf.sum(render(tf.mul(points, grown) as Tensor2D, antialias).image) as Scalar;
    const growth = (antialias: boolean) => tf.grad(area(antialias))(tf.scalar(1)).dataSync()[0];
    const [larger, smaller] = [1.02, 0.98].map((factor) => area(true)(tf.scalar(factor)).dataSync()[0]);
    assert(Math.abs(growth(false)) < 1e-3, "the colour is the same everywhere");
    const expected = (larger - smaller) / 0.04;
    assert(Math.abs(growth(true) - expected) < 0.1 * expected, `${growth(true)}, ${expected} by differences`);
    const { image, mask } = render(points, true);
    assert(largestDifference(image.dataSync(), mask.dataSync()) < 1e-6);
    assert(mask.dataSync().some((value) => value > 0.05 && value < 0.95));
  });
});

Deno.test("a batch of meshes names what is missing", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const cameraRows = tf.tensor2d(stackCameras(cameras)), vertices = positions();
    const options = { height: 4, width: 6, projection: "lookAt" } as const;
    const texels = random(2, [8, 16, C]) as Tensor3D, colours = random(1, [2, V, C]) as Tensor3D;
    const all = { vertices, cameras: cameraRows };
    assertThrowsWith(() => tensor.renderMesh(all, MESHES, options), TypeError, "texels", "colours", "none");
    assertThrowsWith(
      () => tensor.renderMesh({ ...all, texels, colours }, MESHES, options),
      TypeError,
      "texels",
      "colours",
      "both",
    );
    const three = [...MESHES, sphere];
    assertThrowsWith(() => tensor.renderMesh({ ...all, texels }, three, options), TypeError, 2);
    const bare = MESHES.map(({ faces }) => ({ faces }));
    assertThrowsWith(
      () => tensor.renderMesh({ ...all, texels }, bare, options),
      TypeError,
      "topology",
      "uvs",
      "faceUvs",
    );
    const screen = tensor.project(vertices, cameraRows, "lookAt");
    assertThrowsWith(() => tensor.rasterize(screen, [sphere.faces], options), TypeError, 2);
    assertEquals(tensor.renderMesh({ ...all, colours }, bare, options).image.shape, [2, 4, 6, C]);
  });
});
