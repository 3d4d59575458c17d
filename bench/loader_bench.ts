/**
 * Reading photographs beside the training steps that consume them.
 *
 * A line per figure: name, images a second, the bound, and whether it holds. Photographs of a synthetic car set are
 * written to a folder in `cache/`, with masks and part labels; those of `--images FOLDER` are taken instead if it is given.
 *
 * @module
 */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { measureLine } from "../cli/measure.ts";
import { compileStep } from "../lib/backend/compile_step.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { Prng } from "../lib/core/prng.ts";
import { tf } from "../lib/core/tensor.ts";
import { defaultWorkerCount } from "../lib/core/worker_pool.ts";
import type { Dataset } from "../lib/datasets/dataset.ts";
import { inspectPhotographs } from "../lib/datasets/import_photographs.ts";
import { unusableImagesError } from "../lib/datasets/import_report.ts";
import { loadSamples } from "../lib/datasets/loader.ts";
import { datasetOf } from "../lib/datasets/open_dataset.ts";
import { makeSynthetic } from "../demo/synthetic/make_synthetic.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { type PresetName, PRESETS } from "../lib/networks/presets.ts";
import { reconstructionConfig } from "../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../lib/networks/reconstruction_network.ts";
import type { PoseEstimates } from "../lib/pose/files.ts";
import { partTables } from "../lib/reconstruction/part_tables.ts";
import { TrainingData } from "../lib/reconstruction/training_data.ts";
import { makeReconstructionStep, ReconstructionObjective } from "../lib/reconstruction/training_step.ts";
import { loadTemplates } from "../lib/templates/load_templates.ts";
import { Adam } from "../lib/training/adam.ts";

const BATCH = 16, ROUNDS = 2, STEPS = 4;
const COEFFICIENTS = { semi: 0.5, normalConsistency: 5e-4, learningRate: 1e-4 };

/** Reads all photographs once, as a training does: while one batch is used the next one is read. */
async function streamRate(dataset: Dataset, resolution: number, workers: number): Promise<number> {
  const loader = await loadSamples(dataset, { resolution, workers, prefetch: false });
  const batches = Array.from(
    { length: Math.floor(dataset.length / BATCH) },
    (_, k) => Array.from({ length: BATCH }, (_, i) => k * BATCH + i),
  );
  await loader.samples(batches[0].slice(0, 2 * Math.max(1, workers))); // every worker has loaded its modules
  const started = performance.now();
  for (const [k, batch] of batches.entries()) {
    loader.readAhead(batches[k + 1] ?? []);
    await loader.samples(batch);
  }
  const seconds = (performance.now() - started) / 1000;
  loader.close();
  return batches.length * BATCH / seconds;
}

/** True poses as estimates. */
function posesOf({ records }: Dataset): PoseEstimates {
  const poses = records.map(({ truePose }) =>
    truePose ?? { rotation: [1, 0, 0, 0], scale: 0.8, translation: [0, 0], perspective: 1 }
  );
  const ones = new Float32Array(records.length).fill(1);
  return {
    indices: Int32Array.from(records.keys()),
    rotation: Float32Array.from(poses.flatMap(({ rotation }) => Array.from(rotation))),
    scale: Float32Array.from(poses, ({ scale }) => scale),
    translation: Float32Array.from(poses.flatMap(({ translation }) => Array.from(translation))),
    perspective: Float32Array.from(poses, ({ perspective }) => perspective),
    ...{ weights: ones, iou: ones, miou: ones, ids: records.map(({ id }) => id) },
  };
}

