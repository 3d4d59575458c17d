/**
 * Taking over the original's networks.
 *
 * @module
 */
import { join } from "@std/path";
import type { NdArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { ganFolder, type Mode, reconstructionFolder } from "../core/paths.ts";
import { Prng } from "../core/prng.ts";
import { useBackend } from "../backend/select_backend.ts";
import { makeGenerator } from "../gan/gan_model.ts";
import { ganNetworks, type GanSettings, resolveGanOptions } from "../gan/gan_options.ts";
import type { Parameters } from "../networks/parameters.ts";
import {
  type PredictionType,
  type ReconstructionConfig,
  reconstructionConfig,
  ReconstructionNetwork,
} from "../networks/reconstruction_network.ts";
import { fromTorchLayout } from "../networks/torch_layout.ts";
import { readTorchFile } from "../io/torch_file.ts";
import { TorchTensor } from "../io/torch_tensor.ts";
import type { ReconstructionState } from "../reconstruction/files.ts";
import { checkpointFile, type CheckpointTag, saveCheckpoint, withPrefix } from "../training/checkpoint.ts";
import { writeRunSettings } from "../training/run_settings.ts";
import type { Take } from "./import_original.ts";
import { OriginalDict } from "./import_original_arrays.ts";

/** Entries that our networks do not keep. */
const LEFT_OUT = /num_batches_tracked$/;

/** Weights by name, in the original's order of axes. */
export type StateDict = ReadonlyMap<string, NdArray>;

/**
 * Takes over all checkpoints of `checkpoints_recon/` and `checkpoints_gan/`: the reconstruction network, and the
 * averaged generator, which evaluation and export use. Optimisers stay behind: training starts anew.
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
      return await importGenerator(path, run, tag);
    });
  }
}

async function importReconstruction(path: string, run: string, tag: CheckpointTag): Promise<string> {
  const checkpoint = new OriginalDict(await readTorchFile(path), path);
  const weights = stateDictOf(checkpoint, "generator");
  const config = reconstructionConfigOf(weights, argsOf(checkpoint));
  const network = new ReconstructionNetwork(config, new Prng(1, "import"));
  try {
    const arrays = toOurLayout(network.parameters, weights, path);
    const state: ReconstructionState = {
      type: network.type,
      config,
      classParts: Array.from({ length: config.classCount }, () => range(config.partChannels - 1)),
      partNames: range(config.partChannels - 1).map((part) => `part ${part}`),
      iteration: numberOf(checkpoint, "iteration"),
      epoch: numberOf(checkpoint, "epoch"),
      position: 0,
      semiCoefficient: numberOf(checkpoint, "semi_coeff"),
      flatWarmup: numberOf(checkpoint, "flat_warmup"),
      learningRate: 0,
      seed: 1,
      bestIou: null,
    };
    await saveCheckpoint(reconstructionFolder(run), tag, withPrefix("network", arrays), state);
    return `reconstruction network of ${config.classCount} classes, ${config.partChannels} part channels`;
  } finally {
    network.dispose();
  }
}

async function importGenerator(path: string, run: string, tag: CheckpointTag): Promise<string> {
  const checkpoint = new OriginalDict(await readTorchFile(path), path);
  const weights = stateDictOf(checkpoint, "generator_running_avg");
  const args = argsOf(checkpoint);
  const options = resolveGanOptions({
    preset: "paper",
    textureResolution: textureResolutionOf(weights),
    symmetricG: args.symmetric_g === undefined || Boolean(args.symmetric_g),
    conditionalClass: weights.has("emb_class.weight"),
    normG: args.norm_g === "instance" || args.norm_g === "none" ? args.norm_g : "batch",
    latentDim: latentLengthOf(weights),
  });
  const classes = weights.get("emb_class.weight")?.shape[0] ?? 0;
  const networks = ganNetworks(options, classes);
  const generator = makeGenerator(networks, new Prng(1, "import"));
  try {
    const arrays = toOurLayout(generator.parameters, weights, path);
    const epoch = numberOf(checkpoint, "epoch"), iteration = numberOf(checkpoint, "iteration");
    const state = { networks, epoch, batch: 0, batchSize: options.batchSize, iteration, bestDistance: null };
    const folder = ganFolder(run);
    await saveCheckpoint(folder, tag, withPrefix("generator_running_avg", arrays), state);
    const mode: Mode = run.includes("multitpl") ? "multitpl" : "singletpl";
    const dataset = typeof args.dataset === "string" ? args.dataset : "unknown";
    const settings: GanSettings = { stage: "gan", dataset, mode, ...options, networks };
    await writeRunSettings(folder, { ...settings });
    return `averaged generator of ${options.textureResolution} texels, ${Math.max(1, classes)} classes`;
  } finally {
    generator.dispose();
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

/** Side of the texture that a generator makes, by the blocks that it has. */
export function textureResolutionOf(weights: StateDict): number {
  const doubling = ["blk5", "blk3a", "blk3b", "blk3c"]; // each doubles the 64 texels of the smallest one
  return 64 * 2 ** doubling.filter((block) => weights.has(`${block}.conv1.weight_orig`)).length;
}

/** Length of the latent code of a generator. */
export function latentLengthOf(weights: StateDict): number {
  const classLength = weights.get("emb_class.weight")?.shape[1] ?? 0;
  return (weights.get("fc.weight")?.shape[1] ?? classLength) - classLength;
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
