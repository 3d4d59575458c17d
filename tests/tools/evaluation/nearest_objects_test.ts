import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { floatImage } from "../../../lib/core/arrays.ts";
import { nearestObjects } from "../../../tools/evaluation/nearest_objects.ts";
import { toyDataset } from "../../gan/_dataset.ts";

Deno.test("a copy of an object of the training is found at no distance, another object farther off", async () => {
  const toys = toyDataset(5, 64);
  const dataset = {
    ...toys,
    sample: (row: number) => toys.sample(row).then((maps) => ({ ...maps, completed: maps.texture })),
  };
  const { displacementMap, texture } = await dataset.sample(3);
  const copy = { map: displacementMap, texture };
  const other = { map: displacementMap.map((value) => -value), texture: floatImage(64, 64, 3) };
  const { nearest, training } = await nearestObjects([copy, other], dataset, false);
  assertEquals(nearest[0].row, 3);
  assertAlmostEquals(nearest[0].distance, 0, 1e-6);
  assert(nearest[1].distance > nearest[0].distance + 0.1 && training > 0);
});
