import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { tf } from "../../lib/core/tensor.ts";
import { coarsen } from "../../lib/metrics/coarse_features.ts";
import { loadFeaturePyramid } from "../../lib/metrics/feature_pyramid.ts";
import { imagePair, measureObject, measureObjects } from "../../lib/metrics/object_figures.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";

const { dataset, texture } = makeToyInputs(2);
const object = {
  vertices: sphereTopology().vertices.map((value, i) => value * [0.5, 1, 0.6][i % 3]),
  texture: networkTexture(),
};

/** The toy's texture as networks have them, square and in [−1, 1], `[32, 32, 3]`. */
function networkTexture(): FloatImage {
  const square = floatImage(32, 32, 3);
  square.data.forEach((_, k, data) => data[k] = 2 * texture.data[Math.floor(k / 192) * 96 + k % 96] - 1);
  return square;
}

Deno.test("the object of a photograph has nearly perfect figures, a moved, larger or recoloured one has not", async () => {
  const observed = await dataset.sample(0, 256), { truePose } = await dataset.sample(0, 8), pose = truePose!;
  const perfect = await measureObject(object, pose, observed);
  assert(perfect.iou > 0.995 && perfect.psnr! > 30 && perfect.ssim! > 0.95, JSON.stringify(perfect));
  assertEquals(perfect.lp, null);

  const larger = { ...pose, scale: 1.1 * pose.scale };
  const moved = { ...pose, translation: [pose.translation[0] + 0.1, pose.translation[1]] };
  const grey = { ...object, texture: { ...object.texture, data: new Float32Array(32 * 32 * 3) } };
  const bare = { ...object, texture: null };
  const [large, aside, flat, plain] = await measureObjects([
    { object, pose: larger, observed },
    { object, pose: moved, observed },
    { object: grey, pose, observed },
    { object: bare, pose, observed },
  ]);
  assertAlmostEquals(large.iou, 1 / 1.1 ** 2, 0.01); // its silhouette covers the mask and grew by 1.1 either way
  assert(aside.iou < 0.9 && aside.psnr! < perfect.psnr! - 8, JSON.stringify(aside));
  assert(flat.iou === perfect.iou && flat.psnr! < 15, JSON.stringify(flat));
  assertEquals([plain.iou, plain.psnr, plain.ssim, plain.lp], [perfect.iou, null, null, null]);
});

Deno.test("pixels of the mask that a render misses are mid grey", async () => {
  const observed = await dataset.sample(0, 64), pose = observed.truePose!;
  const aside = { ...pose, translation: [5, 0] };
  const { render, photograph } = imagePair({ object, pose: aside, observed });
  assert(render.data.every((value) => value === 0.5));
  const { psnr, iou } = await measureObject(object, aside, observed);
  let error = 0, weight = 0;
  observed.mask.data.forEach((share, i) => {
    weight += 3 * share;
    for (let c = 3 * i; c < 3 * i + 3; c++) error += share * (photograph.data[c] - 0.5) ** 2;
  });
  assertAlmostEquals(psnr!, -10 * Math.log10(error / weight), 1e-3);
  assertEquals(iou, 0);
});

Deno.test("the feature distance is 0 for equal images, grows with blur, and sees inside the mask only", async () => {
  await useBackend({ backend: "wasm" });
  const pyramid = await loadFeaturePyramid();
  const before = tf.memory().numTensors, { resolution } = pyramid;
  const observed = await dataset.sample(0, resolution);
  const { photograph } = imagePair({ object, pose: observed.truePose!, observed });
  photograph.data.forEach((value, i, data) =>
    // a pattern that blur can take away
    data[i] = value + 0.2 * Math.sin(i / 5) * Math.cos(Math.floor(i / resolution) / 7)
  );
  const { mask } = observed;
  const outside = {
    ...photograph,
    data: photograph.data.map((x, i) => mask.data[Math.floor(i / 3)] ? x : 0),
  };
  const images = [photograph, outside, ...[2, 6, 24].map((factor) => coarsen(photograph, factor))];
  const found = await pyramid.distances(images.map((render) => ({ render, photograph, mask })));
  assertEquals(found.slice(0, 2), [0, 0]);
  for (let i = 2; i < found.length; i++) assert(found[i] > found[i - 1] + 0.02, `${found}`);
  assert(found.every((value) => value <= 4));
  assertEquals(tf.memory().numTensors, before);
  // other sizes are brought to the network's
  const small = await dataset.sample(0, 96),
    pair = imagePair({ object, pose: small.truePose!, observed: small });
  const [same, other] = await pyramid.distances([{ ...pair, render: pair.photograph }, pair]);
  assert(same === 0 && other > 0 && other < found.at(-1)!, `${same} ${other}`);
  pyramid.dispose();
});
