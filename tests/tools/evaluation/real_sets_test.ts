import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { figureLine } from "../../../cli/measure.ts";
import { directionLines, realSets } from "../../../cli/real_evaluation.ts";
import { chooseInputs } from "../../../tools/evaluation/evaluate_real.ts";
import { countDirections, realPoseFigures, type RealPoses } from "../../../tools/evaluation/real_poses.ts";
import {
  findRealSets,
  realDatasetName,
  type RealImage,
  selectImages,
} from "../../../tools/evaluation/real_sets.ts";
import { turntableRotation } from "../../../lib/rendering/turntable_rotation.ts";
import { assertFacts, assertRejectsWith } from "../../helpers/assert_facts.ts";
import { inFolder } from "../../helpers/temporary_folder.ts";

/** Writes the index of a set. */
async function writeIndex(folder: string, set: string, entries: unknown[]): Promise<void> {
  await Deno.mkdir(join(folder, set));
  await Deno.writeTextFile(join(folder, set, "index.json"), JSON.stringify(entries));
}

/** Two cars of two views, toys, and birds of which nothing is known. */
async function writeSets(folder: string): Promise<void> {
  const cars = ["a", "b"].flatMap((car_id) =>
    [0, 22.5].map((turntable_azimuth_deg, i) => ({
      name: `${car_id}_0${i}`,
      car_id,
      turntable_azimuth_deg,
      width: 9,
    }))
  );
  await writeIndex(folder, "carvana", cars);
  await writeIndex(folder, "eth80_horse", [{
    ...{ name: "a", instance: "horse2", angle1_polar_from_top_deg: 0, angle2_azimuth_deg: 0 },
  }, { name: "horse2-066-117" }]);
  await writeIndex(folder, "cub_crop_birds", [{ name: "Wren_1" }, { name: "Wren_2" }]);
  await writeIndex(folder, "spoons", [{ name: "1" }]);
  await Deno.mkdir(join(folder, "other"));
}

Deno.test("sets are found with their classes, objects and directions", () =>
  inFolder(async (folder) => {
    await writeSets(folder);
    const told: string[] = [];
    const sets = await findRealSets(folder, (text) => told.push(text));
    assertEquals(sets.map(({ name, category }) => [name, category]), [
      ["carvana", "car"],
      ["cub_crop_birds", "bird"],
      ["eth80_horse", "horse"],
    ]);
    assertEquals(told.length, 1);
    assert(told[0].includes("spoons"));
    const [cars, birds, horses] = sets;
    assertEquals(cars.images.get("b_01"), {
      ...{ name: "b_01", group: "b", azimuth: 22.5, polar: null, direction: "22.5°" },
    });
    assertEquals(birds.images.get("Wren_2")!, {
      ...{ name: "Wren_2", group: "Wren_2", azimuth: null, polar: null, direction: null },
    });
    assertEquals(horses.images.get("horse2-066-117")!, {
      ...{ name: "horse2-066-117", group: "horse2", azimuth: 27, polar: 66, direction: "066-117" },
    });

    assertEquals(horses.images.get("a")!, {
      ...{ name: "a", group: "horse2", azimuth: -90, polar: 0, direction: "000-000" },
    });

    const all = { objects: 0, leastPolar: 0, seed: 1 };
    assertEquals(selectImages(cars, all).length, 4);
    const one = selectImages(cars, { ...all, objects: 1 });
    assertEquals([one.length, new Set(one.map((name) => name[0])).size], [2, 1]);
    assertEquals(selectImages(horses, { ...all, leastPolar: 45 }), ["horse2-066-117"]);
    assertNotEquals(realDatasetName(cars, one, 0), realDatasetName(cars, selectImages(cars, all), 0));
    assertEquals(realDatasetName(cars, one, 0), realDatasetName(cars, [...one], 0));
  }));

