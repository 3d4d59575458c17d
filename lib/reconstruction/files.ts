/**
 * What the reconstruction hands on: a trained network in the folder of its run.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";
import { parseJson } from "../io/json_file.ts";
import type { ReconstructionConfig } from "../networks/reconstruction_config.ts";
import { type ReconstructionModel, ReconstructionNetwork } from "../networks/reconstruction_network.ts";
import { partTables } from "./part_tables.ts";
import { checkpointFile, type CheckpointTag, loadCheckpoint, takePrefix } from "../training/checkpoint.ts";

/** Schema of a network's build. */
const CONFIG = v.object({
  preset: v.picklist(["demo", "small", "paper"]),
  imageResolution: v.number(),
  width: v.number(),
  textureResolution: v.number(),
  predictionType: v.picklist(["none", "texture", "semantics", "both"]),
  partChannels: v.number(),
  classCount: v.number(),
  norm: v.picklist(["batch", "instance", "none"]),
  symmetric: v.boolean(),
  upsampling: v.picklist(["nearest", "bilinear"]),
});

/** Schema of the state in a checkpoint. */
const STATE = v.object({
  type: v.string(),
  config: CONFIG,
  classParts: v.array(v.array(v.number())),
  partNames: v.array(v.string()),
  iteration: v.number(),
  epoch: v.number(),
  position: v.number(),
  semiCoefficient: v.number(),
  flatWarmup: v.number(),
  learningRate: v.number(),
  seed: v.number(),
  bestHardIou: v.optional(v.nullable(v.number()), null), // older runs have the best IoU of soft silhouettes instead
  epochSums: v.optional(v.array(v.number())),
  epochCount: v.optional(v.number()),
});

/** State of a training run, beside its arrays. */
export interface ReconstructionState {
  /** Kind of the network, such as `reconstruction-small`. */
  type: string;
  /** Build of the network. */
  config: ReconstructionConfig;
  /** Parts of each class, as numbers into `partNames`. */
  classParts: number[][];
  /** Names of the parts. */
  partNames: string[];
  /** Iterations done. */
  iteration: number;
  /** Epochs finished. */
  epoch: number;
  /** Photographs of the current epoch that were seen. */
  position: number;
  /** Share of its template that every photograph is pulled to. */
  semiCoefficient: number;
  /** Factor of the weight of the normal consistency loss. */
  flatWarmup: number;
  /** Learning rate of the current epoch. */
  learningRate: number;
  /** Seed of the run; order and flips follow from it and the place. */
  seed: number;
  /** Best IoU of meshes and masks on the held-out photographs; null if there are none. */
  bestHardIou: number | null;
  /** Sums of the figures over the current epoch's iterations so far; missing before the first one. */
  epochSums?: number[];
  /** Iterations that are in `epochSums`. */
  epochCount?: number;
}

/** A network that a run trained. */
export interface TrainedReconstruction {
  /** The network with its weights. */
  network: ReconstructionModel;
  /** State of the run at that checkpoint. */
  state: ReconstructionState;
}

/**
 * Checks the state of a checkpoint.
 *
 * @throws {UserError} If it is not that of a reconstruction
 */
export function parseReconstructionState(state: unknown, path: string): ReconstructionState {
  return parseJson(JSON.stringify(state), STATE, "state of the reconstruction checkpoint", path);
}

/**
 * Loads the network of a run. Dispose of it when done.
 *
 * @param folder Folder of the run
 * @param which `latest`, `best` or the number of an epoch
 * @param makeNetwork Makes the network where a run was trained with a user's own
 * @throws {UserError} If the checkpoint is missing, damaged or of another kind
 */
export async function loadReconstruction(
  folder: string,
  which: CheckpointTag | string = "latest",
  makeNetwork: (config: ReconstructionConfig, prng: Prng) => ReconstructionModel = (config, prng) =>
    new ReconstructionNetwork(config, prng),
): Promise<TrainedReconstruction> {
  const checkpoint = await loadCheckpoint(folder, which);
  const path = checkpointFile(folder, which);
  const state = parseReconstructionState(checkpoint.state, path);
  const network = makeNetwork(state.config, new Prng(state.seed, "reconstruction", "weights"));
  if (network.type !== state.type) {
    network.dispose();
    throw new UserError(
      `Cannot load ${path}: it must hold a network of type ${network.type}, current value is ${state.type}.`,
    );
  }
  network.parameters.load(takePrefix("network", checkpoint.arrays), path);
  return { network, state };
}

/** 1 for the part channels that each class has, `[classes, P + 1]`. */
export function partPresence({ classParts, partNames }: ReconstructionState): Float32Array {
  return partTables(classParts, partNames.length).presence;
}
