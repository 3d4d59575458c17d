import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { StoppedError, UserError } from "../../lib/core/errors.ts";
import { tf } from "../../lib/core/tensor.ts";
import { checkGanState, GanModel } from "../../lib/gan/gan_model.ts";
import type { GanOptions } from "../../lib/gan/gan_options.ts";
import type { GanNetworks } from "../../lib/gan/gan_networks.ts";
import { GanSteps } from "../../lib/gan/gan_steps.ts";
import type { Parameters } from "../../lib/networks/parameters.ts";
import { checkpointTags, loadCheckpoint, saveCheckpoint } from "../../lib/training/checkpoint.ts";
import { assertFacts, assertRejectsWith, assertThrowsWith } from "../helpers/assert_facts.ts";
import { toyDataset } from "./_dataset.ts";
import { inFolderOnWasm, runIn, trainIn } from "./_run.ts";
import { slowTest } from "../helpers/slow_test.ts";

const OPTIONS: GanOptions = { preset: "demo", textureResolution: 64, batchSize: 2, epochs: 2, saveFreq: 1 };
const NETWORKS: GanNetworks = {
  preset: "demo",
  textureResolution: 64,
  symmetric: true,
  latentDim: 64,
  classes: 0,
  normG: "batch",
  normD: "none",
  numDiscriminators: 2,
  startFromMean: true,
};

/** Names of the trainable entries that differ. */
function changes(before: Map<string, Float32Array>, parameters: Parameters): number {
  return [...parameters.trainable].filter(([name, variable]) =>
    variable.dataSync<"float32">().some((value, i) => value !== before.get(name)![i])
  ).length;
}
const snapshot = (parameters: Parameters) =>
  new Map(
    [...parameters.trainable].map(([name, variable]) => [name, variable.dataSync<"float32">().slice()]),
  );

Deno.test("a generator step moves generator and average, a discriminator step the discriminators only", async () => {
  await useBackend({ backend: "wasm" });
  const model = new GanModel(NETWORKS, 1);
  const steps = new GanSteps(model, { loss: "hinge", maskOutput: true, meshRegularization: 1e-4 });
  const parts = [model.generator, model.average, model.discriminators].map(({ parameters }) => parameters);
  const ones = (channels: number, size: number) =>
    tf.ones([2, size, size, channels]) as ReturnType<typeof tf.tensor4d>;
  const common = {
    latent: tf.randomNormal([2, 64], 0, 1, "float32", 1) as ReturnType<typeof tf.tensor2d>,
    oneHot: null,
    alpha: ones(1, 64),
    learningRate: tf.scalar(1e-3),
  };
  let before = parts.map(snapshot);
  const tensors = tf.memory().numTensors;
  const { loss, flat } = steps.generatorStep({ ...common, emaDecay: tf.scalar(0.9) });
  assertAlmostEquals(flat.dataSync()[0], 0.16304, 1e-4); // a fresh generator makes spheres
  assert(Number.isFinite(loss.dataSync()[0]));
  const moved = parts.map((parameters, i) => changes(before[i], parameters));
  assertEquals([moved[0] > 40, moved[1] > 40, moved[2]], [true, true, 0]);
  before = parts.map(snapshot);
  const losses = steps.discriminatorStep({ ...common, texture: ones(3, 64), map: ones(3, 32) });
  assert(Number.isFinite(losses.fake.dataSync()[0] + losses.real.dataSync()[0]));
  const second = parts.map((parameters, i) => changes(before[i], parameters));
  assertEquals([second[0], second[1], second[2] > 10], [0, 0, true]);
  tf.dispose([loss, flat, losses.fake, losses.real]);
  assertEquals(tf.memory().numTensors, tensors + 3); // the share, texture and map
  steps.dispose();
  model.dispose();
});

Deno.test("the generated texture gets no gradient where alpha is 0", async () => {
  await useBackend({ backend: "wasm" });
  const model = new GanModel(NETWORKS, 1);
  const alphaValues = new Float32Array(64 * 64).map((_, i) => i % 64 < 32 ? 1 : 0);
  const alpha = tf.tensor4d(alphaValues, [1, 64, 64, 1]);
  const map = tf.zeros([1, 32, 32, 3]) as ReturnType<typeof tf.tensor4d>;
  const gradient = tf.grad((texture) =>
    tf.sum(
      model.discriminators.discriminate(
        { texture: tf.mul(texture, alpha) as ReturnType<typeof tf.tensor4d>, alpha, map },
        null,
        false,
      )[0].prediction,
    )
  )(tf.ones([1, 64, 64, 3])).dataSync();
  gradient.forEach((value, i) => alphaValues[Math.floor(i / 3)] === 0 && assertEquals(Math.abs(value), 0));
  assert(gradient.some((value) => value !== 0));
  model.dispose();
});

