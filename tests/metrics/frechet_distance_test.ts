import { assertAlmostEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { FeatureAccumulator, featureStatistics } from "../../lib/metrics/feature_statistics.ts";
import { frechetDistance } from "../../lib/metrics/frechet_distance.ts";
import { symmetricEigenvalues } from "../../lib/core/symmetric_eigen.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

/** Correlated features `[n, d]`. */
function features(n: number, d: number, stream: string, scale = 1): Float64Array {
  const prng = new Prng(1, stream);
  const common = prng.normals(n);
  return Float64Array.from(
    { length: n * d },
    (_, i) => scale * (prng.normal() * (1 + i % d) + common[Math.floor(i / d)]),
  );
}

Deno.test("symmetricEigenvalues finds the values of a known matrix", () => {
  // The second-difference matrix: 2 − 2 cos(kπ/(n + 1)).
  const n = 40, matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = 2;
    if (i) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
  }
  symmetricEigenvalues(matrix, n).forEach((value, k) =>
    assertAlmostEquals(value, 2 - 2 * Math.cos((k + 1) * Math.PI / (n + 1)), 1e-13)
  );
});

Deno.test("symmetricEigenvalues keeps the trace and the sum of squares of a full matrix", () => {
  const n = 30, prng = new Prng(3, "matrix"), matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = prng.normal();
  }
  const values = symmetricEigenvalues(matrix, n);
  assertAlmostEquals(
    values.reduce((s, x) => s + x),
    matrix.reduce((s, x, i) => i % (n + 1) ? s : s + x, 0),
    1e-11,
  );
  assertAlmostEquals(values.reduce((s, x) => s + x * x, 0), matrix.reduce((s, x) => s + x * x, 0), 1e-9);
});

Deno.test("FeatureAccumulator gives the same statistics in one batch and in many", () => {
  const all = features(20, 5, "a");
  const accumulator = new FeatureAccumulator(5);
  for (let i = 0; i < 20; i += 4) accumulator.add(all.subarray(5 * i, 5 * (i + 4)));
  const [one, many] = [featureStatistics(all, 5), accumulator.statistics()];
  one.covariance.forEach((value, i) => assertAlmostEquals(value, many.covariance[i], 1e-12));
  let mean = 0, square = 0;
  for (let i = 0; i < 20; i++) mean += all[5 * i + 1] / 20;
  for (let i = 0; i < 20; i++) square += (all[5 * i + 1] - mean) ** 2 / 19;
  assertAlmostEquals(one.mean[1], mean, 1e-12);
  assertAlmostEquals(one.covariance[5 + 1], square, 1e-10);
});

Deno.test("frechetDistance of a set to itself is 0, also with fewer vectors than dimensions", () => {
  for (const n of [10, 100]) {
    const set = featureStatistics(features(n, 32, "a"), 32);
    assertAlmostEquals(frechetDistance(set, set), 0, 1e-6);
  }
});

Deno.test("frechetDistance is symmetric, grows by D c² with a constant and by a² with a scale", () => {
  const d = 24, x = features(15, d, "x"), y = features(60, d, "y", 1.5);
  const [a, b] = [featureStatistics(x, d), featureStatistics(y, d)];
  const distance = frechetDistance(a, b);
  assertAlmostEquals(frechetDistance(b, a), distance, 1e-9 * distance);
  const moved = featureStatistics(x.map((value) => value + 2), d);
  assertAlmostEquals(frechetDistance(moved, a), 4 * d, 1e-5);
  const scaled = frechetDistance(
    featureStatistics(x.map((v) => 3 * v), d),
    featureStatistics(y.map((v) => 3 * v), d),
  );
  assertAlmostEquals(scaled, 9 * distance, 1e-8 * scaled);
});

Deno.test("frechetDistance of independent dimensions is the sum of their distances", () => {
  const diagonal = (variances: number[], mean: number[]) => ({
    count: 100,
    mean: Float64Array.from(mean),
    covariance: Float64Array.from({ length: 9 }, (_, i) => i % 4 ? 0 : variances[i / 4]),
  });
  const distance = frechetDistance(diagonal([1, 4, 0], [0, 1, 2]), diagonal([9, 4, 1], [1, 1, 2]));
  assertAlmostEquals(distance, 1 + (1 - 3) ** 2 + (2 - 2) ** 2 + 1, 1e-12);
});

Deno.test("frechetDistance refuses statistics of other dimensions", () => {
  const [a, b] = [featureStatistics(features(5, 4, "a"), 4), featureStatistics(features(5, 3, "b"), 3)];
  assertThrowsWith(() => frechetDistance(a, b), TypeError, "D=4", 3);
});
