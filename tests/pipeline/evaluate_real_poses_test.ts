import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { evaluateRealPoses, type KnownView, readKnownViews } from "../../lib/pipeline/evaluate_real_poses.ts";
import { multiplyQuaternions, type Quaternion } from "../../lib/rendering/quaternion.ts";
import { startViews } from "../../lib/pose/start_views.ts";
import { azimuthDifference, viewDirection } from "../../lib/pose/view_direction.ts";

const LEVEL = Array.from(startViews().subarray(8, 12)) as Quaternion; // azimuth 270

/** A level pose that looks from an azimuth. */
function poseFrom(azimuth: number): number[] {
  for (const sign of [1, -1]) {
    const half = sign * (azimuth - 270) / 2 * Math.PI / 180;
    const pose = multiplyQuaternions(LEVEL, [Math.cos(half), 0, 0, Math.sin(half)]);
    if (azimuthDifference(viewDirection(pose).azimuth, azimuth) < 1e-6) return Array.from(pose);
  }
  throw new Error("no such pose");
}

Deno.test("real poses are compared by azimuth and counted by direction", () => {
  const views: KnownView[] = [
    { id: "a", direction: "000.0", azimuth: 0 },
    { id: "b", direction: "000.0", azimuth: 0 },
    { id: "c", direction: "090.0", azimuth: 90 },
    { id: "d", direction: "090.0", azimuth: 90 },
    { id: "top", direction: "top", azimuth: null },
  ];
  const ids = ["c", "a", "b", "other", "top"];
  const rotation = Float32Array.from([100, 355, 170, 12, 40].flatMap(poseFrom));
  const figures = evaluateRealPoses(views, { ids, rotation });
  assertEquals([figures.photographs, figures.kept, figures.leastShare], [5, 4, 0.5]);
  assertAlmostEquals(figures.medianDegrees!, 10, 1e-3);
  assertAlmostEquals(figures.flips!, 1 / 3, 1e-9);
  assertEquals(figures.directions, [
    { direction: "000.0", photographs: 2, kept: 2, flips: 1 },
    { direction: "090.0", photographs: 2, kept: 1, flips: 0 },
    { direction: "top", photographs: 1, kept: 1, flips: 0 },
  ]);
  const none = evaluateRealPoses(views, { ids: [], rotation: new Float32Array(0) });
  assertEquals([none.kept, none.medianDegrees, none.flips], [0, null, null]);
  assertThrows(() => evaluateRealPoses([], { ids, rotation }), UserError, "the view of a photograph");
});

Deno.test("known views are read from turntables and from the toys' angles", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      join(folder, "index.json"),
      JSON.stringify([
        { name: "car_02", turntable_azimuth_deg: 22.5, view: 2 },
        { name: "horse2-045-000", angle1_polar_from_top_deg: 45, angle2_azimuth_deg: 0 },
        { name: "horse2-000-000", angle1_polar_from_top_deg: 0, angle2_azimuth_deg: 0 },
        { name: "a bird" },
      ]),
    );
    assertEquals(await readKnownViews(folder), [
      { id: "car_02", direction: "022.5", azimuth: 22.5 },
      { id: "horse2-045-000", direction: "045-000", azimuth: 270 },
      { id: "horse2-000-000", direction: "000-000", azimuth: null },
    ]);
    await assertRejects(() => readKnownViews(join(folder, "none")), UserError, "list of photographs");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const real = Deno.env.get("TEXMESH_REAL") ?? "../shared/data/real";
const isThere = await Deno.stat(join(real, "carvana", "index.json")).then(() => true, () => false);

Deno.test({
  name: `the sets of ${real} say from where they were photographed${
    isThere ? "" : " (the folder is missing)"
  }`,
  ignore: !isThere,
  async fn() {
    const cars = await readKnownViews(join(real, "carvana")),
      toys = await readKnownViews(join(real, "eth80_horse"));
    assertEquals(new Set(cars.map(({ direction }) => direction)).size, 16);
    assertEquals(new Set(toys.map(({ direction }) => direction)).size, 41);
    assert(toys.some(({ id, azimuth }) => id.endsWith("-090-180") && azimuth === 90));
  },
});
