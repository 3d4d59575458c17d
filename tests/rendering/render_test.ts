import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Tensor3D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { render, type RenderOptions } from "../../lib/rendering/render.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { TextureRenderer } from "../../lib/rendering/texture_renderer.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { dentedSphere, largestDifference, largestOf, randomWeights } from "./scenes.ts";

const S = 24, B = 2, V = 962, H = 8, W = 16, C = 3;
const topology = sphereTopology();
const options: RenderOptions = { size: S };
const meshes = [dentedSphere(21), dentedSphere(22)].map(({ vertices }) => Float32Array.from(vertices));
const vertices = Float32Array.from(meshes.flatMap((mesh) => Array.from(mesh))); // [B, V, 3]
const texture = Float32Array.from(randomWeights(1, B * H * W * C)); // [B, H, W, C]
const imageWeights = Float32Array.from(randomWeights(2, B * S * S * C)); // [B, S, S, C]
const maskWeights = Float32Array.from(randomWeights(3, B * S * S)); // [B, S, S, 1]

const inputs = () => [tf.tensor3d(vertices, [B, V, 3]), tf.tensor4d(texture, [B, H, W, C])] as const;
const partOf = (values: Float32Array, b: number) =>
  values.subarray(b * values.length / B, (b + 1) * values.length / B);

/** Gradients of Σ image·weights + Σ silhouette·weights. */
function gradientsOf(options: RenderOptions): { vertices: Float32Array; texture: Float32Array } {
  return tf.tidy(() => {
    const loss = (v: Tensor3D, t: Tensor4D) => {
      const { image, silhouette } = render(v, t, topology, options);
      const ofImage = tf.sum(tf.mul(image, tf.tensor4d(imageWeights, [B, S, S, C])));
      return tf.add(ofImage, tf.sum(tf.mul(silhouette, tf.tensor4d(maskWeights, [B, S, S, 1]))));
    };
    const [v, t] = tf.grads(loss as Parameters<typeof tf.grads>[0])([...inputs()]);
    return { vertices: v.dataSync<"float32">(), texture: t.dataSync<"float32">() };
  });
}

Deno.test("tensors hold what the array renderers draw", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const { image, silhouette } = render(...inputs(), topology, options);
    assertEquals([image.shape, silhouette.shape], [[B, S, S, C], [B, S, S, 1]]);
    meshes.forEach((mesh, b) => {
      const textured = new TextureRenderer(topology, S, S, { height: H, width: W, channels: C });
      assertEquals(partOf(image.dataSync<"float32">(), b), textured.forward(mesh, partOf(texture, b)));
      const soft = new SoftSilhouette(topology.faces, V, S);
      soft.forward(mesh);
      assertEquals(partOf(silhouette.dataSync<"float32">(), b), soft.image());
    });
  });
});

Deno.test("gradients of tensors are those of the array renderers, and none flows to z", async () => {
  await tf.setBackend("cpu");
  const found = gradientsOf(options);
  meshes.forEach((mesh, b) => {
    const textured = new TextureRenderer(topology, S, S, { height: H, width: W, channels: C });
    textured.forward(mesh, partOf(texture, b));
    const soft = new SoftSilhouette(topology.faces, V, S);
    soft.forward(mesh);
    const flat = soft.backward(partOf(maskWeights, b)).slice(), gradient = new Float32Array(H * W * C);
    textured.backward(partOf(imageWeights, b), gradient, flat);
    assert(largestOf(gradient) > 0.1 && largestOf(flat) > 0.1);
    assertEquals(partOf(found.texture, b), gradient);
    const full = mesh.map((_, i) => i % 3 === 2 ? 0 : flat[2 * Math.floor(i / 3) + i % 3]);
    assertEquals(partOf(found.vertices, b), full);
  });
});

