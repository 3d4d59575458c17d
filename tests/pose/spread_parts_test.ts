import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { spreadParts } from "../../lib/pose/spread_parts.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { boatDataset, boatImage, poseNearView } from "./boat.ts";
import { boatFeatures } from "./boat_features.ts";

const SIZE = 48;

Deno.test("labels of three photographs are spread to others by their features", async () => {
  const views = [1, 2, 3, 21, 22, 23],
    posesOf = (turn: number) => views.map((view) => poseNearView(view, [1, turn, 0, 0.02]));
  const [few, many] = [posesOf(0.03).slice(0, 3), posesOf(-0.04)], sentences: string[] = [];
  const labelled = { dataset: boatDataset(few, true), source: boatFeatures(few) };
  const spread = await spreadParts(boatDataset(many), boatFeatures(many), labelled, {
    onMessage: (sentence) => sentences.push(sentence),
  });
  assertEquals(spread.partNames, ["bow", "cabin"]);
  assertEquals(sentences.length, 1);
  assertFacts(sentences[0], 3, "bow, cabin");
  let right = 0, all = 0, hull = 0;
  for (const [i, pose] of many.entries()) {
    const { parts, mask } = await spread.sample(i, SIZE), truth = boatImage(pose, SIZE).parts;
    assertEquals([parts!.height, parts!.channels], [SIZE, 4]);
    for (let p = 0; p < SIZE * SIZE; p++) {
      const row = Array.from(parts!.data.subarray(4 * p, 4 * p + 4));
      assertAlmostEquals(row.reduce((sum, value) => sum + value, 0), 1, 1e-5);
      assertAlmostEquals(row[0], 1 - mask.data[p], 1e-6);
      if (mask.data[p] === 0) continue;
      all++;
      hull += truth[4 * p + 1];
      if (truth[4 * p + row.indexOf(Math.max(...row))] === 1) right++;
    }
  }
  assert(hull < 0.75 * all); // what no parts at all would reach
  assert(right > 0.85 * all, `${right} of ${all} pixels`);
});
