import type { RunControl } from "../../lib/training/run_folder.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { StoppedError, UserError } from "../../lib/core/errors.ts";
import { tf } from "../../lib/core/tensor.ts";
import { hardIou } from "../../lib/metrics/hard_iou.ts";
import { evaluateReconstruction } from "../../lib/reconstruction/evaluate.ts";
import { loadReconstruction } from "../../lib/reconstruction/files.ts";
import { reconstructImage } from "../../lib/reconstruction/reconstruct_image.ts";
import type { ReconstructionOptions } from "../../lib/reconstruction/options.ts";
import { checkpointTags, loadCheckpoint } from "../../lib/training/checkpoint.ts";
import { readRunSettings, writeRunSettings } from "../../lib/training/run_settings.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { trainIn } from "./train_in.ts";
import { makeToyInputs } from "./toy_dataset.ts";

await useBackend({ backend: "auto", threads: 1 });

const { dataset, poses, templates } = makeToyInputs(6);

const SMALL: ReconstructionOptions = {
  preset: "demo",
  imageResolution: 32,
  width: 1 / 16,
  batchSize: 2,
  epochs: 2,
  lr: 1e-3,
  saveFreq: 1,
};

Deno.test("a run stopped in the middle of an epoch resumes bit for bit", () =>
  inFolder(async (root) => {
    const whole = join(root, "whole"), parts = join(root, "parts");
    const count = tf.memory().numTensors;
    await trainIn(dataset, poses, templates, { ...SMALL, folder: whole });
    assertEquals(tf.memory().numTensors, count);
    const stop = new AbortController();
    const options = { ...SMALL, folder: parts };
    const stopped = trainIn(dataset, poses, templates, options, {
      signal: stop.signal,
      onProgress: ({ done }) => done === 2 ? stop.abort() : undefined,
    });
    await assertRejects(() => stopped, StoppedError);
    await assertRejectsWith(
      () => trainIn(dataset, poses, templates, options),
      UserError,
      parts,
      "'continueTrain'",
      "'overwrite'",
    );
    const result = await trainIn(dataset, poses, templates, { ...options, continueTrain: true });
    assertEquals([result.state.iteration, result.state.epoch, result.state.position], [6, 2, 0]);
    const [a, b] = await Promise.all([whole, parts].map((folder) => loadCheckpoint(folder, "latest")));
    assertEquals(b.state, a.state);
    assertEquals(Object.keys(b.arrays), Object.keys(a.arrays));
    for (const name of Object.keys(a.arrays)) assertEquals(b.arrays[name], a.arrays[name], name);
    const log = await Deno.readTextFile(join(parts, "log.txt"));
    assert(log.includes("epoch 2 done"));
    const other = { ...options, continueTrain: true, lr: 1e-4 };
    await assertRejectsWith(
      () => trainIn(dataset, poses, templates, other),
      UserError,
      "'lr'",
      0.001,
      join(parts, "settings.json"),
      0.0001,
    );
  }));

Deno.test("the seed decides, held-out photographs are measured, and a trained network is loaded and used", () =>
  inFolder(async (folder) => {
    const scalars: Record<string, number>[] = [];
    const options = { ...SMALL, folder, overwrite: true, valFraction: 0.34, checkpointFreq: 2 };
    const images: number[][] = [];
    const result = await trainIn(dataset, poses, templates, { ...options, imageFreq: 2 }, {
      onScalars: (_, values) => scalars.push(values),
      onImage: (_, __, { height, width }) => images.push([height, width]),
    });
    assert(result.validation!.iou > 0 && result.validation!.iou <= 1);
    assertEquals(images, [[4 * 34 - 2, 5 * 34 - 2]]);
    assert(scalars.some((values) => "iou/validation" in values));
    assertEquals(await checkpointTags(folder), ["2", "best", "latest"]);
    const trained = await loadReconstruction(folder, "latest");
    assertEquals(trained.network.type, "reconstruction-demo");
    const pose = dataset.records[0].truePose!;
    const reconstruction = await reconstructImage(trained, await dataset.sample(0, 32), pose);
    assertEquals([reconstruction.screen.length, reconstruction.parts!.channels], [962 * 3, 3]);
    const figures = await evaluateReconstruction(trained, dataset, poses, templates, {
      semiFraction: 0.1,
      meshRegularization: 5e-5,
      batchSize: 4,
      loss: "mse",
      maskTarget: "soft",
    });
    assert(figures.iou > 0 && Number.isFinite(figures.total));
    let iou = 0;
    for (let i = 0; i < dataset.length; i++) {
      const sample = await dataset.sample(i, 32);
      const { screen } = await reconstructImage(trained, sample, dataset.records[i].truePose!);
      iou += hardIou(screen, (await dataset.sample(i, 256)).mask);
    }
    assertAlmostEquals(figures.iou, iou / dataset.length, 1e-3); // of the meshes, in 256 pixels a side
    trained.network.dispose();
    const again = await trainIn(dataset, poses, templates, options);
    assertEquals(again.figures, result.figures);
    const other = await trainIn(dataset, poses, templates, { ...options, seed: 2 });
    assert(other.figures!.total !== result.figures!.total);
    await assertRejectsWith(
      () => loadReconstruction(folder, 7),
      UserError,
      "checkpoint_7.safetensors",
      "2, best, latest",
    );
  }));

