/**
 * One process of `bench:scale`: `scale_job.ts pose|gan ITEMS`. The first process prints images a second, its processor
 * time in seconds and its resident memory in megabytes as JSON.
 *
 * @module
 */
import process from "node:process";
import { runAsRank } from "../cli/run_as_rank.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { floatImage } from "../lib/core/arrays.ts";
import { Prng } from "../lib/core/prng.ts";
import { type Tensor2D, type Tensor4D, tf } from "../lib/core/tensor.ts";
import type { Dataset, SampleRecord } from "../lib/datasets/dataset.ts";
import { communicator } from "../lib/distributed/communicator.ts";
import { GanModel } from "../lib/gan/gan_model.ts";
import { resolveGanOptions } from "../lib/gan/gan_options.ts";
import { ganNetworks } from "../lib/gan/gan_networks.ts";
import { GanSteps } from "../lib/gan/gan_steps.ts";
import { estimateHypotheses } from "../lib/pose/step1.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../lib/rendering/cameras.ts";
import { rasterize } from "../lib/rendering/rasterize.ts";
import { loadTemplates } from "../lib/templates/load_templates.ts";
import { batchShare } from "../lib/training/batch_share.ts";

const CATEGORY = "car", RESOLUTION = 128, BATCH = 8;

/** Silhouettes of a template from random sides. */
async function silhouettes(
  count: number,
): Promise<{ dataset: Dataset; template: Awaited<ReturnType<typeof load>> }> {
  const template = await load();
  const { faces } = sphereTopology(), prng = new Prng(1, "scale");
  const records = Array.from({ length: count }, (_, i): SampleRecord => {
    const angle = prng.uniform(0, Math.PI), half = Math.SQRT1_2;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const rotation = [half * c, -half * c, -half * s, half * s]; // z up on the screen, then about z
    return {
      id: `view_${i}`,
      imagePath: "",
      maskPath: null,
      maskRuns: null,
      partsPath: null,
      classIndex: 0,
      width: 64,
      height: 64,
      box: [0, 0, 63, 63],
      truePose: { rotation, scale: 0.7, translation: [0, 0], perspective: 3 },
    };
  });
  const sample: Dataset["sample"] = (i, side) => {
    const truePose = records[i].truePose!, mask = floatImage(side, side, 1);
    const { faceIndex } = rasterize(projectVertices(template.vertices, truePose), faces, side, side);
    faceIndex.forEach((face, pixel) => mask.data[pixel] = face < 0 ? 0 : 1);
    const { id, classIndex } = records[i];
    const crop = { x: 0, y: 0, size: 64 };
    return Promise.resolve({
      id,
      classIndex,
      image: floatImage(side, side, 3),
      mask,
      parts: null,
      crop,
      truePose,
    });
  };
  const names = { name: "scale", category: CATEGORY, classNames: [CATEGORY], partNames: [] };
  return { dataset: { ...names, length: count, records, sample }, template };
}

const load = async () => (await loadTemplates(CATEGORY, "singletpl"))[0];

/** Figures of a job's measured part. */
interface Timed {
  readonly perSecond: number;
  readonly processorSeconds: number;
}

/** Runs what is measured, all processes at once. */
async function timed(images: number, run: () => void | Promise<unknown>): Promise<Timed> {
  communicator().barrier();
  const before = process.cpuUsage(), started = performance.now();
  await run();
  const perSecond = images / ((performance.now() - started) / 1000);
  const { user, system } = process.cpuUsage(before);
  return { perSecond, processorSeconds: (user + system) / 1e6 };
}

/** Images a second of step 1 with one worker a process. */
async function pose(count: number): Promise<Timed> {
  const { dataset, template } = await silhouettes(count);
  const options = { imageResolution: 128, cameraOptimSteps: 20, cameraLrDecayAfter: 16, workers: 1 };
  return await timed(count, () => estimateHypotheses(dataset, [template], options));
}

/** Images a second of cycles of generator and discriminator steps on one thread a process. */
async function gan(cycles: number): Promise<Timed> {
  await useBackend({ backend: "native", threads: 1 });
  const options = resolveGanOptions({ preset: "paper", textureResolution: RESOLUTION, batchSize: BATCH });
  const model = new GanModel(ganNetworks(options, 0), 1), steps = new GanSteps(model, options);
  const { length: B } = batchShare(BATCH), R = RESOLUTION, prng = new Prng(communicator().rank, "scale");
  const make = (...shape: number[]) =>
    tf.tensor(prng.normals(shape.reduce((a, b) => a * b)).map((value) => 0.1 * value), shape);
  await steps.prepare(B);
  const common = {
    latent: make(B, options.latentDim) as Tensor2D,
    oneHot: null,
    alpha: tf.ones([B, R, R, 1]) as Tensor4D,
    learningRate: tf.scalar(1e-4),
  };
  const emaDecay = tf.scalar(0.9),
    texture = make(B, R, R, 3) as Tensor4D,
    map = make(B, 32, 32, 3) as Tensor4D;
  const cycle = () => {
    tf.dispose(Object.values(steps.generatorStep({ ...common, emaDecay })));
    const { fake, real } = steps.discriminatorStep({ ...common, texture, map });
    fake.dataSync();
    tf.dispose([fake, real]);
  };
  cycle();
  return await timed(2 * BATCH * cycles, () => {
    for (let i = 0; i < cycles; i++) cycle();
  });
}

Deno.exit(
  await runAsRank("train_gan", async (rank) => {
    const [kind, items] = Deno.args;
    const figures = await (kind === "pose" ? pose : gan)(Number(items));
    const megabytes = Deno.memoryUsage().rss / 2 ** 20;
    if (rank === 0) console.log(JSON.stringify({ ...figures, megabytes }));
    return 0;
  }),
);
