import { assertAlmostEquals, assertEquals } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import { coarseFeatures, coarsen } from "../../lib/metrics/coarse_features.ts";
import type { FeatureNetwork } from "../../lib/metrics/feature_network.ts";

Deno.test("coarsen replaces blocks by their means, smaller ones at the edges", () => {
  const image = floatImage(3, 5, 2);
  image.data.forEach((_, i) => image.data[i] = i);
  const { data } = coarsen(image, 2);
  const at = (row: number, column: number, c: number) => data[(row * 5 + column) * 2 + c];
  assertEquals([at(0, 0, 0), at(1, 1, 0), at(0, 1, 1)], [6, 6, 7]); // of 0, 2, 10, 12
  assertEquals([at(2, 0, 0), at(2, 1, 0), at(2, 4, 1)], [21, 21, 29]);
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  assertAlmostEquals(sum(coarsen(image, 1).data), sum(image.data));
});

Deno.test("coarseFeatures shows a network coarse images, and leaves it to its owner", async () => {
  let isFreed = false;
  const network = {
    dimensions: 1,
    features: (images) => Promise.resolve(Float32Array.from(images, ({ data }) => data[0])),
    dispose: () => isFreed = true,
  } as Partial<FeatureNetwork> as FeatureNetwork;
  const image = floatImage(2, 2, 1);
  image.data.set([1, 2, 3, 6]);
  const coarse = coarseFeatures(network, 2);
  assertEquals([...await coarse.features([image])], [3]);
  coarse.dispose();
  assertEquals([isFreed, coarse.dimensions], [false, 1]);
});
