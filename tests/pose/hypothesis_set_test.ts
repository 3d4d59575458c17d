import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { HypothesisSet } from "../../lib/pose/hypothesis_set.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { boatImage, boatTemplate, poseNearView } from "./boat.ts";

const { faces } = sphereTopology();
const vertices = Float64Array.from(boatTemplate().vertices);

Deno.test("the pose gradient equals central differences where only the image-boundary penalty acts", () => {
  const size = 16, prng = new Prng(3, "pose");
  const silhouette = new SoftSilhouette(faces, 962, size);
  const full = new Float32Array(size * size).fill(1);
  const sphere = Float64Array.from(sphereTopology().vertices);
  const start = Float64Array.of(0.8, -0.5, 0.4, 0.9, 2.5, 0.1, -0.2, 1.5); // covers every pixel; q is not a unit
  const direction = Float64Array.from({ length: 8 }, () => prng.normal());
  const lossAt = (step: number) => {
    const set = new HypothesisSet(start.map((value, i) => value + step * direction[i]), [sphere]);
    const loss = set.evaluate(0, silhouette, full, size * size);
    return { loss: loss.silhouette + loss.boundaryPenalty, gradients: set.gradients };
  };
  const { gradients } = lossAt(0);
  const expected = gradients.reduce((sum, value, i) => sum + value * direction[i], 0);
  assert(Math.abs(expected) > 1e-3);
  const difference = (lossAt(1e-6).loss - lossAt(-1e-6).loss) / 2e-6;
  assertAlmostEquals(difference, expected, 1e-6 * Math.abs(expected));
});

Deno.test("the silhouette's part of the gradient is a mean over the hypotheses, the image-boundary penalty's is not", () => {
  const size = 32;
  const silhouette = new SoftSilhouette(faces, 962, size);
  const { mask } = boatImage(poseNearView(2), size);
  const squares = mask.reduce((sum, value) => sum + value * value, 0);
  const row = [0.5, 0.5, -0.5, 0.5, 0.7, 0, 0.05, 2];
  const gradientOf = (copies: number, values: readonly number[]) => {
    const rows = Array.from({ length: copies }, () => values).flat();
    const set = new HypothesisSet(Float64Array.from(rows), [vertices]);
    return { loss: set.evaluate(0, silhouette, mask, squares), gradient: set.gradients.slice(0, 8) };
  };
  const one = gradientOf(1, row), four = gradientOf(4, row);
  assertEquals(one.loss.boundaryPenalty, 0);
  assertAlmostEquals(four.loss.silhouette, one.loss.silhouette / 4, 1e-9);
  one.gradient.forEach((value, i) => assertAlmostEquals(four.gradient[i], value / 4, 1e-9));
  const outside = row.with(5, 0.8);
  assertAlmostEquals(
    gradientOf(4, outside).loss.boundaryPenalty,
    gradientOf(1, outside).loss.boundaryPenalty,
    1e-12,
  );
  assert(gradientOf(1, outside).loss.boundaryPenalty > 0);
});

Deno.test("constrain and select", () => {
  const start = Float64Array.of(
    0,
    2,
    0,
    0,
    -0.5,
    0,
    0,
    9,
    0,
    0,
    3,
    4,
    1,
    0.1,
    0.2,
    -7,
    1,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
  );
  const set = new HypothesisSet(start, [vertices, vertices]);
  set.constrain();
  assertEquals(Array.from(set.parameters.subarray(0, 16)), [
    ...[0, 1, 0, 0, 0.5, 0, 0, 4],
    ...[0, 0, 0.6, 0.8, 1, 0.1, 0.2, -4],
  ]);
  set.select([1, 2]);
  const { rotation, template, translation } = set.result();
  assertEquals(Array.from(template), [1, 0]);
  assertEquals(Array.from(rotation.subarray(4)), [1, 0, 0, 0]);
  assertEquals(Array.from(translation), [Math.fround(0.1), Math.fround(0.2), 0, 0]);
});