Deno.test("trainGan writes settings and checkpoints, evaluates, and keeps the best", () =>
  inFolderOnWasm(async (folder) => {
    const tensors = tf.memory().numTensors,
      trained = { ...NETWORKS, components: 3, componentRows: 8, exemplars: 2 }; // of four objects
    const distances = [4, 3, 1, 2], scalars = new Set<string>();
    let bar = 0;
    const result = await trainIn(
      toyDataset(4, 64),
      runIn(folder),
      { ...OPTIONS, epochs: 3, evaluateFreq: 1, checkpointFreq: 2 },
      {
        onEvaluate: ({ epoch }) => Promise.resolve({ distance: distances[epoch] }),
        onScalars: (_, values) => Object.keys(values).forEach((name) => scalars.add(name)),
        onProgress: ({ done, total }) => bar = done / total,
      },
    );
    assertEquals([result.epochs, result.iterations, result.bestDistance, bar], [3, 6, 1, 1]);
    assertEquals(await checkpointTags(result.folder), ["2", "best", "latest"]);
    assertEquals((await loadCheckpoint(result.folder, "best")).state, {
      networks: trained,
      epoch: 2,
      batch: 0,
      batchSize: 2,
      iteration: 4,
      bestDistance: 1,
      bestDiversity: 0,
      goodEpoch: null,
    });
    assertEquals([...scalars].sort(), [
      "flat",
      "gan_hinge/d_fake_loss",
      "gan_hinge/d_real_loss",
      "gan_hinge/g",
    ]);
    const settings = JSON.parse(await Deno.readTextFile(`${result.folder}/settings.json`));
    assertEquals([settings.dataset, settings.mode, settings.networks], ["toy", "singletpl", trained]);
    assertEquals(tf.memory().numTensors, tensors);
  }));

Deno.test("averages of generators that start from the data keep 99 hundredths from the first step on", () =>
  inFolderOnWasm(async (folder) => {
    const averages = [];
    for (const gRunningAverageAlpha of [1, 0, 0.999]) { // the start, the trained generator, and between them
      const run = runIn(`${folder}/${gRunningAverageAlpha}`);
      const options = { ...OPTIONS, epochs: 1, gRunningAverageAlpha };
      const { folder: trained } = await trainIn(toyDataset(4, 64), run, options);
      const { arrays } = await loadCheckpoint(trained, "latest");
      const own = Object.entries(arrays).filter(([name]) => name.startsWith("generator_running_avg"));
      averages.push(own.flatMap(([, { data }]) => Array.from(data, Number)));
    }
    const [start, end, between] = averages;
    const move = (i: number) => Math.abs(end[i] - start[i]);
    const most = start.reduce((best, _, i) => move(i) > move(best) ? i : best, 0);
    assertAlmostEquals((between[most] - start[most]) / (end[most] - start[most]), 1 - 0.999 ** 10, 1e-3);
  }));

Deno.test("a stopped run resumes to the same bits as an uninterrupted one, evaluated or not", () =>
  inFolderOnWasm(async (folder) => {
    const whole = await trainIn(toyDataset(6, 64), runIn(`${folder}/a`), OPTIONS, {
      onEvaluate: () => Promise.resolve({ distance: 1 }),
    });
    const stop = new AbortController();
    await assertRejectsWith(
      () =>
        trainIn(toyDataset(6, 64), runIn(`${folder}/b`), OPTIONS, {
          signal: stop.signal,
          onScalars: (step) => step === 1 && stop.abort(),
        }),
      StoppedError,
      `${folder}/b/run`,
    );
    const rest = await trainIn(toyDataset(6, 64), runIn(`${folder}/b`), { ...OPTIONS, continueTrain: true });
    const [a, b] = [
      await loadCheckpoint(whole.folder, "latest"),
      await loadCheckpoint(rest.folder, "latest"),
    ];
    assertEquals(rest.iterations, 6);
    for (const [name, { data }] of Object.entries(a.arrays)) {
      assert(
        (data as Float32Array).every((value, i) => Object.is(value, b.arrays[name].data[i])),
        `${name} differs`,
      );
    }
  }));