/** Photographs a second that training steps of a preset use: from memory, and streamed while they run. */
async function stepRates(dataset: Dataset, preset: PresetName, workers: number) {
  const resolution = PRESETS[preset].imageResolution, partCount = dataset.partNames.length;
  const batch = preset === "paper" ? BATCH / 4 : BATCH;
  const tables = partTables([dataset.partNames.map((_, i) => i)], partCount);
  const config = reconstructionConfig(preset, {
    imageResolution: resolution,
    partChannels: tables.globalChannels,
  });
  const network = new ReconstructionNetwork(config, new Prng(1, "bench"));
  const objective = new ReconstructionObjective(network, "mse");
  const optimizer = new Adam(network.parameters.trainable, { name: "bench" });
  const step = compileStep(makeReconstructionStep(network, objective, optimizer));
  const templates = (await loadTemplates(dataset.category, "singletpl")).slice(0, 1);
  const inputs = { dataset, poses: posesOf(dataset), templates, tables };
  const rows = (k: number) => Array.from({ length: batch }, (_, i) => (k * batch + i) % dataset.length);
  const rates: Record<"memory" | "streamed", number> = { memory: 0, streamed: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of ["memory", "streamed"] as const) {
      const indices = kind === "memory" ? Array.from({ length: STEPS + 1 }, (_, k) => rows(k)).flat() : null;
      const loader = await loadSamples(dataset, {
        resolution,
        workers,
        prefetch: kind === "memory",
        indices,
      });
      const data = new TrainingData(inputs, loader, { resolution, semiFraction: 0.1, maskTarget: "soft" });
      let started = 0;
      for (let k = 0; k <= STEPS; k++) { // the first step is recorded, and fills the pipeline
        if (k === 1) started = performance.now();
        const tensors = await data.tensors(rows(k), rows(k).map(() => false), COEFFICIENTS);
        data.readAhead(rows(k + 1));
        const { figures } = step(tensors);
        await figures.data();
        tf.dispose([...Object.values(tensors), figures]);
      }
      rates[kind] = Math.max(rates[kind], STEPS * batch / ((performance.now() - started) / 1000));
      data.dispose();
    }
  }
  step.dispose();
  network.dispose();
  objective.dispose();
  optimizer.dispose();
  return rates;
}

/** Photographs of a synthetic set, in a folder that is removed in the end. */
async function withSynthetic<T>(
  category: string,
  count: number,
  resolution: number,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await Deno.mkdir("cache", { recursive: true });
  const folder = await Deno.makeTempDir({ dir: "cache", prefix: "bench_" });
  try {
    await makeSynthetic(folder, { category, count, resolution });
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Measures all on the photographs of a folder, and prints the lines. */
async function measureAll(
  folder: string,
  category: string,
  limit: number,
  print: (line: string) => void,
): Promise<Record<string, number>> {
  const { report, description } = await inspectPhotographs(folder, { name: "bench", category, limit });
  if (!description) throw unusableImagesError(report);
  const dataset = datasetOf(description), all = defaultWorkerCount();
  const { name: backend } = await useBackend({ backend: "auto" });
  print(`${dataset.length} photographs, ${all} cores, ${backend}; the best of ${ROUNDS} rounds, images/s`);
  const figures: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const resolution of [256, 128]) {
      for (const workers of [0, 1, all]) {
        const key = `${resolution}, ${workers}`;
        figures[key] = Math.max(figures[key] ?? 0, await streamRate(dataset, resolution, workers));
      }
    }
  }
  for (const [key, rate] of Object.entries(figures)) {
    const [resolution, workers] = key.split(", ");
    print(measureLine(`loader at ${resolution} px, ${workers} workers`, rate));
  }
  for (const preset of ["demo", "paper"] as const) {
    const { memory, streamed } = await stepRates(dataset, preset, all);
    Object.assign(figures, { [`${preset} memory`]: memory, [`${preset} streamed`]: streamed });
    const loader = figures[`${PRESETS[preset].imageResolution}, ${all}`], bound = Number(memory.toFixed(1));
    print(measureLine(`${preset} reconstruction step, photographs in memory`, memory));
    print(measureLine(`loader for the ${preset} preset, ${all} workers`, loader, bound, true));
    print(measureLine(`${preset} reconstruction step, photographs streamed meanwhile`, streamed));
  }
  return figures;
}

/** The task `bench:loader`. */
export const benchLoader = defineCommand({
  name: "bench:loader",
  doc: "Photographs a second that are read, beside those that training steps use.",
  options: {
    images: option.text({
      reads: true,
      doc:
        "Folder of photographs, in any layout that check_data understands; without it a synthetic set is drawn.",
    }),
    template: option.text({ default: "car", doc: "Category of the photographs." }),
    count: option.integer({ default: 128, minimum: 2 * BATCH, doc: "Number of photographs." }),
    resolution: option.integer({ default: 512, minimum: 32, doc: "Side of the drawn ones, in pixels." }),
    json,
  },
  async run({ images, template, count, resolution, json }, { print }) {
    const measure = (folder: string) => measureAll(folder, template, count, print);
    const figures = images === undefined
      ? await withSynthetic(template, count, resolution, measure)
      : await measure(images);
    if (json) await writeJsonAtomic(json, figures);
  },
});

if (import.meta.main) await runCommand(benchLoader);
