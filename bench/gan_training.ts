/**
 * The whole training loop of the GAN as a workload of the training bench: samples are files, read ahead and mirrored; losses
 * are logged; the EMA is kept.
 *
 * @module
 */
import { floatImage } from "../lib/core/arrays.ts";
import { Prng } from "../lib/core/prng.ts";
import { trainGan } from "../lib/gan/train_gan.ts";
import type { UvDataset } from "../lib/gan/uv_dataset.ts";
import type { PresetName } from "../lib/networks/presets.ts";
import { openRunLog } from "../lib/pipeline/run_log.ts";
import { runFolder } from "../lib/training/run_folder.ts";
import { readUvSample, uvSampleFile, writeUvSample } from "../lib/pseudogt/files.ts";

/** Cycles of one generator step and two discriminator steps in an epoch. */
const CYCLES = 2, STEPS_OF_CYCLE = 3;

/** Makes a step that trains one epoch. */
export async function ganTraining(size: number, batch: number, preset: PresetName) {
  const folder = await Deno.makeTempDir();
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const dataset = await writeDataset(`${folder}/samples`, size, CYCLES * STEPS_OF_CYCLE * batch);
  const epoch = pausedAfterEach(async (epochEnds) => {
    const run = `${folder}/run`, forever = 2 ** 30;
    const log = await openRunLog({
      ...{ folder: run, eventFolder: `${folder}/events`, firstStep: 0 },
    }, {});
    await trainGan(dataset, {
      ...{ preset, textureResolution: size, batchSize: batch, evaluateFreq: 1 },
      ...{ epochs: forever, saveFreq: forever, checkpointFreq: forever },
    }, { ...log.callbacks, run: runFolder(run), onEvaluate: epochEnds });
  });
  return { epoch };
}

/** Samples of random colours, as files. */
async function writeDataset(folder: string, size: number, count: number): Promise<UvDataset> {
  const prng = new Prng(1, "bench");
  await Deno.mkdir(folder);
  for (let i = 0; i < count; i++) {
    const texture = floatImage(size, size, 3), alpha = floatImage(size, size, 1);
    alpha.data.forEach((_, k) => alpha.data[k] = prng.next() > 0.3 ? 1 : 0);
    texture.data.forEach((_, k) => texture.data[k] = prng.uniform(-1, 1) * alpha.data[Math.floor(k / 3)]);
    const displacementMap = Float32Array.from({ length: 32 * 32 * 3 }, () => prng.uniform(-0.1, 0.1));
    const sample = { id: `${i}`, classIndex: 0, displacementMap, parts: null, texture, alpha };
    await writeUvSample(uvSampleFile(folder, i), sample);
  }
  const poses = {
    ...{ scale: new Float32Array(count), translation: new Float32Array(2 * count) },
    ...{ rotation: new Float32Array(4 * count), perspective: new Float32Array(count) },
    ...{ classIndex: new Int32Array(count), ids: Array.from({ length: count }, (_, i) => `${i}`) },
  };
  return {
    ...{
      name: "bench",
      mode: "singletpl",
      length: count,
      resolution: size,
      classes: 1,
      poses,
      hasSamples: true,
    },
    sample: (index) => readUvSample(uvSampleFile(folder, index)),
  };
}

/** Runs an endless job piece by piece: each call of the result lets it go on until it next calls `pause`. */
function pausedAfterEach(job: (pause: () => Promise<void>) => Promise<void>): () => Promise<void> {
  let goOn = () => {}, paused = () => {}, ended: Promise<void> | null = null;
  const pause = () => {
    paused();
    return new Promise<void>((resolve) => goOn = resolve);
  };
  return () => {
    const atPause = new Promise<void>((resolve) => paused = resolve);
    if (ended === null) ended = job(pause);
    else goOn();
    return Promise.race([atPause, ended]);
  };
}
