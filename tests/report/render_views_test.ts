import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { turntableRotation } from "../../lib/rendering/turntable_rotation.ts";
import { renderViews } from "../../lib/report/render_views.ts";

const project = (point: number[], azimuth: number, elevation: number) => {
  const pose = {
    rotation: turntableRotation(azimuth, elevation),
    scale: 1,
    translation: [0, 0],
    perspective: Infinity,
  };
  return [...projectVertices(Float64Array.from(point), pose)];
};

function assertPoint(actual: number[], expected: number[]): void {
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-12));
}

Deno.test("views: the front at 0, the object's left side at 90, from above with positive elevation", () => {
  const front = [0, -1, 0], left = [1, 0, 0], top = [0, 0, 1];
  assertPoint(project(front, 0, 0), [0, 0, 1]);
  assertPoint(project(left, 0, 0), [1, 0, 0]);
  assertPoint(project(top, 0, 0), [0, 1, 0]);
  assertPoint(project(left, 90, 0), [0, 0, 1]);
  assertPoint(project(front, 90, 0), [-1, 0, 0]);
  assertPoint(project(top, 90, 90), [0, 0, 1]);
  const [, height, depth] = project(top, 33, 20);
  assertAlmostEquals(height, Math.cos(Math.PI / 9), 1e-12);
  assertAlmostEquals(depth, Math.sin(Math.PI / 9), 1e-12);
});

Deno.test("images from around are centred and fill the wanted share", () => {
  const topology = sphereTopology();
  const vertices = Float32Array.from(topology.vertices, (value, i) => 7 + 3 * value * [0.4, 1, 0.5][i % 3]);
  const options = { azimuths: [0, 90], size: 64, fill: 0.8, elevation: 0, light: 0, background: 0 };
  const [front, side] = renderViews({ ...topology, vertices }, null, options);
  const columns = (image: typeof front) => {
    const covered = Array.from({ length: 64 }, (_, j) => j).filter((j) =>
      Array.from({ length: 64 }, (_, i) => image.data[(i * 64 + j) * 3]).some((value) => value > 0.2)
    );
    return [covered[0], covered.at(-1)!];
  };
  assertEquals([side.height, side.width, side.channels], [64, 64, 3]);
  const [first, last] = columns(side);
  assert(Math.abs(first + last - 63) <= 1, `${first} to ${last}`);
  assert(Math.abs(last - first + 1 - 0.8 * 64) <= 2, `${first} to ${last}`);
  const [a, b] = columns(front);
  assert(b - a < 0.6 * (last - first), "the same scale for all views");
});
