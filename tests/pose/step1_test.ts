import { assert, assertEquals } from "@std/assert";
import { StoppedError, UserError } from "../../lib/core/errors.ts";
import { partialFileOf, readHypotheses, writeHypotheses } from "../../lib/pose/files.ts";
import { madeFrom } from "../../lib/pose/made_from.ts";
import { estimateHypotheses, estimateHypothesesToFile } from "../../lib/pose/step1.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
import { boatDataset, boatTemplate, poseNearView } from "./boat.ts";

const dataset = boatDataset([2, 9, 17, 33].map((view) => poseNearView(view)));
const templates = [boatTemplate()];
const OPTIONS = { imageResolution: 32, cameraOptimSteps: 4, cameraLrDecayAfter: 3, workers: 0 };

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

Deno.test("hypotheses are the same to the bit for any number of workers", async () => {
  const seen: number[] = [];
  const onProgress = ({ done, values }: { done: number; values?: Readonly<Record<string, number>> }) => {
    seen.push(done);
    assertEquals(Object.keys(values!).slice(0, 3), ["images/s", "IoU", "GD"]);
  };
  const one = await estimateHypotheses(dataset, templates, OPTIONS, { onProgress });
  assertEquals(seen, [1, 2, 3, 4]);
  assertEquals([one.N, one.H, one.T], [4, 40, 1]);
  assertEquals(one.ids, dataset.records.map((record) => record.id));
  for (const workers of [1, 3]) {
    assertEquals(await estimateHypotheses(dataset, templates, { ...OPTIONS, workers }), one);
  }
});

Deno.test("one image gives the same alone as among others", async () => {
  const whole = await estimateHypotheses(dataset, templates, OPTIONS);
  const alone = await estimateHypotheses(boatDataset([poseNearView(17)]), templates, OPTIONS);
  assertEquals(alone.rotation, whole.rotation.slice(2 * 160, 3 * 160));
  assertEquals(alone.iou, whole.iou.slice(80, 120));
});

Deno.test("workers share the hypotheses of few images, with the same result to the bit", async () => {
  const one = boatDataset([poseNearView(17)]);
  const alone = await estimateHypotheses(one, templates, OPTIONS);
  assertEquals(await estimateHypotheses(one, templates, { ...OPTIONS, workers: 3 }), alone);
  const two = [...templates, ...templates];
  const all = { ...OPTIONS, noPrune: true };
  assertEquals(
    await estimateHypotheses(one, two, { ...all, workers: 3 }),
    await estimateHypotheses(one, two, all),
  );
});

Deno.test("a stopped run resumes and ends with the same file", async () => {
  const folder = await Deno.makeTempDir();
  const resultFile = `${folder}/hypotheses.safetensors`;
  const partial = partialFileOf(resultFile);
  try {
    const controller = new AbortController();
    const stopped = estimateHypothesesToFile(resultFile, dataset, templates, { ...OPTIONS, saveEvery: 1 }, {
      signal: controller.signal,
      onProgress: ({ done }) => done === 2 && controller.abort(),
    });
    await assertRejectsWith(() => stopped, StoppedError, "Pose estimation");
    assert(await exists(partial));
    const other = { ...OPTIONS, cameraOptimSteps: 5 };
    await assertRejectsWith(
      () => estimateHypothesesToFile(resultFile, dataset, templates, other),
      UserError,
      partial,
      "camera_optim_steps",
      4,
      5,
    );

    const messages: string[] = [], done: number[] = [];
    await estimateHypothesesToFile(resultFile, dataset, templates, { ...OPTIONS, workers: 2 }, {
      onMessage: (sentence) => messages.push(sentence),
      onProgress: (progress) => done.push(progress.done),
    });
    assertFacts(messages.at(-1)!, "2 of 4", partial);
    assertEquals(done, [3, 4]);
    const expected = await estimateHypotheses(dataset, templates, OPTIONS);
    assert(!await exists(partial), "the partial file goes with the result");
    assertEquals(await readHypotheses(resultFile), expected);
    const inOnePiece = await Deno.readFile(resultFile);
    await writeHypotheses(resultFile, expected, madeFrom(dataset, templates));
    assertEquals(await Deno.readFile(resultFile), inOnePiece);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an image that cannot be read fails the call and leaves what was done", async () => {
  const folder = await Deno.makeTempDir();
  const resultFile = `${folder}/hypotheses.safetensors`;
  const broken = {
    ...dataset,
    sample: (i: number, side: number) => {
      if (i === 3) throw new UserError("boat_3.png is damaged");
      return dataset.sample(i, side);
    },
  };
  try {
    const run = () => estimateHypothesesToFile(resultFile, broken, templates, { ...OPTIONS, saveEvery: 100 });
    await assertRejectsWith(run, UserError, "boat_3.png is damaged");
    const done: number[] = [];
    await estimateHypothesesToFile(resultFile, dataset, templates, OPTIONS, {
      onProgress: (progress) => done.push(progress.done),
    });
    assertEquals(done, [4]);
    assertEquals(await readHypotheses(resultFile), await estimateHypotheses(dataset, templates, OPTIONS));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an empty data set is refused, a schedule without decay is told", async () => {
  await assertRejectsWith(() => estimateHypotheses(boatDataset([]), templates), UserError, '"boats"');
  const messages: string[] = [];
  const options = { ...OPTIONS, cameraOptimSteps: 1 };
  await estimateHypotheses(boatDataset([poseNearView(2)]), templates, options, {
    onMessage: (sentence) => messages.push(sentence),
  });
  assertEquals(messages.length, 1);
});

Deno.test("an empty mask is named", async () => {
  const empty = {
    ...dataset,
    sample: async (i: number, side: number) => {
      const sample = await dataset.sample(i, side);
      if (i === 2) sample.mask.data.fill(0);
      return sample;
    },
  };
  await assertRejectsWith(
    () => estimateHypotheses(empty, templates, OPTIONS),
    UserError,
    '"boat_2"',
    "boat_2.png",
    '"boats"',
    "'skipInvalid'",
  );
});

Deno.test("the fast schedule keeps fourteen hypotheses, and a partial file knows it", async () => {
  const fast = await estimateHypotheses(dataset, templates, { ...OPTIONS, schedule: "fast" });
  assertEquals([fast.N, fast.H], [4, 14]);
  assertEquals(
    await estimateHypotheses(dataset, templates, { ...OPTIONS, schedule: "fast", workers: 2 }),
    fast,
  );
});
