import { resolveOptions } from "../../lib/core/option.ts";
import { CHOOSE_OPTIONS } from "../../lib/pose/choose_options.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { chooseImages } from "../../lib/pose/choose.ts";
import { type ChooseJob, spreadRatio, weightedScores } from "../../lib/pose/choose_job.ts";
import { startViews } from "../../lib/pose/start_views.ts";
import { cameraDepression } from "../../lib/pose/tilt.ts";

const OPTIONS = {
  vAgrThreshold: 0.3,
  keepAllBelow: 10,
  discard: "original",
  keepShare: 0.75,
  leastMargin: 0,
} as const;
const views = startViews();

/** N images of two opposite views; the second one scores `gap` less. */
function scored(scores: readonly number[], gap = 0.2) {
  const pair = [...views.subarray(8, 12), ...views.subarray(88, 92)];
  return {
    scores: Float32Array.from(scores.flatMap((score) => [score - gap, score])),
    iou: new Float32Array(2 * scores.length),
    rotation: Float32Array.from(scores.flatMap(() => pair)),
    H: 2,
  };
}

Deno.test("the bottom decile by score is discarded, the kept are ascending and above the threshold", () => {
  const scores = Array.from({ length: 30 }, (_, i) => (i * 7 % 30) / 30 + 0.3);
  const choice = chooseImages(scored(scores), OPTIONS);
  assertEquals(choice.rule, "agreement and score");
  assertEquals(choice.kept.length, 27);
  assert(choice.kept.every((i, m) => m === 0 || i > choice.kept[m - 1]));
  assert(choice.kept.every((i) => Math.fround(scores[i]) > choice.threshold!));
  assertEquals(new Set(choice.best), new Set([1]));
});

