import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { type AnnotatedCamera, truePoseInCrop } from "../../lib/datasets/true_pose.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";

type Row = [number, number, number];
const SIDE = 320;

/** Camera rotation for azimuth and elevation in degrees: diag(1, −1, −1) · Rx(el) · Ry(az). */
function lookFrom(azimuth: number, elevation: number): [Row, Row, Row] {
  const [ca, sa, ce, se] = [azimuth, elevation].map((a) => a * Math.PI / 180).flatMap((
    a,
  ) => [Math.cos(a), Math.sin(a)]);
  return [[ca, 0, sa], [-se * sa, -ce, se * ca], [ce * sa, -se, -ce * ca]];
}

/** Points of the unit ball in the model frame (y up, z front) and in ours (z up, −y front). */
function randomPoints(): { model: Row[]; ours: Float64Array } {
  const prng = new Prng(1, "test");
  const model = Array.from({ length: 40 }, () => [0, 1, 2].map(() => prng.uniform(-0.5, 0.5)) as Row);
  return { model, ours: Float64Array.from(model.flatMap(([x, y, z]) => [x, -z, y])) };
}

function turned(camera: AnnotatedCamera, point: Row): number[] {
  return camera.R.map((row) => row[0] * point[0] + row[1] * point[1] + row[2] * point[2]);
}

Deno.test("the whole image as crop: the rational projection exactly", () => {
  const rational = { scale: 0.8, translation: [0, 0] as [number, number], z0: 3.5 };
  const camera: AnnotatedCamera = { R: lookFrom(130, 20), rational };
  const pose = truePoseInCrop(camera, SIDE, { x: 0, y: 0, size: SIDE })!;
  const { model, ours } = randomPoints();
  const screen = projectVertices(ours, pose);
  for (const [k, point] of model.entries()) {
    const [x, y, z] = turned(camera, point).map((value) => 0.8 * value);
    const f = (3.5 - z / 2) / (3.5 + z / 2);
    assertAlmostEquals(screen[3 * k], x * f, 1e-9);
    assertAlmostEquals(screen[3 * k + 1], -y * f, 1e-9);
  }
});

Deno.test("a crop beside the centre: the pinhole image within a few hundredths", () => {
  const [scale, distance] = [0.7, 4];
  const translation: [number, number] = [0.25, -0.3];
  const camera: AnnotatedCamera = { R: lookFrom(-50, 15), scale, translation, distance };
  const crop = { x: 100, y: 20, size: 190 };
  const pose = truePoseInCrop(camera, SIDE, crop)!;
  const { model, ours } = randomPoints();
  const screen = projectVertices(ours, pose);
  for (const [k, point] of model.entries()) {
    const [x, y, z] = turned(camera, point).map((value) => scale * value);
    const u = SIDE / 2 * (1 + distance * (x + translation[0]) / (z + distance));
    const v = SIDE / 2 * (1 + distance * (y + translation[1]) / (z + distance));
    assertAlmostEquals(screen[3 * k], 2 * (u - crop.x) / crop.size - 1, 0.03);
    assertAlmostEquals(screen[3 * k + 1], 1 - 2 * (v - crop.y) / crop.size, 0.03);
  }
});

Deno.test("the front is −y, up is z: seen from the front the nose is nearest, the top is above", () => {
  const camera: AnnotatedCamera = { R: lookFrom(0, 0), scale: 0.8, translation: [0, 0], distance: 5 };
  const pose = truePoseInCrop(camera, SIDE, { x: 0, y: 0, size: SIDE })!;
  const screen = projectVertices(Float64Array.from([0, -1, 0, 0, 0, 1, 1, 0, 0]), pose);
  assertAlmostEquals(screen[2], 0.8, 1e-9); // nose: nearer
  assertAlmostEquals(screen[4], 0.8, 1e-9); // top: up
  assertAlmostEquals(screen[6], 0.8, 1e-9); // the object's left is on the right of an image from the front
});

Deno.test("cameras without a place or behind the object give no pose", () => {
  const crop = { x: 0, y: 0, size: SIDE };
  assertEquals(truePoseInCrop({ R: lookFrom(0, 0) }, SIDE, crop), null);
  const rational = { scale: 0.8, translation: [0, 0] as [number, number], z0: 0.9 };
  assertEquals(truePoseInCrop({ R: lookFrom(0, 0), rational }, SIDE, crop), null);
});
