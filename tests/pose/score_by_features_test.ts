import { resolveOptions } from "../../lib/core/option.ts";
import { CHOOSE_OPTIONS } from "../../lib/pose/choose_options.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import type { ChooseJob } from "../../lib/pose/choose_job.ts";
import { placeAgreement } from "../../lib/pose/feature_places.ts";
import { foundPlaces, PlaceProbe } from "../../lib/pose/place_probe.ts";
import { scoreByFeatures } from "../../lib/pose/score_by_features.ts";
import { boatFeatures } from "./boat_features.ts";
import { boatDataset, boatHypotheses, boatTemplate, flipped, poseNearView } from "./boat.ts";

const templates = [boatTemplate()];
const poses = Array.from(
  { length: 24 },
  (_, i) => poseNearView([1, 2, 3, 21, 22, 23][i % 6], [1, 0.01 * i, 0, 0.02]),
);
const dataset = boatDataset(poses);

/** Scores of truth and flip where the flip has the better silhouette in some images. */
function score(wrong: readonly number[], rounds: number) {
  const hypotheses = boatHypotheses(
    dataset,
    poses.flatMap((pose) => [pose, flipped(pose)]),
    (k) => (k % 2 === 1) === wrong.includes(k >> 1) ? 0.85 : 0.8,
  );
  const progress: string[] = [];
  const options = resolveOptions(CHOOSE_OPTIONS, { autoRounds: rounds, silhouetteWeight: 1, partsWeight: 2 });
  const callbacks = {
    onProgress: ({ done, total }: { done: number; total: number }) => progress.push(`${done} of ${total}`),
  };
  const job: ChooseJob = { dataset, templates, hypotheses, options, before: null, callbacks };
  return scoreByFeatures(job, boatFeatures(poses)).then((scored) => ({ ...scored, progress }));
}

const flips = ({ scores }: { scores: Float32Array }) =>
  poses.filter((_, i) => scores[2 * i + 1] > scores[2 * i]).length;

Deno.test("features turn poses round whose silhouettes are wrong, where most are right", async () => {
  const wrong = [0, 4, 7, 10, 13, 17, 20, 21];
  const found = await score(wrong, 3);
  assertEquals(flips(found), 0);
  assertEquals(found.progress.at(-1), "72 of 72");
  assert(found.miou.every((value) => value >= 0 && value <= 1));
  assertEquals(found.semantics!.channelNames, ["object without part", "hull", "bow", "cabin"]);
  assertEquals(flips(await score(Array.from(poses.keys()), 3)), poses.length); // silhouettes alone say what the front is
});

Deno.test("a probe finds the places that features depend on, and leaves an image's own fold out", () => {
  const prng = new Prng(3, "probe"), features = Float64Array.from(prng.normals(200 * 4)); // [200, 4]
  const placesOf = (row: Float64Array) => [row[0] - row[2] + 0.5, 2 * row[1], row[3] - 1];
  const places = new Float64Array(200 * 3); // [200, 3]
  for (let m = 0; m < 200; m++) places.set(placesOf(features.subarray(4 * m, 4 * m + 4)), 3 * m);
  const probe = new PlaceProbe(4, { folds: 2, ridge: 1e-9 });
  for (let i = 0; i < 10; i++) {
    probe.add(i, features.subarray(80 * i, 80 * (i + 1)), places.subarray(60 * i, 60 * (i + 1)), 1);
  }
  probe.add(1, features, places.map((value) => -value), 100); // wrong places in the second fold
  const [forFirst, forSecond] = probe.solve().map((map) => foundPlaces(map, features));
  forSecond.forEach((value, k) => assertAlmostEquals(value, places[k], 1e-5)); // fitted to the first fold alone
  assert(forFirst[0] * places[0] < 0);
});

Deno.test("agreement of places is 1 where they are the same, and uncovered patches count against a pose", () => {
  const found = Float64Array.of(1, 2, -1, 0.5, 0, 1);
  assertAlmostEquals(placeAgreement(found, found), 1, 1e-12);
  assertAlmostEquals(placeAgreement(found, found.map((value) => -value)), 0, 1e-12);
  const half = Float64Array.of(1, 2, -1, NaN, NaN, NaN);
  assertAlmostEquals(placeAgreement(found, half), (1 + Math.sqrt(6 / 7.25)) / 2, 1e-12);
  assertEquals(placeAgreement(found, new Float64Array(6).fill(NaN)), 0.5);
});
