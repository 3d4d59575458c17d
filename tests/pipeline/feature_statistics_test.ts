import "../../original/register.ts";
import { assert, assertEquals } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { featureStatisticsFile } from "../../lib/core/paths.ts";
import { tf } from "../../lib/core/tensor.ts";
import type { Dataset, SampleRecord } from "../../lib/datasets/dataset.ts";
import { readRealStatistics } from "../../lib/gan/real_statistics.ts";
import { writeSafetensors } from "../../lib/io/safetensors.ts";
import { loadFeatureNetwork } from "../../lib/metrics/load_feature_network.ts";
import { classStatisticsOf, realStatisticsOf } from "../../lib/pipeline/feature_statistics.ts";
import { exists } from "../../lib/io/exists.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { inProject } from "../helpers/temporary_folder.ts";

/** Grey images of two classes: 3 dark cars, 4 bright birds. */
const DATASET = {
  name: "two",
  category: "all",
  classNames: ["car", "bird", "cow"],
  partNames: [],
  length: 7,
  records: Array.from({ length: 7 }, (_, i) => ({ id: `${i}`, classIndex: i < 3 ? 0 : 1 }) as SampleRecord),
  sample(i: number, resolution: number) {
    const image = floatImage(resolution, resolution, 3);
    image.data.forEach((_, k) => image.data[k] = (i < 3 ? -0.5 : 0.5) + 0.01 * i * ((k % 5) - 2));
    return Promise.resolve({ image });
  },
} as unknown as Dataset;

Deno.test("statistics of one class are of its images only, under a name of their own, and are kept", () =>
  inProject(async () => {
    await tf.setBackend("cpu");
    const network = await loadFeatureNetwork("random_features");
    const whole = await realStatisticsOf(DATASET, network);
    const cars = await classStatisticsOf(DATASET, "car", network);
    const birds = await classStatisticsOf(DATASET, "bird", network);
    assertEquals([whole, cars, birds].map(({ config }) => config.numImages), [7, 3, 4]);
    assertEquals(cars.config.dataset, "two, car");
    assert(Math.abs(cars.statistics.mean[0] - birds.statistics.mean[0]) > 0.01);
    const mean = cars.statistics.mean.map((value, i) => (3 * value + 4 * birds.statistics.mean[i]) / 7);
    assert(mean.every((value, i) => Math.abs(value - whole.statistics.mean[i]) < 1e-4));
    assert(await exists(featureStatisticsFile("two", "random_features_car")));
    assertEquals(await classStatisticsOf(DATASET, "car", network), cars);
    for (const name of ["cow", "cat"]) {
      await assertRejectsWith(
        () => classStatisticsOf(DATASET, name, network),
        UserError,
        "'filterClass'",
        "car, bird, cow",
        name,
      );
    }
    network.dispose();
  }));

Deno.test("the original's statistics fit Inception v3 of any hash, and only it", () =>
  inProject(async () => {
    const path = "statistics.safetensors";
    const config = {
      featureNetwork: "inception_v3",
      weightsHash: "",
      resolution: 299,
      dataset: "x",
      numImages: 5,
    };
    await writeSafetensors(path, {
      stats_m: { data: Float32Array.of(1, 2), shape: [2] },
      stats_s: { data: Float32Array.of(4, 0, 1, 9), shape: [2, 2] },
    }, { recipe: JSON.stringify(config) });
    await tf.setBackend("cpu");
    const network = await loadFeatureNetwork("random_features");
    const inception = { ...network, name: "inception_v3", weightsHash: "ab", resolution: 299 } as const;
    const { statistics, features } = await readRealStatistics(path, inception);
    assertEquals([...statistics.covariance], [4, 1, 1, 9]);
    assertEquals(features.length, 0);
    await assertRejectsWith(
      () => readRealStatistics(path, network),
      UserError,
      path,
      "inception_v3",
      "random_features",
    );
    network.dispose();
  }));
