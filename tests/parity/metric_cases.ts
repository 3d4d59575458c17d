/**
 * Cases of metrics: Fréchet distances, files of statistics, and Inception v3.
 *
 * @module
 */
import { join } from "@std/path";
import type { NdArray } from "../../lib/core/arrays.ts";
import { readNpz } from "../../lib/io/npz.ts";
import { type FeatureStatistics, featureStatistics } from "../../lib/metrics/feature_statistics.ts";
import { frechetDistance } from "../../lib/metrics/frechet_distance.ts";
import { INCEPTION_CONVOLUTIONS } from "../../lib/metrics/inception_layers.ts";
import { InceptionV3 } from "../../lib/metrics/inception_v3.ts";
import { readOriginalStatistics } from "../../original/import/files.ts";
import type { CaseData } from "./case_data.ts";
import { type Check, close } from "./check.ts";
import { chooseBackend } from "./network_cases.ts";
import { channelsLast, inTorchOrder, ruleInputs, ruleValues, saltOf, weightValues } from "./network_rule.ts";

/** Fréchet distance of two sets of features, and the one after a way through the file of statistics. */
export function frechetCase(data: CaseData): Check[] {
  const dimensions = data.shape("a")[1];
  const a = featureStatistics(data.floats("a"), dimensions);
  const b = featureStatistics(data.floats("b"), dimensions);
  const scalar = (name: string) => (data.entry.scalars as Record<string, { value: number }>)[name].value;
  const trace = a.covariance.reduce((sum, value, i) => i % (dimensions + 1) === 0 ? sum + value : sum, 0);
  const allowed = data.name === "fid_same" ? { absolute: 1e-6 * trace } : { relative: 1e-5 };
  const checks = [
    close("fid", [frechetDistance(a, b)], [scalar("fid")], allowed),
    close("fid, turned round", [frechetDistance(b, a)], [scalar("fid")], allowed),
    close(
      "fid_with_stored_stats",
      [frechetDistance(a, inFloat32(b))],
      [scalar("fid_with_stored_stats")],
      allowed,
    ),
    close("trace_cov_a", [trace], [scalar("trace_cov_a")], { relative: 1e-6 }),
    close("mean_a", a.mean, data.floats("mean_a"), { absolute: 1e-6 }),
  ];
  const stored = data.has("cov_a") ? "cov_a" : "cov_a_row0";
  const expected = data.floats(stored);
  checks.push(close(stored, a.covariance.subarray(0, expected.length), expected, { ofLargest: 1e-6 }));
  return checks;
}

/** Statistics as they come back from a file that stores float32. */
function inFloat32({ count, mean, covariance }: FeatureStatistics): FeatureStatistics {
  return { count, mean: Float64Array.from(mean, Math.fround), covariance: covariance.map(Math.fround) };
}

/** The original's file of statistics, and the features that it was made of. */
export async function statisticsFileCase(data: CaseData): Promise<Check[]> {
  const folder = join(data.root, data.folder);
  const truth = await readNpz(join(folder, "stats_file.npz"));
  const expected = (name: string) => Float64Array.from(truth[name].data, Number);
  const [count, dimensions] = truth.features.shape;
  const fromFile = await readOriginalStatistics(join(folder, "precomputed_fid_299x299.npz"));
  const ours = featureStatistics(expected("features"), dimensions);
  const checks = [close("counts", [fromFile.numImages, fromFile.resolution], [count, 299], {})];
  for (const [what, { mean, covariance }] of [["file", fromFile.statistics], ["features", ours]] as const) {
    checks.push(close(`${what}: mean`, mean, expected("mean"), { absolute: 1e-6 }));
    checks.push(close(`${what}: full_cov`, covariance, expected("full_cov"), { ofLargest: 1e-6 }));
  }
  return checks;
}

/** Number of layers in each block of the recorded names. */
const BLOCKS = [4, 3, 8, 3];

/** Weights of Inception v3 by the rule, torch's names and order of axes. */
export function inceptionRuleWeights(salt = "p1"): Map<string, NdArray> {
  const weights = new Map<string, NdArray>();
  for (const { name, inChannels, outChannels, kernel } of INCEPTION_CONVOLUTIONS) {
    const add = (entry: string, shape: number[]) => {
      const values = weightValues(`${salt}/${entry}`, entry, shape, "gan");
      weights.set(entry, { data: Float32Array.from(values), shape });
    };
    add(`${name}.conv.weight`, [outChannels, inChannels, ...kernel]);
    for (const entry of ["weight", "bias", "running_mean", "running_var"]) {
      add(`${name}.bn.${entry}`, [outChannels]);
    }
  }
  return weights;
}

/** Every layer of Inception v3 and its features. */
export async function inceptionCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const network = new InceptionV3(inceptionRuleWeights(saltOf(data)));
  const [{ name, shape }] = ruleInputs(data, (data.entry.inputs as { image: string }).image);
  const values = ruleValues(name, shape.reduce((a, b) => a * b)).map((value) => (value + 1) / 2);
  const image = channelsLast(values, shape);
  const stored = data.entry.arrays as Record<string, { stride?: number }>;
  const checks: Check[] = [];
  const compare = (name: string, all: Float32Array) => {
    const { stride = 1 } = stored[name];
    const kept = stride === 1 ? all : all.filter((_, i) => i % stride === 0);
    checks.push(close(name, kept, data.floats(name), { ofLargest: 1e-4 }));
  };
  const names = BLOCKS.flatMap((count, block) =>
    Array.from({ length: count }, (_, layer) => `block${block}.${layer}`)
  );
  let layer = 0;
  const features = network.features(image, (_, result) => compare(names[layer++], inTorchOrder(result)));
  compare("features", features.dataSync<"float32">() as Float32Array);
  network.dispose();
  return checks;
}