Deno.test("images whose hypotheses do not agree are discarded", () => {
  const scores = Array.from({ length: 12 }, (_, i) => 0.5 + i / 100);
  const even = scored(scores);
  even.scores[2 * 5] = even.scores[2 * 5 + 1];
  const choice = chooseImages(even, OPTIONS);
  assertEquals(Array.from(choice.kept), [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
  assert(Math.abs(choice.disagreement[5] - 0.5) < 1e-6);
});

Deno.test("ties at the threshold all go", () => {
  const choice = chooseImages(scored([0.4, 0.4, 0.4, ...Array.from({ length: 9 }, () => 0.8)]), OPTIONS);
  assertEquals(Array.from(choice.kept), [3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("small sets are kept whole; without a threshold below ten", () => {
  const scores = [0.5, 0.6, 0.7, 0.4, 0.3, 0.2];
  const all = chooseImages(scored(scores, 0), OPTIONS);
  assertEquals([all.rule, all.kept.length, all.threshold], ["all", 6, null]);
  const strict = chooseImages(scored(scores), { ...OPTIONS, keepAllBelow: 0 });
  assertEquals([strict.rule, strict.kept.length, strict.threshold], ["agreement and score", 6, null]);
});

Deno.test("where hardly any image is sure the better half is kept", () => {
  const scores = Array.from({ length: 12 }, (_, i) => 0.9 - i / 100);
  const choice = chooseImages(scored(scores, 0), OPTIONS);
  assertEquals([choice.rule, Array.from(choice.kept)], ["better half", [0, 1, 2, 3, 4, 5]]);
});

Deno.test("of equal scores the larger IoU wins", () => {
  const zero = scored(Array.from({ length: 3 }, () => 0), 0);
  zero.iou.set([0.1, 0.3, 0.3, 0.1, 0.2, 0.2]);
  assertEquals(Array.from(chooseImages(zero, OPTIONS).best), [1, 0, 0]);
});

/** Images of the same two opposite views, one for each gap. */
function withGaps(gaps: readonly number[]) {
  const images = gaps.map((gap) => scored([0.8], gap));
  const join = (of: (image: typeof images[number]) => Float32Array) =>
    Float32Array.from(images.flatMap((image) => Array.from(of(image))));
  const scores = join((image) => image.scores), rotation = join((image) => image.rotation);
  return { scores, iou: new Float32Array(scores.length), rotation, H: 2 };
}

Deno.test("the rule margin leaves out images with a rival pose that scores nearly as well, whatever their score", () => {
  const gaps = Array.from({ length: 20 }, (_, i) => 0.1 + 0.01 * (i * 7 % 20));
  const many = withGaps(gaps);
  const options = { ...OPTIONS, discard: "margin", keepShare: 0.6, vAgrThreshold: 1 } as const;
  many.scores.forEach((score, k) => many.scores[k] = score + 0.001 * (k >> 1));
  const choice = chooseImages(many, options);
  assertEquals([choice.rule, choice.threshold], ["agreement and margin", null]);
  assertEquals(choice.kept.length, 12);
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap / 4, 0) / 20); // of two scores: half their gap
  choice.margins.forEach((margin, i) => assertAlmostEquals(margin, gaps[i] / deviation, 1e-5));
  const left = Array.from(choice.margins.keys()).filter((i) => !choice.kept.includes(i));
  const least = Math.min(...Array.from(choice.kept, (i) => choice.margins[i]));
  assert(left.every((i) => choice.margins[i] <= least));
  assertEquals(chooseImages(many, { ...options, keepShare: 1 }).kept.length, 20);
  const leastMargin = 0.195 / deviation; // gaps 0.20 to 0.29 remain
  assertEquals(chooseImages(many, { ...options, keepShare: 1, leastMargin }).kept.length, 10);
});

Deno.test("half of the images from each direction stay, however small their margins are", () => {
  const gaps = Array.from({ length: 24 }, (_, i) => i < 16 ? 0.4 + 0.01 * i : 0.1 + 0.01 * i);
  const many = withGaps(gaps);
  const turned = [...views.subarray(48, 52), ...views.subarray(128, 132)]; // the last eight look from elsewhere
  for (let i = 16; i < 24; i++) many.rotation.set(turned, 8 * i);
  const options = { ...OPTIONS, discard: "margin", keepShare: 0.5, vAgrThreshold: 1 } as const;
  assertEquals(Array.from(chooseImages(many, options).kept), [
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    20,
    21,
    22,
    23,
  ]);
  const { kept } = chooseImages(many, { ...options, keepShare: 0.75 });
  assertEquals(Array.from(kept), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23]);
});

Deno.test("a pose is only as clear as by the kind of parts that doubts it most", () => {
  const input = withGaps(Array.from({ length: 20 }, (_, i) => 0.1 + 0.01 * i));
  const { scores } = input, iou = input.iou;
  const doubting = scores.map((value, k) => k >> 1 >= 15 ? 0.5 - (k % 2 ? 0.1 : 0) : value); // the rival is better there
  const options = { ...OPTIONS, discard: "margin", keepShare: 0.5, vAgrThreshold: 1 } as const;
  const byAll = chooseImages(input, options);
  assert(byAll.kept.includes(19));
  const kinds = [{ scores, miou: scores }, { scores: doubting, miou: doubting }];
  const { kept, margins, best } = chooseImages({ ...input, iou, kinds }, options);
  assertEquals(best, byAll.best);
  assertEquals(Array.from(kept), [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  assert(margins.subarray(15).every((margin) => margin < 0));
});

Deno.test("the clearness is the mean of what score and parts say", () => {
  const input = withGaps([0.1, 0.2, 0.3, 0.4]);
  const miou = input.scores.map((value, k) => k % 2 ? value : value + 0.15); // the rival's parts fit better by 0.15 less
  const { margins } = chooseImages({ ...input, miou }, OPTIONS);
  const deviation = (gaps: readonly number[]) =>
    Math.sqrt(gaps.reduce((sum, gap) => sum + gap * gap / 4, 0) / 4);
  const own = [0.1, 0.2, 0.3, 0.4], parts = own.map((gap) => gap - 0.15);
  margins.forEach((margin, i) =>
    assertAlmostEquals(margin, (own[i] / deviation(own) + parts[i] / deviation(parts)) / 2, 1e-5)
  );
});

Deno.test("part scores can be scaled to the spread of the silhouettes", () => {
  const iou = Float32Array.of(0.9, 0.7, 0.6, 0.4), miou = Float32Array.of(0.02, 0.04, 0.03, 0.01); // [2, 2]
  assertAlmostEquals(spreadRatio(iou, miou, 2), 0.2 / 0.02, 1e-5);
  assertEquals(spreadRatio(iou, new Float32Array(4), 2), 0);
  const job = {
    hypotheses: { rotation: views.subarray(0, 16), H: 2 },
    options: resolveOptions(CHOOSE_OPTIONS, { silhouetteWeight: 1, partsWeight: 2 }),
    before: null,
  } as unknown as ChooseJob;
  weightedScores(miou, iou, job).forEach((score, k) =>
    assertAlmostEquals(score, iou[k] + 20 * miou[k], 1e-5)
  );
});

Deno.test("cameras that look up cost more with a horizon, others do not", () => {
  const at = (view: number) => cameraDepression(views.subarray(4 * view, 4 * view + 4));
  const [above, level, below] = [4, 2, 0].map((elevation) => at(elevation)); // 135, 90 and 45 degrees
  assertAlmostEquals(above, 0, 1e-6);
  assertAlmostEquals(level, 0, 1e-6);
  assertAlmostEquals(below, Math.SQRT1_2, 1e-6);
});
