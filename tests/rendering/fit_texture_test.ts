/** A texture fitted to images of a UV-mapped mesh, judged on views that it was not fitted to. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Tensor3D, type Tensor4D, tf, type Variable } from "../../lib/core/tensor.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { readObj } from "../../lib/io/obj.ts";
import type { Mesh } from "../../lib/mesh/mesh.ts";
import { type Camera, stackCameras } from "../../lib/rendering/mod.ts";
import * as tensor from "../../lib/rendering/tensor/mod.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { type Model, RENDERS, sampleModels } from "./render_models.ts";
import { randomWeights } from "./scenes.ts";
import { around, box } from "./views_around.ts";

interface Size {
  readonly height: number;
  readonly width: number;
}

/** What cameras see of a mesh's UV map, as a function of the texture. */
function viewsOf(
  { vertices, faces, uvs, faceUvs }: Mesh,
  cameras: readonly Camera[],
  size: Size,
  texture: Size,
) {
  const points = tf.tensor2d(Float32Array.from(vertices), [vertices.length / 3, 3]);
  const map = { values: tf.tensor2d(Float32Array.from(uvs), [uvs.length / 2, 2]), indices: faceUvs };
  const screen = tensor.project(points, tf.tensor2d(stackCameras(cameras)), cameras[0].projection);
  const fragments = tensor.rasterize(screen, faces, { ...size, cull: "none" });
  const at = tensor.interpolate(map.values, faceUvs, fragments, screen, faces);
  const levels = tensor.levelsOf(map, fragments, screen, faces, texture);
  const mask = tensor.coverage(fragments);
  const draw = (texels: Tensor3D) => tensor.texture(texels, at, { filter: "mip", levels, fragments });
  return { draw, mask };
}

type Views = ReturnType<typeof viewsOf>;

/** Peak signal-to-noise ratio over the masked pixels, dB. */
function psnr(views: Views, texels: Tensor3D, images: Tensor4D): number {
  return tf.tidy(() => {
    const difference = tf.squaredDifference(views.draw(texels), tf.mul(images, views.mask));
    const values = tf.mul(tf.sum(views.mask), texels.shape[2]);
    return -10 * Math.log10(tf.div(tf.sum(difference), values).dataSync()[0]);
  });
}

/** Fits from grey by Adam. */
function fit(views: Views, images: Tensor4D, shape: [number, number, number], steps: number): Tensor3D {
  const texels = tf.variable(tf.fill(shape, 0.5)) as Tensor3D & Variable, adam = tf.train.adam(0.05);
  const seen = tf.mul(images, views.mask);
  for (let step = 0; step < steps; step++) {
    adam.minimize(() => tf.sum(tf.squaredDifference(views.draw(texels), seen)).asScalar());
  }
  return texels;
}

Deno.test("a texture is fitted to 24 views of a box, in images wider than high", async () => {
  await tf.setBackend("cpu");
  const texture = { height: 16, width: 24 }, size = { height: 24, width: 36 };
  tf.tidy(() => {
    const truth = tf.tensor3d(Float32Array.from(randomWeights(3, 1152), (value) => 0.5 + 0.4 * value), [
      16,
      24,
      3,
    ]);
    const views = viewsOf(box(), around(24, 0, 1.5, [-3, 0, 3]), size, texture);
    const unseen = viewsOf(box(), around(6, 0.4, 1.5, [-2, 1, 3]), size, texture);
    const before = psnr(unseen, tf.fill([16, 24, 3], 0.5), unseen.draw(truth));
    const texels = fit(views, views.draw(truth), [16, 24, 3], 60);
    const after = psnr(unseen, texels, unseen.draw(truth));
    console.log(`box: ${after.toFixed(1)} dB on held-out views, grey ${before.toFixed(1)} dB`);
    assert(before < 20 && after >= 28, `grey ${before} dB, fitted ${after} dB`);
  });
  tf.disposeVariables();
});

async function checkModel({ folder, id, views }: Model): Promise<void> {
  await tf.setBackend("cpu");
  const file = (name: string) => join(folder, "models", id, name);
  const mesh = readObj(await Deno.readTextFile(file("model.obj")));
  const { data, height, width, channels } = await readImage(file("tex0.jpg"));
  const masks = await Promise.all(views.map(({ stem }) => readImage(join(folder, "masks", `${stem}.png`))));
  const photos = await Promise.all(views.map(({ stem }) => readImage(join(folder, "images", `${stem}.jpg`))));
  const cameras = views.map(({ camera }) => camera), S = 160, B = views.length;
  const shape: [number, number, number] = [height, width, channels];
  const shrink = (image: (typeof photos)[number]) =>
    tf.avgPool(
      tf.tensor3d(Float32Array.from(image.data), [image.height, image.width, image.channels]),
      2,
      2,
      "valid",
    ) as Tensor3D;
  tf.tidy(() => {
    const truth = tf.tensor3d(Float32Array.from(data), shape), size = { height: S, width: S };
    const seen = viewsOf(mesh, cameras, size, { height, width });
    // The cameras are those of the images: what we cover is what their masks cover.
    const covered = seen.mask.dataSync();
    const mask = tf.stack(masks.map(shrink)).dataSync().filter((_, i) => i % masks[0].channels === 0);
    let both = 0, either = 0;
    covered.forEach((value, o) => {
      both += Number(value === 1 && mask[o] >= 0.5);
      either += Number(value === 1 || mask[o] >= 0.5);
    });
    assertEquals(seen.mask.shape, [B, S, S, 1]);
    const unseen = viewsOf(mesh, around(6, 0.4, 1, [0.3, 1, 1.6]), size, { height, width });
    const grey = tf.fill(shape, 0.5) as Tensor3D, target = unseen.draw(truth);
    const texels = fit(seen, seen.draw(truth), shape, 40);
    const after = psnr(unseen, texels, target);
    console.log(
      `${id}: ${after.toFixed(1)} dB on held-out views (grey ${psnr(unseen, grey, target).toFixed(1)}), ` +
        `mask IoU ${(both / either).toFixed(4)}`,
    );
    assert(both / either > 0.97, `masks have an IoU of ${both / either}`);
    assert(after >= 28, `${after} dB on held-out views`);
  });
  tf.disposeVariables();
}

const models = sampleModels();
const missing = models.length > 0 ? null : `no model with 24 views in ${RENDERS} (TEXMESH_DATA)`;
slowTest("renders: textures are fitted to the views of models", async (test) => {
  for (const model of models) await test.step(model.id, () => checkModel(model));
}, missing);