Deno.test("a missing folder is told, a missing set is an error", () =>
  inFolder(async (folder) => {
    await writeSets(folder);
    const before = Deno.env.get("TEXMESH_REAL");
    try {
      Deno.env.set("TEXMESH_REAL", join(folder, "nowhere"));
      const told: string[] = [];
      assertEquals(await realSets(["all"], (text) => told.push(text)), []);
      assertFacts(told[0], join(folder, "nowhere"), "TEXMESH_REAL");
      Deno.env.set("TEXMESH_REAL", folder);
      assertEquals((await realSets(["all"])).length, 3);
      assertEquals((await realSets(["eth80_horse", "carvana"])).map(({ name }) => name), [
        "carvana",
        "eth80_horse",
      ]);
      await assertRejectsWith(
        () => realSets(["cars"]),
        Error,
        '"cars"',
        "carvana, cub_crop_birds, eth80_horse",
      );
    } finally {
      if (before === undefined) Deno.env.delete("TEXMESH_REAL");
      else Deno.env.set("TEXMESH_REAL", before);
    }
  }));

/** Poses of images of known azimuth, wrong by the given angles; those of a negative angle were not kept. */
function posesOf(images: RealImage[], errors: number[]): RealPoses {
  const rotations = images.map(({ azimuth }, i) =>
    turntableRotation((azimuth ?? 0) + Math.abs(errors[i]), 10)
  );
  const choice = {
    rotation: Float32Array.from(rotations.flatMap((rotation) => [...rotation])),
    kept: Uint8Array.from(errors, (error) => error >= 0 ? 1 : 0),
  };
  return { images, choice } as unknown as RealPoses;
}

const image = (direction: string, azimuth: number, polar: number | null = null): RealImage => ({
  ...{ name: "", group: "", azimuth, polar, direction },
});

Deno.test("figures count kept photographs, errors of their azimuth, and flips", () => {
  const images = [image("0°", 0), image("0°", 0), image("90°", 90), image("90°", 90)];
  const poses = posesOf(images, [2, -120, 6, 170]);
  const set = { name: "carvana", category: "car", folder: "", images: new Map() };
  assertEquals(realPoseFigures(set, poses).map(figureLine), [
    "carvana, 4 photographs: share kept  0.750  ≥ 0.85  short",
    "carvana, 4 photographs: median azimuth error  6.000  ≤ 4  short",
    "carvana, 4 photographs: flips  0.333  ≤ 0.01  short",
    "carvana, 4 photographs: flips of all  0.500  -  ok",
    "carvana, 4 photographs: least share kept of a direction  0.500  ≥ 0.5  ok",
  ]);
  const directions = countDirections(poses);
  assertEquals(directions, [
    { direction: "0°", count: 2, kept: 1, flips: 0 },
    { direction: "90°", count: 2, kept: 2, flips: 1 },
  ]);
  assertEquals(directionLines("carvana", { dataset: "", directions, sheet: null }), [
    "carvana, kept by direction: 0° 1/2, 90° 2/2 (1 flipped)",
  ]);
  assertEquals(directionLines("birds", { dataset: "", directions: [], sheet: null }), []);
});

Deno.test("toys seen from high above are told, but not held to the bounds", () => {
  const images = [image("022-000", -90, 22), image("090-090", 0, 90)];
  const set = { name: "eth80_cow", category: "cow", folder: "", images: new Map() };
  const lines = realPoseFigures(set, posesOf(images, [-170, 8])).map(figureLine);
  assertEquals(lines[0], "eth80_cow, 1 photographs from 45° above to level: share kept  1.000  ≥ 0.8  ok");
  assertEquals(lines[5], "eth80_cow, 2 photographs: share kept  0.500  -  ok");
  const birds = { name: "birds", category: "bird", folder: "", images: new Map() };
  const unknown = [{ ...image("", 0), azimuth: null, direction: null }];
  assertEquals(realPoseFigures(birds, posesOf(unknown, [0])).map(figureLine), [
    "birds, 1 photographs: share kept  1.000  -  ok",
  ]);
});

Deno.test("one photograph of each object is taken before a second of any", () => {
  const pose = { rotation: [1, 0, 0, 0], scale: 1, translation: [0, 0], perspective: 1 };
  const photographs = ["a", "a", "a", "b", "c", "c"].map((group, index) => ({ index, group, pose }));
  const groups = (most: number) => chooseInputs(photographs, most, 1).map(({ group }) => group);
  assertEquals(groups(3).sort(), ["a", "b", "c"]);
  assertEquals(groups(5).sort(), ["a", "a", "b", "c", "c"]);
  assertEquals([groups(99).length, groups(0).length], [6, 0]);
});
