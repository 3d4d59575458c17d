import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type FloatImage, floatImage } from "../../../lib/core/arrays.ts";
import { sphereTopology } from "../../../lib/mesh/sphere_topology.ts";
import { measurePhotograph } from "../../../tools/evaluation/measure_photograph.ts";
import { visibleSurface } from "../../../tools/evaluation/visible_surface.ts";
import { assertThrowsWith } from "../../helpers/assert_facts.ts";
import { makeToyInputs } from "../../reconstruction/toy_dataset.ts";

const { dataset, texture } = makeToyInputs(2);
const { vertices: sphere, faces } = sphereTopology();
const AXES = [0.5, 1, 0.6];
const object = Float32Array.from(sphere, (value, i) => value * AXES[i % 3]);
const inNetworkRange: FloatImage = {
  ...texture,
  data: Float32Array.from(texture.data, (value) => 2 * value - 1),
};

/** The toy's texture in the square form that networks have, `[32, 32, 3]`. */
function squareTexture(): FloatImage {
  const square = floatImage(32, 32, 3);
  for (let i = 0; i < 32; i++) {
    square.data.set(inNetworkRange.data.subarray((i >> 1) * 96, (i >> 1) * 96 + 96), i * 96);
  }
  return square;
}

Deno.test("the true object is found perfect, whatever its size and distance; another one is not", async () => {
  const sample = await dataset.sample(0, 256), pose = sample.truePose!;
  const truth = { vertices: Float64Array.from(object), faces, pose };
  const perfect = measurePhotograph(
    { vertices: object, texture: squareTexture() },
    pose,
    sample,
    true,
    truth,
  );
  assert(perfect.iou > 0.995, `${perfect.iou}`); // a soft silhouette would be 0.01 wider all around
  assert(perfect.psnr! > 20, `${perfect.psnr}`);
  assertAlmostEquals(perfect.chamfer!, 0, 1e-6);

  const half = object.map((value) => value / 2); // the same image of an object of half the size
  const smaller = measurePhotograph(
    { vertices: half, texture: null },
    { ...pose, scale: 2 * pose.scale },
    sample,
    true,
    truth,
  );
  assertAlmostEquals(smaller.chamfer!, 0, 1e-6);
  assertAlmostEquals(smaller.iou, perfect.iou, 1e-9);
  assertEquals(smaller.psnr, null);

  const ball = measurePhotograph(
    { vertices: Float32Array.from(sphere), texture: null },
    pose,
    sample,
    true,
    truth,
  );
  assert(ball.chamfer! > 0.05 && ball.iou < 0.9, `${ball.chamfer} ${ball.iou}`);
  const red = { ...squareTexture(), data: new Float32Array(32 * 32 * 3).map((_, i) => i % 3 === 0 ? 1 : -1) };
  const wrong = measurePhotograph({ vertices: object, texture: red }, pose, sample, true);
  assert(wrong.psnr! < perfect.psnr! - 8);
  assertEquals(wrong.chamfer, null);

  const small = await dataset.sample(0, 64);
  assertThrowsWith(
    () => measurePhotograph({ vertices: object, texture: null }, pose, small, true),
    RangeError,
    "mask",
    256,
    64,
  );
});

Deno.test("a surface is seen from the front, and from behind where faces may be turned either way", () => {
  const pose = { rotation: [1, 0, 0, 0], scale: 0.5, translation: [0, 0], perspective: Infinity };
  const vertices = Float64Array.of(-1, -1, 0, 1, -1, 0, 0, 1, 0);
  // the screen's y points up and the camera's down, so that this triangle shows its back
  const front = { vertices, faces: Int32Array.of(0, 2, 1) },
    back = { vertices, faces: Int32Array.of(0, 1, 2) };
  const count = ({ covered }: { covered: Uint8Array }) => covered.reduce((sum, value) => sum + value, 0);
  const seen = count(visibleSurface(front, pose, 32));
  assert(seen > 100);
  assertEquals(count(visibleSurface(back, pose, 32)), 0);
  assertEquals(count(visibleSurface(back, pose, 32, true)), seen);
  assertEquals(visibleSurface(back, pose, 32, true).points, visibleSurface(front, pose, 32).points);
});
