import { assert, assertEquals } from "@std/assert";
import { choosePictures } from "../../lib/pose/choose.ts";
import { startViews } from "../../lib/pose/start_views.ts";

const OPTIONS = { vAgrThreshold: 0.3, keepAllBelow: 10, discard: "original", keepShare: 0.75 } as const;
const views = startViews();

/** N pictures of two opposite views; the second one scores `gap` less. */
function scored(scores: readonly number[], gap = 0.2) {
  const pair = [...views.subarray(8, 12), ...views.subarray(88, 92)];
  return {
    scores: Float32Array.from(scores.flatMap((score) => [score - gap, score])),
    iou: new Float32Array(2 * scores.length),
    rotation: Float32Array.from(scores.flatMap(() => pair)),
    H: 2,
  };
}

Deno.test("the worst tenth by score is discarded, the kept are ascending and above the threshold", () => {
  const scores = Array.from({ length: 30 }, (_, i) => (i * 7 % 30) / 30 + 0.3);
  const choice = choosePictures(scored(scores), OPTIONS);
  assertEquals(choice.rule, "agreement and score");
  assertEquals(choice.kept.length, 27);
  assert(choice.kept.every((i, m) => m === 0 || i > choice.kept[m - 1]));
  assert(choice.kept.every((i) => Math.fround(scores[i]) > choice.threshold!));
  assertEquals(new Set(choice.best), new Set([1]));
});

Deno.test("pictures whose hypotheses do not agree are discarded", () => {
  const scores = Array.from({ length: 12 }, (_, i) => 0.5 + i / 100);
  const even = scored(scores);
  even.scores[2 * 5] = even.scores[2 * 5 + 1];
  const choice = choosePictures(even, OPTIONS);
  assertEquals(Array.from(choice.kept), [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
  assert(Math.abs(choice.agreement[5] - 0.5) < 1e-6);
});

Deno.test("ties at the threshold all go", () => {
  const choice = choosePictures(scored([0.4, 0.4, 0.4, ...Array.from({ length: 9 }, () => 0.8)]), OPTIONS);
  assertEquals(Array.from(choice.kept), [3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("small sets are kept whole; without a threshold below ten", () => {
  const scores = [0.5, 0.6, 0.7, 0.4, 0.3, 0.2];
  const all = choosePictures(scored(scores, 0), OPTIONS);
  assertEquals([all.rule, all.kept.length, all.threshold], ["all", 6, null]);
  const strict = choosePictures(scored(scores), { ...OPTIONS, keepAllBelow: 0 });
  assertEquals([strict.rule, strict.kept.length, strict.threshold], ["agreement and score", 6, null]);
});

Deno.test("where hardly any picture is sure the better half is kept", () => {
  const scores = Array.from({ length: 12 }, (_, i) => 0.9 - i / 100);
  const choice = choosePictures(scored(scores, 0), OPTIONS);
  assertEquals([choice.rule, Array.from(choice.kept)], ["better half", [0, 1, 2, 3, 4, 5]]);
});

Deno.test("of equal scores the larger overlap wins", () => {
  const zero = scored(Array.from({ length: 3 }, () => 0), 0);
  zero.iou.set([0.1, 0.3, 0.3, 0.1, 0.2, 0.2]);
  assertEquals(Array.from(choosePictures(zero, OPTIONS).best), [1, 0, 0]);
});

Deno.test("the rule margin leaves out pictures with a rival pose that scores nearly as well", () => {
  const gaps = Array.from({ length: 20 }, (_, i) => 0.1 + 0.01 * (i * 7 % 20));
  const parts = gaps.map((gap) => scored([0.8], gap));
  const many = {
    scores: Float32Array.from(parts.flatMap(({ scores }) => Array.from(scores))),
    iou: new Float32Array(40),
    rotation: Float32Array.from(parts.flatMap(({ rotation }) => Array.from(rotation))),
    H: 2,
  };
  const options = { ...OPTIONS, discard: "margin", keepShare: 0.5, vAgrThreshold: 1 } as const;
  many.scores.forEach((score, k) => many.scores[k] = score + 0.001 * (k >> 1));
  const choice = choosePictures(many, options);
  assertEquals(choice.rule, "agreement, score and margin");
  assertEquals(choice.kept.length, 10);
  choice.margins.forEach((margin, i) => assert(Math.abs(margin - gaps[i]) < 1e-6));
  const left = Array.from(choice.margins.keys()).filter((i) => !choice.kept.includes(i) && i >= 2); // 2 by score
  const least = Math.min(...Array.from(choice.kept, (i) => choice.margins[i]));
  assert(left.every((i) => choice.margins[i] <= least));
  assertEquals(choosePictures(many, { ...options, keepShare: 1 }).kept.length, 18);
});

Deno.test("a pose is only as clear as by the kind of parts that doubts it most", () => {
  const gaps = Array.from({ length: 20 }, (_, i) => 0.1 + 0.01 * i);
  const many = gaps.map((gap) => scored([0.8], gap));
  const join = (values: (picture: typeof many[number]) => Float32Array) =>
    Float32Array.from(many.flatMap((picture) => Array.from(values(picture))));
  const scores = join(({ scores }) => scores), rotation = join(({ rotation }) => rotation);
  const doubting = scores.map((value, k) => k >> 1 >= 15 ? 0.5 - (k % 2 ? 0.1 : 0) : value); // the rival is better there
  const options = { ...OPTIONS, discard: "margin", keepShare: 0.5, vAgrThreshold: 1 } as const;
  const input = {
    scores: scores.map((value, k) => value + 0.001 * (k >> 1)),
    iou: new Float32Array(40),
    rotation,
    H: 2,
  };
  const byAll = choosePictures(input, options);
  assert(byAll.kept.includes(19));
  const { kept, margins, best } = choosePictures({ ...input, kinds: [scores, doubting] }, options);
  assertEquals(best, byAll.best);
  assertEquals(Array.from(kept), [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  assert(margins.subarray(15).every((margin) => Math.abs(margin + 0.1) < 1e-6));
});
