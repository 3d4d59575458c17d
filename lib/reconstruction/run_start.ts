/**
 * How a training starts.
 *
 * @module
 */
import type { Dataset } from "../datasets/dataset.ts";
import { type ReconstructionConfig, reconstructionConfig } from "../networks/reconstruction_config.ts";
import { initialFlatWarmup } from "../training/schedules.ts";
import type { ReconstructionState } from "./files.ts";
import type { FullReconstructionOptions } from "./options.ts";
import { type PartTables, partTables } from "./part_tables.ts";

/**
 * State of a run before its first step, and the part tables of its classes.
 *
 * @param dataset Photographs
 * @param settings All options
 */
export function initialState(
  dataset: Dataset,
  settings: FullReconstructionOptions,
): { tables: PartTables; state: ReconstructionState } {
  const partCount = dataset.partNames.length;
  const classParts = (settings.classParts ?? dataset.classParts)?.map((parts) => [...parts]) ??
    dataset.classNames.map(() => dataset.partNames.map((_, i) => i));
  const tables = partTables(classParts, partCount);
  const config = reconstructionConfig(settings.preset, {
    imageResolution: settings.imageResolution,
    width: settings.width,
    textureResolution: settings.textureResolution,
    predictionType: settings.predictionType as ReconstructionConfig["predictionType"],
    partChannels: tables.globalChannels,
    classCount: Math.max(1, dataset.classNames.length),
    norm: settings.normG === "syncbatch" ? "batch" : settings.normG,
    symmetric: settings.symmetric,
  });
  const state: ReconstructionState = {
    type: `reconstruction-${config.preset}`,
    config,
    classParts,
    partNames: [...dataset.partNames],
    iteration: 0,
    epoch: 0,
    position: 0,
    semiCoefficient: 1,
    flatWarmup: initialFlatWarmup(settings.meshRegularization),
    learningRate: settings.lr,
    seed: settings.seed,
    bestHardIou: null,
  };
  return { tables, state };
}

/** Values that a step holds for each pixel of the input and unit of width, well below what is measured. */
const LEAST_VALUES = 1000;

/** Bytes that a training step holds for each photograph at the least: the maps that its gradients need. */
export function leastSampleBytes({ imageResolution, width }: ReconstructionConfig): number {
  return LEAST_VALUES * width * imageResolution ** 2 * Float32Array.BYTES_PER_ELEMENT;
}