Deno.test("a batch gives the same to the bit again and one by one, and leaks no tensor", async () => {
  await tf.setBackend("cpu");
  const before = tf.memory().numTensors;
  const first = gradientsOf(options), second = gradientsOf(options);
  assertEquals(first, second);
  assertEquals(tf.memory().numTensors, before);
  tf.tidy(() => {
    const all = render(...inputs(), topology, options).image.dataSync<"float32">();
    meshes.forEach((mesh, b) => {
      const one = render(
        tf.tensor3d(mesh, [1, V, 3]),
        tf.tensor4d(partOf(texture, b), [1, H, W, C]),
        topology,
        options,
      );
      assertEquals(one.image.dataSync<"float32">(), partOf(all, b));
    });
  });
});

Deno.test("two renderings in one step keep their own memory", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const [v, t] = inputs();
    const sum = (v: Tensor3D, options: RenderOptions) => tf.sum(render(v, t, topology, options).silhouette);
    const once = tf.grad((v) => sum(v as Tensor3D, options))(v).dataSync();
    const shifted = tf.grad((v) => sum(tf.add(v, 0.1) as Tensor3D, options))(v).dataSync();
    const both = tf.grad((v) =>
      tf.add(sum(v as Tensor3D, options), sum(tf.add(v, 0.1) as Tensor3D, options))
    )(v);
    const expected = once.map((value, i) => value + shifted[i]);
    assert(largestDifference(both.dataSync(), expected) < 1e-5 * largestOf(expected));
  });
});

Deno.test("a hard mask is 0 or 1 and passes no gradient", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const { silhouette, image } = render(...inputs(), topology, { ...options, hardMask: true });
    const mask = silhouette.dataSync(), colors = image.dataSync();
    const soft = render(...inputs(), topology, options);
    assertEquals(soft.coverage.dataSync(), mask); // beside any silhouette
    assert(soft.silhouette.dataSync().some((value, o) => value > 0 && mask[o] === 0));
    assertEquals(new Set(mask), new Set([0, 1]));
    mask.forEach((value, o) =>
      assertEquals(colors.subarray(C * o, C * o + C).every((x) => x === 0), value === 0)
    );
    const [v, t] = inputs();
    const loss = (v: Tensor3D) => tf.sum(render(v, t, topology, { ...options, hardMask: true }).silhouette);
    assertEquals(largestOf(tf.grad(loss as (x: unknown) => ReturnType<typeof tf.sum>)(v).dataSync()), 0);
  });
});

Deno.test("the texture's gradient of the sum of an image counts the covered pixels", () => {
  const renderer = new TextureRenderer(topology, S, S, { height: H, width: W, channels: C });
  renderer.forward(meshes[0], partOf(texture, 0));
  const gradient = new Float64Array(H * W * C);
  renderer.backward(new Float32Array(S * S * C).fill(1), gradient, null);
  const covered = renderer.fragments.faceIndex.filter((face) => face >= 0).length;
  assert(covered > 100);
  assertAlmostEquals(gradient.reduce((sum, x) => sum + x, 0), covered * C, 1e-3);
});

Deno.test("a texture of one colour gives no gradient to the vertices", () => {
  const renderer = new TextureRenderer(topology, S, S, { height: H, width: W, channels: C });
  renderer.forward(meshes[0], new Float32Array(H * W * C).fill(0.7));
  const gradient = new Float32Array(2 * V);
  renderer.backward(partOf(imageWeights, 0), null, gradient);
  assert(largestOf(gradient) < 1e-4);
});

Deno.test("wrong shapes are named", () => {
  tf.tidy(() => {
    const [v, t] = inputs();
    const one = tf.slice(t, [0, 0, 0, 0], [1, H, W, C]) as Tensor4D;
    assertThrowsWith(
      () => render(v, one, topology, options),
      TypeError,
      "texture",
      "[B=2, h, w, C]",
      "[1, 8, 16, 3]",
    );
    assertThrowsWith(() => render(v, t, topology, { size: 0 }), RangeError, "0 × 0");
    const few = tf.slice(v, [0, 0, 0], [B, 4, 3]) as Tensor3D;
    assertThrowsWith(
      () => render(few, t, topology, options),
      TypeError,
      "vertices",
      "[B=2, 962, 3]",
      "[2, 4, 3]",
    );
  });
});
