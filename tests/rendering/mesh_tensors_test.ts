/** The tensor operations for any mesh: values and gradients are those of the array operations. */
import { assert, assertEquals } from "@std/assert";
import {
  type Scalar,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tf,
} from "../../lib/core/tensor.ts";
import { computeVertexNormals, computeVertexNormalsBackward } from "../../lib/mesh/vertex_normals.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import {
  interpolateMesh,
  interpolateMeshBackward,
  lookAtCamera,
  mipLevels,
  poseCamera,
  projectToScreen,
  projectToScreenBackward,
  rasterizeMesh,
  sampleUvTexture,
  sampleUvTextureBackward,
  softMask,
  stackCameras,
} from "../../lib/rendering/mod.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { interpolateAttributes } from "../reference/interpolate.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { gatherCorners } from "../../lib/rendering/separate_faces.ts";
import * as tensor from "../../lib/rendering/tensor/mod.ts";
import { largestDifference, largestOf, randomWeights } from "./scenes.ts";

const H = 12, W = 18, C = 3, h = 8, w = 16, B = 2;
const mesh = sphereTopology(), { faces, faceUvs } = mesh;
const vertices = Float32Array.from(mesh.vertices), uvs = Float32Array.from(mesh.uvs);
const V = vertices.length / 3, U = uvs.length / 2;
const cameras = [[3, -2, 1], [-2, -3, 0.5]].map((eye) =>
  lookAtCamera({ eye, target: [0.1, 0, 0] }, 0.7, { aspect: W / H })
);
const rows = cameras.map(({ projection, parameters }) => ({
  projection,
  parameters: Float32Array.from(parameters),
}));
const texels = Float32Array.from(randomWeights(1, h * w * C));
const random = (seed: number, length: number) => Float32Array.from(randomWeights(seed, length));

/** Gradients of Σ result·weights, and the result. */
function differentiate(op: (...inputs: Tensor[]) => Tensor, inputs: Tensor[], weights: Float32Array) {
  const { value, grads } = tf.valueAndGrads((...x) =>
    tf.sum(
      tf.mul(op(...x as Tensor[]), tf.reshape(tf.tensor1d(weights), op(...x as Tensor[]).shape)),
    ) as Scalar
  )(inputs);
  value.dispose();
  return grads.map((grad) => grad.dataSync<"float32">());
}

/** The same of all views, by the array operations. */
const views = rows.map((camera) => {
  const screen = projectToScreen(vertices, camera) as Float32Array;
  return { camera, screen, fragments: rasterizeMesh(screen, faces, { height: H, width: W }) };
});
const concat = (arrays: ArrayLike<number>[]) =>
  Float32Array.from(arrays.flatMap((array) => Array.from(array)));
const near = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  assert(largestOf(b) > 0);
  const difference = largestDifference(a, b);
  assert(difference <= 1e-5 * largestOf(b), `differ by ${difference} of ${largestOf(b)}`);
};

function inputs() {
  const points = tf.tensor2d(vertices, [V, 3]);
  const parameters = tf.tensor2d(stackCameras(cameras));
  const screen = tensor.project(points, parameters, "lookAt");
  const fragments = tensor.rasterize(screen, faces, { height: H, width: W });
  return { points, parameters, screen, fragments, uvTensor: tf.tensor2d(uvs, [U, 2]) };
}

Deno.test("cameras and fragments of tensors are those of arrays", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const { points, parameters, screen, fragments } = inputs();
    near(screen.dataSync(), concat(views.map((view) => view.screen)));
    const faceIndex = tf.slice(fragments, [0, 0, 0, 3], [-1, -1, -1, 1]).dataSync();
    assertEquals(Array.from(faceIndex), views.flatMap((view) => Array.from(view.fragments.faceIndex)));
    const weights = random(2, B * V * 4);
    const [ofPoints, ofCameras] = differentiate(
      (p, c) => tensor.project(p as Tensor2D, c as Tensor2D, "lookAt"),
      [points, parameters],
      weights,
    );
    const expected = new Float32Array(3 * V);
    const ofParameters = views.map(({ camera }, b) => {
      const gradient = new Float32Array(13);
      const part = weights.subarray(4 * V * b, 4 * V * (b + 1));
      projectToScreenBackward(vertices, camera, part, { vertices: expected, parameters: gradient });
      return gradient;
    });
    near(ofPoints, expected);
    near(ofCameras, concat(ofParameters));
  });
});

