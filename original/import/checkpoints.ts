/**
 * Taking over the original's networks.
 *
 * @module
 */
import "../register.ts";
import { join } from "@std/path";
import type { NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { ganFolder, type Mode, reconstructionFolder } from "../../lib/core/paths.ts";
import { Prng } from "../../lib/core/prng.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import { makeGenerator } from "../../lib/gan/make_generator.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { type GanSettings, UNKNOWN_DATASET } from "../../lib/gan/gan_settings.ts";
import { type GanNetworks, ganNetworks } from "../../lib/gan/gan_networks.ts";
import type { Parameters } from "../../lib/networks/parameters.ts";
import {
  type PredictionType,
  type ReconstructionConfig,
  reconstructionConfig,
} from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { fromTorchLayout } from "./torch_layout.ts";
import { readTorchFile } from "../files/torch_file.ts";
import { TorchTensor } from "../files/torch_tensor.ts";
import type { ReconstructionState } from "../../lib/reconstruction/files.ts";
import {
  checkpointFile,
  type CheckpointTag,
  saveCheckpoint,
  withPrefix,
} from "../../lib/training/checkpoint.ts";
import { writeRunSettings } from "../../lib/training/run_settings.ts";
import type { Take } from "./take.ts";
import { OriginalDict } from "./arrays.ts";
import { optimizerState } from "./optimizer.ts";
import { ganOptionsOf, reconstructionSettings } from "./settings.ts";

/** Entries that our networks do not keep. */
const LEFT_OUT = /num_batches_tracked$/;

/** Weights by name, in the original's order of axes. */
export type StateDict = ReadonlyMap<string, NdArray>;

/**
 * Takes over all checkpoints of `checkpoints_recon/` and `checkpoints_gan/`, with their optimisers, so that training can
 * resume from them. Released weights, which have none, serve evaluation and export.
 */
export async function importCheckpoints(from: string, take: Take): Promise<void> {
  let started = false;
  const start = async () => {
    if (!started) await useBackend({ backend: "cpu" });
    started = true;
  };
  for (const { path, run, tag } of await checkpointsIn(join(from, "checkpoints_recon"))) {
    await take(path, checkpointFile(reconstructionFolder(run), tag), async () => {
      await start();
      return await importReconstruction(path, run, tag);
    });
  }
  for (const { path, run, tag } of await checkpointsIn(join(from, "checkpoints_gan"))) {
    await take(path, checkpointFile(ganFolder(run), tag), async () => {
      await start();
      return await importGan(path, run, tag);
    });
  }
}

async function importReconstruction(path: string, run: string, tag: CheckpointTag): Promise<string> {
  const checkpoint = new OriginalDict(await readTorchFile(path), path);
  const weights = stateDictOf(checkpoint, "generator");
  const args = argsOf(checkpoint);
  const config = reconstructionConfigOf(weights, args);
  const network = new ReconstructionNetwork(config, new Prng(1, "import"));
  try {
    const arrays = withPrefix("network", toOurLayout(network.parameters, weights, path));
    const optimizer = checkpoint.has("optimizer")
      ? optimizerState(
        checkpoint.value("optimizer"),
        [...weights.keys()],
        network.parameters,
        `${path} (optimizer)`,
      )
      : null;
    if (optimizer) Object.assign(arrays, withPrefix("optimizer", optimizer.arrays));
    const parts = await partsOf(args, config.partChannels - 1, config.classCount);
    const state: ReconstructionState = {
      type: network.type,
      config,
      ...parts,
      iteration: numberOf(checkpoint, "iteration"),
      epoch: numberOf(checkpoint, "epoch"),
      position: 0,
      semiCoefficient: numberOf(checkpoint, "semi_coeff"),
      flatWarmup: numberOf(checkpoint, "flat_warmup"),
      learningRate: optimizer?.learningRate ?? 0,
      seed: 1,
      bestHardIou: null,
    };
    await saveCheckpoint(reconstructionFolder(run), tag, arrays, state);
    await writeRunSettings(reconstructionFolder(run), reconstructionSettings(run, args, config));
    return `reconstruction network of ${config.classCount} classes, ${config.partChannels} part channels` +
      (optimizer ? ", to resume from" : ", without its optimiser");
  } finally {
    network.dispose();
  }
}

/** Names of parts and those of each class: the data set's own if it can be opened and has as many, else numbers. */
async function partsOf(
  args: Readonly<Record<string, unknown>>,
  count: number,
  classes: number,
): Promise<Pick<ReconstructionState, "classParts" | "partNames">> {
  const dataset = typeof args.dataset === "string" ? await openDataset(args.dataset).catch(() => null) : null;
  if (dataset?.partNames.length === count && dataset.classNames.length === classes) {
    const classParts = dataset.classParts ?? dataset.classNames.map(() => range(count));
    return { classParts: classParts.map((parts) => [...parts]), partNames: [...dataset.partNames] };
  }
  return {
    classParts: Array.from({ length: classes }, () => range(count)),
    partNames: range(count).map((part) => `part ${part}`),
  };
}

async function importGan(path: string, run: string, tag: CheckpointTag): Promise<string> {
  const checkpoint = new OriginalDict(await readTorchFile(path), path);
  const weights = stateDictOf(checkpoint, "generator_running_avg");
  const isWhole = GAN_ENTRIES.every((entry) => checkpoint.has(entry));
  const discriminator = isWhole ? stateDictOf(checkpoint, "discriminator") : null;
  const args = argsOf(checkpoint);
  const options = resolveGanOptions(ganOptionsOf(args, weights, discriminator));
  const classes = weights.get("emb_class.weight")?.shape[0] ?? 0;
  const networks = ganNetworks(options, classes, typeof args.num_parts === "number" ? args.num_parts : 0);
  const state = {
    networks,
    epoch: numberOf(checkpoint, "epoch"),
    batch: 0,
    batchSize: options.batchSize,
    iteration: numberOf(checkpoint, "iteration"),
    bestDistance: null,
  };
  const arrays = isWhole
    ? ganArrays(checkpoint, weights, discriminator!, networks)
    : averageArrays(weights, networks, path);
  const folder = ganFolder(run);
  await saveCheckpoint(folder, tag, arrays, state);
  const mode: Mode = run.includes("multitpl") ? "multitpl" : "singletpl";
  const dataset = typeof args.dataset === "string" ? args.dataset : UNKNOWN_DATASET;
  const settings: GanSettings = { stage: "gan", dataset, mode, ...options, networks };
  await writeRunSettings(folder, { ...settings });
  return `${isWhole ? "GAN" : "averaged generator"} of ${options.textureResolution} texels, ` +
    `${Math.max(1, classes)} classes${isWhole ? ", to resume from" : ""}`;
}

/** Entries that a checkpoint has from which training resumes. */
const GAN_ENTRIES = ["generator", "discriminator", "optimizer_g", "optimizer_d"];

/** The averaged generator alone. */
function averageArrays(weights: StateDict, networks: GanNetworks, path: string): Record<string, NdArray> {
  const generator = makeGenerator(networks, new Prng(1, "import"));
  try {
    return withPrefix("generator_running_avg", toOurLayout(generator.parameters, weights, path));
  } finally {
    generator.dispose();
  }
}

/** All that a GAN needs to resume. */
function ganArrays(
  checkpoint: OriginalDict,
  average: StateDict,
  discriminator: StateDict,
  networks: GanNetworks,
): Record<string, NdArray> {
  const model = new GanModel(networks, 1);
  const { path } = checkpoint;
  try {
    const parts = [
      ["generator", "optimizer_g", model.generator.parameters, stateDictOf(checkpoint, "generator")],
      ["discriminator", "optimizer_d", model.discriminators.parameters, discriminator],
    ] as const;
    const arrays = withPrefix(
      "generator_running_avg",
      toOurLayout(model.average.parameters, average, `${path} (generator_running_avg)`),
    );
    for (const [name, optimizer, parameters, weights] of parts) {
      const source = `${path} (${optimizer})`;
      const state = optimizerState(checkpoint.value(optimizer), [...weights.keys()], parameters, source);
      Object.assign(
        arrays,
        withPrefix(name, toOurLayout(parameters, weights, `${path} (${name})`)),
        withPrefix(optimizer, state.arrays),
      );
    }
    return arrays;
  } finally {
    model.dispose();
  }
}

/**
 * Build of a reconstruction network by its weights.
 *
 * @param weights Weights in the original's order of axes
 * @param args Settings that the checkpoint holds
 */
export function reconstructionConfigOf(
  weights: StateDict,
  args: Readonly<Record<string, unknown>> = {},
): ReconstructionConfig {
  const parts = weights.get("conv_seg.weight")?.shape[0] ?? 0;
  const hasTexture = weights.has("conv_tex.weight");
  const predictionType: PredictionType = parts > 0
    ? hasTexture ? "both" : "semantics"
    : hasTexture
    ? "texture"
    : "none";
  const classes = weights.get("bn1e.fc_gamma.weight")?.shape[0] ??
    weights.get("bn1e.norm.fc_gamma.weight")?.shape[0];
  return reconstructionConfig("paper", {
    predictionType,
    partChannels: Math.max(1, parts),
    classCount: classes ?? 1,
    textureResolution: typeof args.texture_resolution === "number" ? args.texture_resolution : 128,
    norm: args.norm_g === "instance" || args.norm_g === "none" ? args.norm_g : "batch",
    symmetric: args.symmetric === undefined || Boolean(args.symmetric),
  });
}

/**
 * Weights in our order of axes.
 *
 * @param parameters Network that they are for
 * @param weights Weights in the original's
 * @param path File, for messages
 * @throws {UserError} If the network lacks an entry, or has another
 */
export function toOurLayout(
  parameters: Parameters,
  weights: StateDict,
  path: string,
): Record<string, NdArray> {
  const arrays: Record<string, NdArray> = {};
  for (const [name, array] of weights) {
    if (LEFT_OUT.test(name)) continue;
    if (!parameters.layouts.has(name)) {
      throw new UserError(`Cannot use ${path}: its entry ${name} does not exist in a network of this build`);
    }
    arrays[name] = fromTorchLayout(parameters, name, array);
  }
  parameters.load(arrays, path);
  return arrays;
}

/** Weights of a checkpoint, without the prefix of data parallelism. */
function stateDictOf(checkpoint: OriginalDict, name: string): Map<string, NdArray> {
  const dict = new OriginalDict(checkpoint.value(name), `${checkpoint.path} (${name})`);
  return new Map(dict.names.map((entry) => {
    const value = dict.value(entry);
    if (!(value instanceof TorchTensor)) {
      throw new UserError(`Cannot use ${dict.path}: "${entry}" must be a tensor`);
    }
    return [entry.replace(/^module\./, ""), value.toArray()];
  }));
}

function argsOf(checkpoint: OriginalDict): Record<string, unknown> {
  const args = checkpoint.value("args");
  return args instanceof Map
    ? Object.fromEntries([...args].map(([name, value]) => [String(name), value]))
    : {};
}

function numberOf(checkpoint: OriginalDict, name: string): number {
  const value = checkpoint.value(name);
  return typeof value === "number" ? value : 0; // released weights have none
}

function range(length: number): number[] {
  return Array.from({ length: Math.max(0, length) }, (_, i) => i);
}

async function checkpointsIn(folder: string) {
  const found: { path: string; run: string; tag: CheckpointTag }[] = [];
  const entries = async (path: string) => {
    try {
      return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
      throw error;
    }
  };
  for (const run of await entries(folder)) {
    for (const name of await entries(join(folder, run))) {
      const match = /^checkpoint_(latest|\d+)\.pth$/.exec(name);
      if (!match) continue;
      const tag: CheckpointTag = match[1] === "latest" ? "latest" : Number(match[1]);
      found.push({ path: join(folder, run, name), run, tag });
    }
  }
  return found;
}
