import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { reconstructImages } from "../../lib/networks/reconstruct_images.ts";
import { type ReconstructionConfig, reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

await tf.setBackend("cpu");

/** Draws nothing, so that big networks are built quickly. */
class Still extends Prng {
  override uniform(): number {
    return 0;
  }
}

const COUNTS: [Partial<ReconstructionConfig>, number][] = [
  [{ textureResolution: 64, partChannels: 5 }, 13938379],
  [{ partChannels: 5 }, 15119051],
  [{ textureResolution: 256, partChannels: 5 }, 16299723],
  [{ classCount: 13, partChannels: 30 }, 15297316],
  [{ predictionType: "texture" }, 15111046],
  [{ predictionType: "none" }, 12777539],
];
for (const [changes, count] of COUNTS) {
  Deno.test(`the original's network ${JSON.stringify(changes)} has ${count} parameters`, () => {
    const network = new ReconstructionNetwork(reconstructionConfig("paper", changes), new Still(1));
    assertEquals(network.parameters.count, count);
    network.dispose();
  });
}

const SMALL = { imageResolution: 32, width: 1 / 16, partChannels: 4 };
const image = (seed = 1): Tensor4D =>
  tf.tensor4d(new Prng(seed, "image").normals(2 * 32 * 32 * 4), [2, 32, 32, 4]);

Deno.test("a fresh network predicts no displacement, colours in (−1, 1) and a distribution over parts", () => {
  const network = new ReconstructionNetwork(reconstructionConfig("demo", SMALL), new Prng(1));
  const before = tf.memory().numTensors;
  const { displacementMap, texture, parts } = network.predict({ image: image() }, true);
  assertEquals(tf.memory().numTensors, before + 4); // three maps and the input
  assertEquals([displacementMap, texture!, parts!].map((map) => map.shape), [
    [2, 32, 32, 3],
    [2, 64, 64, 3],
    [2, 64, 64, 4],
  ]);
  assert(displacementMap.dataSync().every((value) => value === 0));
  assert(texture!.dataSync().every((value) => Math.abs(value) < 1));
  for (const sum of tf.sum(parts!, 3).dataSync()) assertAlmostEquals(sum, 1, 1e-5);
  const turned = tf.concat([
    tf.reverse(texture!, 2).slice([0, 0, 32, 0], [2, 64, 32, 3]),
    tf.reverse(texture!, 2).slice([0, 0, 0, 0], [2, 64, 32, 3]),
  ], 2);
  assertEquals(turned.dataSync(), texture!.dataSync());
});

Deno.test("poles are one value, whatever the displacement head says", () => {
  const network = new ReconstructionNetwork(reconstructionConfig("demo", SMALL), new Prng(1));
  const head = network.parameters.trainable.get("conv_mesh.weight")!;
  head.assign(tf.tensor(new Prng(2).normals(head.size), head.shape));
  const { displacementMap } = network.predict({ image: image() }, false);
  const rows = displacementMap.arraySync();
  for (const row of [0, 31]) for (const value of rows[0][row]) assertEquals(value, rows[0][row][0]);
  assert(rows[0][5].some((value) => value[0] !== rows[0][5][0][0]));
});

Deno.test("parts that a class lacks are exactly 0, and norms depend on the class", () => {
  const config = reconstructionConfig("demo", { ...SMALL, classCount: 2 });
  const network = new ReconstructionNetwork(config, new Prng(1));
  const classes = tf.tensor2d([[1, 0], [0, 1]]), partPresence = tf.tensor2d([[1, 1, 0, 1], [1, 1, 1, 1]]);
  const gains = network.parameters.trainable.get("bn1e.fc_gamma.weight")!;
  assertEquals(gains.shape, [2, 4]);
  const same = tf.tile(image().slice([0, 0, 0, 0], [1, 32, 32, 4]), [2, 1, 1, 1]);
  const predict = () => network.predict({ image: same, classes, partPresence }, false);
  const channels = tf.split(predict().parts!, 4, 3).map((channel) => channel.slice(0, 1).dataSync());
  assert(channels[2].every((value) => value === 0));
  assert(channels[1].some((value) => value > 0));
  network.parameters.trainable.get("blk5_tex.bn2.fc_beta.weight")!.assign(
    tf.tensor2d([[0, 0, 0, 0], [1, 1, 1, 1]]),
  );
  const [a, b] = tf.split(predict().texture!, 2).map((map) => map.dataSync());
  assert(a.some((value, i) => value !== b[i]));
});

Deno.test("impossible builds are refused with the value", () => {
  const build = (changes: Partial<ReconstructionConfig>) =>
    new ReconstructionNetwork(reconstructionConfig("demo", { ...SMALL, ...changes }), new Prng(1));
  assertThrowsWith(() => build({ imageResolution: 100 }), RangeError, "imageResolution", 32, 100);
  assertThrowsWith(
    () => build({ textureResolution: 512 }),
    RangeError,
    "textureResolution",
    "64, 128 or 256",
    512,
  );
  assertThrowsWith(() => build({ partChannels: 0 }), RangeError, "partChannels", 1, 0);
  const network = build({});
  assertThrowsWith(
    () => network.predict({ image: tf.zeros([1, 64, 64, 4]) }, false),
    TypeError,
    "image",
    "[1, 64, 64, 4]",
  );
});

Deno.test("inference on photographs does not depend on the batch and starts from the sphere", async () => {
  const network = new ReconstructionNetwork(reconstructionConfig("demo", SMALL), new Prng(1));
  const photo = (seed: number) => ({
    id: `photo${seed}`,
    classIndex: 0,
    image: { data: new Prng(seed).normals(32 * 32 * 3), height: 32, width: 32, channels: 3 },
    mask: { data: new Float32Array(32 * 32).fill(1), height: 32, width: 32, channels: 1 },
  });
  const before = tf.memory().numTensors;
  const both = await reconstructImages(network, [photo(1), photo(2)]);
  const [one] = await reconstructImages(network, [photo(2)]);
  assertEquals(tf.memory().numTensors, before);
  both[1].texture!.data.forEach((value, i) => assertAlmostEquals(value, one.texture!.data[i], 1e-5));
  one.vertices.forEach((value, i) => assertAlmostEquals(value, sphereTopology().vertices[i], 1e-6));
});