slowTest(
  "a killed run, which could save nothing, resumes from its last save to the same bits",
  () =>
    inFolderOnWasm(async (folder) => {
      const whole = await trainIn(toyDataset(4, 64), runIn(`${folder}/a`), { ...OPTIONS, epochs: 3 });
      await assertRejectsWith(
        () =>
          trainIn(toyDataset(4, 64), runIn(`${folder}/b`), { ...OPTIONS, epochs: 3 }, {
            onScalars(step) {
              if (step === 5) throw new Error("killed"); // in the third epoch; nothing is saved on the way out
            },
          }),
        Error,
        "killed",
      );
      const saved = await loadCheckpoint(`${folder}/b/run`, "latest");
      assertEquals((saved.state as { epoch: number }).epoch, 2);
      const options = { ...OPTIONS, epochs: 3, continueTrain: true };
      const rest = await trainIn(toyDataset(4, 64), runIn(`${folder}/b`), options);
      const [a, b] = [
        await loadCheckpoint(whole.folder, "latest"),
        await loadCheckpoint(rest.folder, "latest"),
      ];
      for (const [name, { data }] of Object.entries(a.arrays)) {
        assert((data as Float32Array).every((value, i) => Object.is(value, b.arrays[name].data[i])), name);
      }
      assertEquals(b.state, a.state);
    }),
);

Deno.test("trainGan conditions on classes and draws them equally often", () =>
  inFolderOnWasm(async (folder) => {
    const result = await trainIn(toyDataset(4, 64, 2), runIn(folder), {
      ...OPTIONS,
      conditionalClass: true,
      epochs: 1,
    });
    const { arrays } = await loadCheckpoint(result.folder, "latest");
    assertEquals(arrays["generator/emb_class.weight"].shape, [2, 64]);
  }));

Deno.test("trainGan refuses what cannot work, in a sentence", () =>
  inFolderOnWasm(async (folder) => {
    await assertRejectsWith(
      () => trainIn(toyDataset(3, 64), runIn(folder), { ...OPTIONS, batchSize: 4 }),
      UserError,
      "toy",
      4,
      "3 samples",
      "'batchSize: 3'",
    );
    await assertRejectsWith(
      () => trainIn({ ...toyDataset(3, 64), hasSamples: false }, runIn(folder), OPTIONS),
      UserError,
      "toy",
      "generate_pseudogt",
      "--pseudogt_resolution 64",
    );
    await trainIn(toyDataset(2, 64), runIn(folder), { ...OPTIONS, epochs: 1 });
    await assertRejectsWith(
      () => trainIn(toyDataset(2, 64), runIn(folder), OPTIONS),
      UserError,
      `${folder}/run`,
      "'continueTrain'",
      "'overwrite'",
    );
    await assertRejectsWith(
      () =>
        trainIn(toyDataset(2, 128), runIn(folder), {
          ...OPTIONS,
          textureResolution: 128,
          continueTrain: true,
        }),
      UserError,
      "'textureResolution'",
      64,
      `${folder}/run/settings.json`,
      128,
    );
  }));

Deno.test("trainGan notices a generator whose images become alike, and resumes from before", () =>
  inFolderOnWasm(async (folder) => {
    const diversities = [0.1, 0.5, 0.4, 0.01];
    const options = { ...OPTIONS, epochs: 4, evaluateFreq: 1, checkpointFreq: 1 };
    const evaluate = ({ epoch }: { epoch: number }) =>
      Promise.resolve({ distance: 1 / epoch, diversity: diversities[epoch - 1], realDiversity: 1 });
    await assertRejectsWith(
      () => trainIn(toyDataset(2, 64), runIn(folder), options, { onEvaluate: evaluate }),
      UserError,
      ...["0.0100", "epoch 4", "0.500", "1.00", "'continueTrain'", "'whichEpoch: 3'", "'lrG'", "'lrD'"],
    );
    assertEquals(await checkpointTags(`${folder}/run`), ["1", "2", "3", "best", "latest"]);
    assertEquals(((await loadCheckpoint(`${folder}/run`, "best")).state as { epoch: number }).epoch, 3);
    const again = { ...options, continueTrain: true, whichEpoch: "2", lrG: 1e-5 };
    const starts: number[] = [];
    const { epochs } = await trainIn(toyDataset(2, 64), runIn(folder), again, {
      onScalars: (step) => void starts.push(step),
    });
    assertEquals([epochs, starts[0]], [4, 2]);
  }));

