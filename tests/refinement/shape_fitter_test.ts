import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { symmetriseVertices } from "../../lib/mesh/symmetrise_vertices.ts";
import { iou } from "../../lib/metrics/iou.ts";
import { ShapeFitter } from "../../lib/refinement/shape_fitter.ts";
import { ShapeSpace } from "../../lib/refinement/shape_space.ts";
import { smoothFields } from "../../lib/refinement/smooth_fields.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { hardSilhouette } from "../../lib/rendering/hard_silhouette.ts";
import { turntableRotation } from "../../lib/rendering/turntable_rotation.ts";

const { vertices, faces } = sphereTopology();
const POSE: Pose = {
  rotation: turntableRotation(60, 20),
  scale: 0.7,
  translation: [0.05, -0.04],
  perspective: 1.5,
};

/** A pear: wider below, longer along y. */
const pear = vertices.map((value, i) => {
  const z = vertices[3 * Math.floor(i / 3) + 2];
  return value * [0.75 - 0.2 * z, 1.15, 0.7][i % 3];
});
const maskOf = (shape: Float64Array, pose: Pose, size: number) =>
  hardSilhouette(projectVertices(shape, pose), faces, size);

Deno.test("gradients of a shape's parameters agree with differences, a planted error of 1 % does not", () => {
  const space = new ShapeSpace(vertices.length / 3, smoothFields());
  const prng = new Prng(2, "shape space"), { count } = space.layout;
  const draw = (length: number, scale: number) => Float64Array.from({ length }, () => scale * prng.normal());
  const parameters = draw(count, 0.05), direction = draw(count, 1), weights = draw(vertices.length, 1);
  const out = new Float64Array(vertices.length);
  const valueAt = (step: number) => {
    space.place(vertices, parameters.map((value, k) => value + step * direction[k]), out);
    return out.reduce((sum, value, i) => sum + weights[i] * value * value, 0);
  };
  const slope = (valueAt(1e-6) - valueAt(-1e-6)) / 2e-6;
  valueAt(0);
  const gradient = new Float64Array(count);
  space.backward(parameters, out.map((value, i) => 2 * weights[i] * value), gradient);
  const along = gradient.reduce((sum, value, k) => sum + value * direction[k], 0);
  assertAlmostEquals(along, slope, 1e-6 * Math.abs(slope));
  const { sizes } = space.layout;
  const planted = along + 0.01 * gradient[sizes + 1] * direction[sizes + 1];
  assert(Math.abs(planted - slope) > 1e-6 * Math.abs(slope));
});

Deno.test("a sphere becomes the shape of a mask: IoU 0.98 where the start has less than 0.9", () => {
  const truth = maskOf(pear, POSE, 256);
  assert(iou(maskOf(vertices, POSE, 256), truth) < 0.9);
  for (const moves of ["pose", "place"] as const) {
    const fitted = new ShapeFitter(smoothFields(), { moves }).fit(vertices, truth, POSE);
    const shape = Float64Array.from(fitted.vertices);
    assert(iou(maskOf(shape, fitted.pose, 256), truth) > 0.98);
    symmetriseVertices(fitted.vertices, sphereTopology()).forEach((value, i) =>
      assertAlmostEquals(value, fitted.vertices[i], 1e-6)
    );
    if (moves === "place") assertEquals(Array.from(fitted.pose.rotation), Array.from(POSE.rotation));
    else assertAlmostEquals(Math.hypot(...Array.from(fitted.pose.rotation)), 1, 1e-12);
  }
});

Deno.test("a fit does not depend on those before it, and an empty mask changes nothing to NaN", () => {
  const fitter = new ShapeFitter(smoothFields()), mask = maskOf(pear, POSE, 256);
  const first = fitter.fit(vertices, mask, POSE);
  const empty = fitter.fit(vertices, new Float32Array(256 * 256), POSE);
  assert(empty.vertices.every(Number.isFinite));
  assertEquals(fitter.fit(vertices, mask, POSE), first);
});

Deno.test("a shape that cannot explain its mask is freed until it does", () => {
  const lobed = pear.map((value, i) => value * (1 + 0.25 * Math.sin(7 * pear[3 * Math.floor(i / 3) + 2])));
  const mask = maskOf(lobed, POSE, 256);
  const iouWith = (freeRounds: number) => {
    const { vertices: shape, pose } = new ShapeFitter(smoothFields(), { freeRounds, prior: 3 }).fit(
      vertices,
      mask,
      POSE,
    );
    return iou(maskOf(Float64Array.from(shape), pose, 256), mask);
  };
  const [stiff, freed] = [0, 4].map(iouWith);
  assert(freed > 0.97 && freed > stiff + 0.02, `${stiff} becomes ${freed}`);
});