Deno.test("interpolation, texture and levels of tensors are those of arrays, with gradients", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const { screen, fragments, uvTensor } = inputs();
    const attribute = { values: uvs, indices: faceUvs, channels: 2 };
    const weights = random(3, B * H * W * 2);
    const images = views.map((view) => interpolateMesh(attribute, { ...view, faces }, view.fragments));
    near(tensor.interpolate(uvTensor, faceUvs, fragments, screen, faces).dataSync(), concat(images));
    const [ofUvs, ofScreen] = differentiate(
      (values, at) => tensor.interpolate(values as Tensor2D, faceUvs, fragments, at as Tensor3D, faces),
      [uvTensor, screen],
      weights,
    );
    const expected = new Float32Array(2 * U);
    const expectedScreen = views.map((view, b) => {
      const gradient = new Float32Array(4 * V), part = weights.subarray(2 * H * W * b, 2 * H * W * (b + 1));
      const of = { values: expected, screen: gradient };
      interpolateMeshBackward(attribute, { ...view, faces }, view.fragments, part, of);
      return gradient;
    });
    near(ofUvs, expected);
    near(ofScreen, concat(expectedScreen));

    const size = { height: h, width: w };
    const levels = views.map((view) => mipLevels(attribute, { ...view, faces }, view.fragments, size));
    const levelTensor = tensor.levelsOf(
      { values: uvTensor, indices: faceUvs },
      fragments,
      screen,
      faces,
      size,
    );
    near(levelTensor.dataSync(), concat(levels));
    const at = tf.tensor4d(concat(images), [B, H, W, 2]), texture = { data: texels, ...size, channels: C };
    const ofImage = random(4, B * H * W * C);
    for (const filter of ["nearest", "bilinear", "mip"] as const) {
      const options = { filter, levels: filter === "mip" ? levelTensor : null };
      const texelTensor = tf.tensor3d(texels, [h, w, C]);
      const found = tensor.texture(texelTensor, at, options).dataSync();
      const sampling = (b: number) => ({ filter, levels: filter === "mip" ? levels[b] : null });
      near(found, concat(images.map((image, b) => sampleUvTexture(texture, image, sampling(b)))));
      const [ofTexels, ofAt] = differentiate(
        (t, u) => tensor.texture(t as Tensor3D, u as Tensor4D, options),
        [texelTensor, at],
        ofImage,
      );
      const gradient = new Float32Array(h * w * C);
      const ofCoordinates = images.map((image, b) => {
        const of = { texture: gradient, uvs: new Float32Array(image.length) };
        const part = ofImage.subarray(H * W * C * b, H * W * C * (b + 1));
        sampleUvTextureBackward(texture, image, part, of, sampling(b));
        return of.uvs;
      });
      near(ofTexels, gradient);
      if (filter !== "nearest") near(ofAt, concat(ofCoordinates));
    }
  });
});

Deno.test("silhouettes, normals and depths of tensors are those of arrays, with gradients", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const { points, screen, fragments } = inputs();
    const options = { height: H, width: W, sharpness: 300, boxMargin: 0.2 }, weights = random(5, B * H * W);
    const [ofScreen] = differentiate(
      (at) => tensor.silhouette(at as Tensor3D, faces, options),
      [screen],
      weights,
    );
    const mask = softMask(faces, V, options), images: ArrayLike<number>[] = [];
    const expected = views.map((view, b) => {
      const gradient = new Float32Array(4 * V);
      images.push(mask.forward(view.screen));
      mask.backward(weights.subarray(H * W * b, H * W * (b + 1)), gradient);
      return gradient;
    });
    near(tensor.silhouette(screen, faces, options).dataSync(), concat(images));
    near(ofScreen, concat(expected));

    const normalWeights = random(6, 3 * V), gradient = new Float32Array(3 * V);
    computeVertexNormalsBackward(vertices, faces, normalWeights, gradient);
    const [ofPoints] = differentiate(
      (p) => tensor.vertexNormals(p as Tensor2D, faces),
      [points],
      normalWeights,
    );
    near(tensor.vertexNormals(points, faces).dataSync(), computeVertexNormals(vertices, faces));
    near(ofPoints, gradient);

    const depths = tensor.depth(fragments, screen, faces).dataSync();
    const covered = tensor.coverage(fragments).dataSync();
    assert(depths.every((value, o) => covered[o] ? value > 2 && value < 4.5 : value === 0));
    // Moving the mesh away by a little adds as much to the depth of what is seen.
    const [ofDepth] = differentiate(
      (at) => tensor.depth(fragments, at as Tensor3D, faces),
      [screen],
      weights,
    );
    const sumOfZ = ofDepth.reduce((sum, value, i) => i % 4 === 2 ? sum - value : sum, 0);
    assert(Math.abs(sumOfZ - weights.reduce((sum, value, o) => sum + value * covered[o], 0)) < 1e-3 * H * W);
  });
});