Deno.test("trainGan does not take a slow start for a collapse", () =>
  inFolderOnWasm(async (folder) => {
    const evaluate = () => Promise.resolve({ distance: 1, diversity: 0.01, realDiversity: 1 });
    const { epochs } = await trainIn(toyDataset(2, 64), runIn(folder), { ...OPTIONS, evaluateFreq: 1 }, {
      onEvaluate: evaluate,
    });
    assertEquals(epochs, 2);
  }));

Deno.test("trainGan refuses to resume from a released model", () =>
  inFolderOnWasm(async (folder) => {
    const { folder: path } = await trainIn(toyDataset(2, 64), runIn(folder), { ...OPTIONS, epochs: 1 });
    const { arrays, state } = await loadCheckpoint(path, "latest");
    const average = Object.entries(arrays).filter(([name]) => name.startsWith("generator_running_avg/"));
    await saveCheckpoint(path, "latest", Object.fromEntries(average), state);
    await assertRejectsWith(
      () => trainIn(toyDataset(2, 64), runIn(folder), { ...OPTIONS, continueTrain: true }),
      UserError,
      `${folder}/run`,
      '"generator/…"',
    );
  }));

Deno.test("a checkpoint of another configuration is refused with the difference", () =>
  inFolderOnWasm(async (folder) => {
    const { folder: path } = await trainIn(toyDataset(2, 64), runIn(folder), { ...OPTIONS, epochs: 1 });
    const checkpoint = await loadCheckpoint(path, "latest");
    const differences = [
      [{ latentDim: 32 }, "latentDim", 64, 32],
      [{ symmetric: false }, "symmetric", "true", "false"],
      [{ classes: 3 }, "classes", 0, 3],
      [{ normD: "instance" }, "normD", "none", "instance"],
      [{ textureResolution: 128 }, "textureResolution", 64, 128],
    ] as const;
    for (const [difference, ...facts] of differences) {
      assertThrowsWith(
        () => checkGanState(checkpoint, { ...NETWORKS, ...difference }, "the checkpoint"),
        UserError,
        "the checkpoint",
        ...facts,
      );
    }
  }));

Deno.test("trainGan notices losses that are NaN and saves nothing of them", () =>
  inFolderOnWasm(async (folder) => {
    const dataset = toyDataset(2, 64);
    const broken = {
      ...dataset,
      sample: async (index: number) => {
        const sample = await dataset.sample(index);
        return { ...sample, displacementMap: sample.displacementMap.map(() => NaN) };
      },
    };
    await assertRejectsWith(
      () => trainIn(broken, runIn(folder), { ...OPTIONS, epochs: 4 }),
      UserError,
      ...["gan_hinge/g", "NaN", "iteration 0", "'overwrite'", "'lrG'", "'lrD'"],
    );
    assertEquals(await checkpointTags(`${folder}/run`), []);
  }));

Deno.test("a run of some hours stops when they are over, and resumes with more", () =>
  inFolderOnWasm(async (folder) => {
    const run = runIn(folder), messages: string[] = [];
    const callbacks = { onMessage: (sentence: string) => messages.push(sentence) };
    const first = await trainIn(toyDataset(4, 64), run, { ...OPTIONS, hours: 1e-6 }, callbacks);
    assertEquals(first.epochs, 1);
    assertFacts(messages[0], "0.000001 hours");
    const again = { ...OPTIONS, hours: 1e-6, continueTrain: true };
    assertEquals((await trainIn(toyDataset(4, 64), run, again, callbacks)).epochs, 1);
    assertFacts(messages.at(-1)!, "0.000001 hours", "'hours'");
    const { state } = await loadCheckpoint(first.folder, "latest");
    const { seconds } = state as { seconds: number };
    const more = { ...OPTIONS, hours: (seconds + 0.3) / 3600, continueTrain: true };
    assert((await trainIn(toyDataset(4, 64), run, more, callbacks)).epochs > 1);
  }));
