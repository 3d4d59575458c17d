/**
 * What the training loop of the GAN costs beside its steps: loading, mirroring, logging, running average, saving. Both
 * are measured in turn, several times, on the same data; the medians are printed.
 *
 *     deno run -A bench/gan_loop_bench.ts [preset] [batch] [threads]
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { measureLine } from "../cli/measure.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { floatImage } from "../lib/core/arrays.ts";
import { Prng } from "../lib/core/prng.ts";
import { tf } from "../lib/core/tensor.ts";
import { GanModel } from "../lib/gan/gan_model.ts";
import { ganNetworks, resolveGanOptions } from "../lib/gan/gan_options.ts";
import { GanSteps } from "../lib/gan/gan_steps.ts";
import { trainingLatents } from "../lib/gan/latent.ts";
import { trainGan } from "../lib/gan/train_gan.ts";
import type { UvDataset } from "../lib/gan/uv_dataset.ts";
import type { PresetName } from "../lib/networks/presets.ts";
import { readUvSample, uvSampleFile, writeUvSample } from "../lib/pseudogt/files.ts";

const [preset = "demo", batch = "8", threads = "2"] = Deno.args;
const R = 128, B = Number(batch), SAMPLES = 8 * B, ROUNDS = 5, STEPS = 60;
const OPTIONS = { preset: preset as PresetName, textureResolution: R, batchSize: B } as const;

/** Seconds of the wall clock and of the processors since the start. */
function clocks(): [wall: number, processors: number] {
  const { user, system } = cpuUsage();
  return [performance.now() / 1000, (user + system) / 1e6];
}

/** A data set whose samples are files, as in a real run. */
async function dataSet(folder: string): Promise<UvDataset> {
  const prng = new Prng(1, "bench");
  for (let i = 0; i < SAMPLES; i++) {
    const texture = floatImage(R, R, 3), alpha = floatImage(R, R, 1);
    texture.data.forEach((_, k) => texture.data[k] = prng.uniform(-1, 1));
    alpha.data.fill(1);
    const displacementMap = new Float32Array(32 * 32 * 3);
    const sample = { id: `${i}`, classIndex: 0, displacementMap, parts: null, texture, alpha };
    await writeUvSample(uvSampleFile(folder, i), sample);
  }
  const poses = {
    ...{ scale: new Float32Array(SAMPLES), translation: new Float32Array(2 * SAMPLES) },
    ...{ rotation: new Float32Array(4 * SAMPLES), perspective: new Float32Array(SAMPLES) },
    ...{ classIndex: new Int32Array(SAMPLES), ids: Array.from({ length: SAMPLES }, (_, i) => `${i}`) },
  };
  return {
    ...{ name: "bench", length: SAMPLES, resolution: R, classes: 1, poses, hasSamples: true },
    sample: (index) => readUvSample(uvSampleFile(folder, index)),
  };
}

/** Seconds of an iteration of bare steps, generator and discriminator in the ratio of training. */
async function bareSteps(): Promise<() => Promise<[number, number]>> {
  const options = resolveGanOptions(OPTIONS);
  const model = new GanModel(ganNetworks(options, 1), 1), steps = new GanSteps(model, options);
  await steps.prepare(B);
  const latent = tf.tensor2d(trainingLatents(1, 0, B, options.latentDim), [B, options.latentDim]);
  const alpha = tf.ones<tf.Rank.R4>([B, R, R, 1]),
    texture = tf.randomUniform<tf.Rank.R4>([B, R, R, 3], -1, 1);
  const map = tf.zeros<tf.Rank.R4>([B, 32, 32, 3]);
  const common = { latent, oneHot: null, alpha, learningRate: tf.scalar(1e-4) };
  const share = tf.scalar(0.9);
  return async () => {
    const started = clocks();
    for (let k = 0; k < STEPS; k++) {
      const losses = k % 3 === 0
        ? Object.values(steps.generatorStep({ ...common, averageShare: share }))
        : Object.values(steps.discriminatorStep({ ...common, texture, map }));
      if (k === STEPS - 1) { for (const loss of losses) await loss.data(); }
      tf.dispose(losses);
    }
    const ended = clocks();
    return [(ended[0] - started[0]) / STEPS, (ended[1] - started[1]) / STEPS];
  };
}

/** Seconds of an iteration of training, from the second epoch on. */
async function loop(dataset: UvDataset, folder: string): Promise<[number, number]> {
  const epochs = 1 + Math.ceil(STEPS / 8);
  let first = clocks(), last = first, firstStep = 0, lastStep = 0;
  await trainGan(dataset, { name: "bench", mode: "singletpl", folder: `${folder}/run` }, {
    ...{ ...OPTIONS, epochs, saveFreq: epochs, overwrite: true },
  }, {
    onScalars(step) {
      if (step >= 8 && firstStep === 0) [first, firstStep] = [clocks(), step];
      [last, lastStep] = [clocks(), step];
    },
  });
  const count = lastStep - firstStep;
  return [(last[0] - first[0]) / count, (last[1] - first[1]) / count];
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const { name } = await useBackend({ threads: Number(threads) });
const folder = await Deno.makeTempDir();
try {
  const dataset = await dataSet(folder), bare = await bareSteps();
  await bare();
  const times: [bare: [number, number], loop: [number, number]][] = [];
  for (let round = 0; round < ROUNDS; round++) times.push([await bare(), await loop(dataset, folder)]);
  const of = (which: 0 | 1, clock: 0 | 1) => median(times.map((pair) => pair[which][clock]));
  const ratio = (clock: 0 | 1) => median(times.map(([bare, whole]) => whole[clock] / bare[clock]));
  console.log(`GAN ${preset}, texture ${R}, batch ${B}, backend ${name}, ${threads} threads`);
  console.log(measureLine("images a second, bare steps", B / of(0, 0)));
  console.log(measureLine("images a second, training loop", B / of(1, 0)));
  console.log(measureLine("time of the loop as a share of bare steps", ratio(0), 1.1));
  console.log(measureLine("processor time of the loop as a share of bare steps", ratio(1), 1.1));
} finally {
  await Deno.remove(folder, { recursive: true });
}