Deno.test("the operations leak no tensor, and wrong shapes are named", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const { points, parameters, screen, fragments, uvTensor } = inputs();
    const loss = (texels: Tensor3D) =>
      tf.sum(
        tensor.renderMesh({ vertices: points, texels, cameras: parameters }, mesh, {
          height: H,
          width: W,
          projection: "lookAt",
          filter: "mip",
        }).image,
      );
    tf.grad((x) => loss(x as Tensor3D))(tf.tensor3d(texels, [h, w, C]));
    assertThrowsWith(
      () => tensor.project(points, parameters, "pose"),
      TypeError,
      "cameras",
      "[B=2, 8]",
      "[2, 13]",
    );
    const one = tf.slice(screen, [0, 0, 0], [1, V, 4]) as Tensor3D;
    assertThrowsWith(
      () => tensor.interpolate(uvTensor, faceUvs, fragments, one, faces),
      TypeError,
      "screen",
      "[B=2, V, 4]",
      "[1, 962, 4]",
    );
  });
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a look-at camera is found again from silhouettes and depths", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const points = tf.mul(inputs().points, [0.5, 1, 0.8]) as Tensor2D, truth = rows[0].parameters;
    const size = { height: 24, width: 36 };
    const look = (parameters: Tensor2D) => {
      const screen = tensor.project(points, parameters, "lookAt");
      const fragments = tensor.rasterize(screen, faces, size);
      const mask = tensor.silhouette(screen, faces, { ...size, sharpness: 200, boxMargin: 0.3 });
      return tf.concat([mask, tf.mul(tensor.depth(fragments, screen, faces), 0.2)], 3);
    };
    const target = look(tf.tensor2d(truth, [1, 13])), lens = tf.tensor2d(truth.subarray(3), [1, 10]);
    const eye = tf.variable(tf.tensor2d([[truth[0] - 0.4, truth[1] + 0.3, truth[2] + 0.4]]));
    const error = () => Math.hypot(...eye.dataSync().map((value, k) => value - truth[k]));
    const before = error(), adam = tf.train.adam(0.03);
    for (let step = 0; step < 100; step++) {
      adam.minimize(() =>
        tf.sum(tf.squaredDifference(look(tf.concat([eye, lens], 1) as Tensor2D), target)).asScalar()
      );
    }
    assert(before > 0.6 && error() < 0.05, `the eye is off by ${error()}, ${before} before`);
  });
  tf.disposeVariables();
});

Deno.test("with the camera of a pose, coordinates are those that the sphere's renderer interpolates", () => {
  const pose = { rotation: [0.8, 0.2, -0.5, 0.1], scale: 0.7, translation: [0.1, 0], perspective: 1.5 };
  const screen = projectToScreen(vertices, poseCamera(pose));
  const fragments = rasterize(projectVertices(vertices, pose), faces, H, W);
  assertEquals(rasterizeMesh(screen, faces, { height: H, width: W }), fragments);
  const corners = { values: gatherCorners(uvs, faceUvs, 2), channels: 2 };
  const attribute = { values: uvs, indices: faceUvs, channels: 2 };
  const found = interpolateMesh(attribute, { screen, faces }, fragments);
  near(found, interpolateAttributes(corners, fragments));
});