Deno.test("a run resumes from any checkpoint and for more epochs, and its settings say so", () =>
  inFolder(async (root) => {
    const whole = join(root, "whole"), longer = join(root, "longer");
    const train = (folder: string, changes: ReconstructionOptions & RunControl) =>
      trainIn(dataset, poses, templates, { ...SMALL, folder, ...changes });
    await train(whole, { epochs: 3 });
    await train(longer, { epochs: 2, checkpointFreq: 1 });
    const first = await loadCheckpoint(longer, "latest");
    const more = await train(longer, { epochs: 3, checkpointFreq: 1, continueTrain: true, whichEpoch: "1" });
    assertEquals([more.state.iteration, more.state.epoch], [9, 3]);
    const [a, b] = await Promise.all([whole, longer].map((folder) => loadCheckpoint(folder, "latest")));
    for (const name of Object.keys(a.arrays)) assertEquals(b.arrays[name], a.arrays[name], name);
    const again = await loadCheckpoint(longer, 2); // written again by the same steps
    for (const name of Object.keys(a.arrays)) assertEquals(again.arrays[name], first.arrays[name], name);
    assertEquals((await readRunSettings(longer)).epochs, 3);
    const missing = () => train(longer, { epochs: 4, continueTrain: true, whichEpoch: "9" });
    await assertRejectsWith(missing, UserError, "checkpoint_9.safetensors", "1, 2, 3, latest");
  }));

slowTest(
  "a run that was stored without its target of silhouettes resumes with plain masks",
  () =>
    inFolder(async (folder) => {
      const options = { ...SMALL, folder };
      const plain = { ...options, maskTarget: "plain" } as const;
      await trainIn(dataset, poses, templates, { ...plain, epochs: 1 });
      const { maskTarget, ...older } = await readRunSettings(folder);
      assertEquals(maskTarget, "plain");
      await writeRunSettings(folder, older);
      const continued = { ...options, continueTrain: true };
      const soft = { ...continued, maskTarget: "soft" } as const;
      const otherTarget = () => trainIn(dataset, poses, templates, soft);
      await assertRejectsWith(otherTarget, UserError, "'maskTarget'", '"plain"');
      const { figures } = await trainIn(dataset, poses, templates, continued);
      assertEquals((await readRunSettings(folder)).maskTarget, "plain");
      const again = { ...plain, overwrite: true };
      assertEquals((await trainIn(dataset, poses, templates, again)).figures, figures);
      const softer = await trainIn(dataset, poses, templates, { ...options, overwrite: true });
      assertEquals((await readRunSettings(folder)).maskTarget, "soft");
      assert(softer.figures!.alpha !== figures!.alpha);
    }),
);

Deno.test("photographs without parts train the texture alone", () =>
  inFolder(async (folder) => {
    const plain = makeToyInputs(4, ["thing"], false);
    const options = { ...SMALL, folder, overwrite: true, epochs: 1 };
    const speeds: number[] = [];
    const result = await trainIn(plain.dataset, plain.poses, plain.templates, options, {
      onProgress: ({ values }) => speeds.push(values!["images/s"]),
    });
    assertEquals(speeds.map((speed) => speed > 0), [false, true]); // the first step starts the clock
    assertEquals([result.state.config.predictionType, result.state.config.partChannels], ["texture", 1]);
  }));

Deno.test("what cannot be trained is refused with a sentence", () =>
  inFolder(async (folder) => {
    const train = (changes: ReconstructionOptions & RunControl, changedPoses = poses) =>
      trainIn(dataset, changedPoses, templates, {
        ...SMALL,
        folder,
        overwrite: true,
        ...changes,
      });
    await assertRejectsWith(() => train({ batchSize: 8 }), UserError, "'batchSize'", 6, 8);
    await assertRejectsWith(() => train({ batchSize: 1 }), UserError, "'batchSize'", "≥ 2", 1);
    await assertRejectsWith(() => train({ iters: 2 }), RangeError, 2, 6);
    await assertRejectsWith(
      () => train({ imageResolution: 1 << 20, width: 1 }),
      UserError,
      "'batchSize: 2'",
      "GB",
      "'imageResolution'",
    );
    await assertRejectsWith(() => train({ semiFraction: 2 }), UserError, "'semiFraction'", "0 to 1", 2);
    const broken = { ...poses, scale: poses.scale.map(() => NaN) };
    await assertRejectsWith(
      () => train({}, broken),
      UserError,
      folder,
      "mse/train",
      "NaN",
      "iteration 1",
      "'overwrite'",
      "'lr'",
    );
    const renamed = { ...poses, ids: poses.ids.map((id) => id + "x") };
    await assertRejectsWith(() => train({}, renamed), UserError, "toy", "toy0x", "toy0");
    const severalTemplates = { ...poses, weights: new Float32Array(12) };
    await assertRejectsWith(() => train({}, severalTemplates), UserError, "toy", "2 templates", 1);
  }));
