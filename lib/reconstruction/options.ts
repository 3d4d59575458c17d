/**
 * Options of the reconstruction's training.
 *
 * @module
 */
import type { NormKind } from "../networks/layers/norms.ts";
import { type PresetName, PRESETS } from "../networks/presets.ts";
import type { PredictionType } from "../networks/reconstruction_network.ts";

/** What silhouettes are compared with: masks with the border of a soft silhouette, or the original's plain ones. */
export type MaskTarget = "soft" | "plain";

/** All of them. */
export const MASK_TARGETS = ["soft", "plain"] as const satisfies readonly MaskTarget[];

/** Options of `trainReconstruction`. */
export interface ReconstructionOptions {
  /** Sizes of the network. */
  preset?: PresetName;
  /** Photographs in a batch, at least 2. */
  batchSize?: number;
  /** Epochs; left to the default if `iters` is given. */
  epochs?: number;
  /** Iterations instead of epochs; −1 is none. */
  iters?: number;
  /** Learning rate. */
  lr?: number;
  /** Epochs between halvings of the learning rate. */
  lrDecayEvery?: number;
  /** Epochs between numbered checkpoints. */
  checkpointFreq?: number;
  /** Epochs between saves of the latest checkpoint. */
  saveFreq?: number;
  /** Epochs between pictures. */
  imageFreq?: number;
  /** Final weight of the smoothness of the surface. */
  meshRegularization?: number;
  /** Heads besides the mesh; `auto` is both with parts, texture without. */
  predictionType?: PredictionType | "auto";
  /** Share of the photographs that are pulled to their template throughout, 0 to 1. */
  semiFraction?: number;
  /** Loss of colour and mask: squared or absolute differences. */
  loss?: "mse" | "l1";
  /** What silhouettes are compared with; a run that goes on has its own. */
  maskTarget?: MaskTarget;
  /** Normalisation; `syncbatch` is `batch` in one process. */
  normG?: NormKind | "syncbatch";
  /** Side of the predicted texture: 64, 128, 256; 0 is the preset's. */
  textureResolution?: number;
  /** Whether predictions are left-right symmetric. */
  symmetric?: boolean;
  /** Share of the photographs that is held out and measured after every epoch, 0 to 1. */
  valFraction?: number;
  /** Seed of all randomness. */
  seed?: number;
  /** Whether an existing run goes on. */
  continueTrain?: boolean;
  /** Checkpoint from which it goes on: `latest`, `best` or the number of an epoch. */
  whichEpoch?: string;
  /** Whether an existing run is replaced. */
  overwrite?: boolean;
  /** Whether photographs are read again in every epoch instead of being kept in memory. */
  noPrefetch?: boolean;
  /** Workers that read photographs, 0 for none; null is one per core, fewer for few photographs. */
  numWorkers?: number | null;
  /** Side of the network's input in pixels, a multiple of 32; 0 is the preset's. */
  imageResolution?: number;
  /** Multiplier of the network's inner channel counts; 0 is the preset's. */
  width?: number;
  /** Parts of each class as numbers into the data set's part names; by default every class has all. */
  classParts?: readonly (readonly number[])[] | null;
}

/** Defaults of `ReconstructionOptions`: those of the original, but for the target of silhouettes. */
export const RECONSTRUCTION_DEFAULTS = {
  preset: "paper",
  batchSize: 32,
  epochs: 1000,
  iters: -1,
  lr: 1e-4,
  lrDecayEvery: 250,
  checkpointFreq: 100,
  saveFreq: 10,
  imageFreq: 50,
  meshRegularization: 5e-5,
  predictionType: "auto",
  semiFraction: 0.1,
  loss: "mse",
  maskTarget: "soft",
  normG: "syncbatch",
  textureResolution: 0,
  symmetric: true,
  valFraction: 0,
  seed: 1,
  continueTrain: false,
  whichEpoch: "latest",
  overwrite: false,
  noPrefetch: false,
  numWorkers: null,
  imageResolution: 0,
  width: 0,
  classParts: null,
} as const satisfies Required<ReconstructionOptions>;

/** Options with all defaults filled in. */
export type FullReconstructionOptions = Required<ReconstructionOptions>;

/** Settings that a run may change when it goes on. */
export const FREE_SETTINGS = [
  "batchSize",
  "epochs",
  "iters",
  "checkpointFreq",
  "saveFreq",
  "imageFreq",
  "continueTrain",
  "whichEpoch",
  "overwrite",
  "noPrefetch",
  "numWorkers",
] as const;

/**
 * Checks options.
 *
 * @throws {RangeError} If a value is not possible
 */
export function checkReconstructionOptions(options: FullReconstructionOptions): void {
  const refuse = (name: string, rule: string, value: unknown): never => {
    throw new RangeError(
      `Cannot train the reconstruction as ${name} must be ${rule}: current value is ${value}`,
    );
  };
  const positive = ["lr", "meshRegularization"] as const;
  for (const name of positive) if (!(options[name] > 0)) refuse(name, "above 0", options[name]);
  for (const name of ["semiFraction", "valFraction"] as const) {
    if (!(options[name] >= 0 && options[name] <= 1)) refuse(name, "between 0 and 1", options[name]);
  }
  const whole = ["epochs", "lrDecayEvery", "checkpointFreq", "saveFreq", "imageFreq"] as const;
  for (const name of whole) {
    const value = options[name];
    if (!Number.isInteger(value) || value < 1) refuse(name, "a whole number of at least 1", value);
  }
  const { batchSize, preset, predictionType, maskTarget } = options;
  if (!Number.isInteger(batchSize) || batchSize < 2) {
    refuse("batchSize", "at least 2 (a norm over one photograph has no spread)", batchSize);
  }
  if (!(preset in PRESETS)) refuse("preset", Object.keys(PRESETS).join(", "), preset);
  if (!MASK_TARGETS.includes(maskTarget)) refuse("maskTarget", MASK_TARGETS.join(" or "), maskTarget);
  if (predictionType === "none") refuse("predictionType", "auto, texture, semantics or both", predictionType);
}
