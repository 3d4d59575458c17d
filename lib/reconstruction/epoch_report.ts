/**
 * What is found after an epoch of the reconstruction's training: its mean figures, those on held-out photographs, an image.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { isWriter } from "../core/process_group.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { TrainingRun } from "../training/training_run.ts";
import { measure } from "./evaluate.ts";
import type { StepCoefficients, TrainingData } from "./training_data.ts";
import { drawTrainingImage } from "./training_image.ts";
import type { ReconstructionObjective, StepFigures } from "./training_step.ts";

/** Callbacks of the training. */
export interface ReconstructionCallbacks extends StageCallbacks {
  /** Where settings and checkpoints are kept; in memory if not given. */
  run?: TrainingRun;
  /** Called with an image of photographs and predictions, colours in [0, 1]. */
  onImage?: (step: number, tag: string, image: FloatImage) => void;
}

/** Photographs in a training image, spread evenly over those that train. */
const IMAGE_ROWS = 10;

/** The reports of one training. */
export class EpochReport {
  /** Mean figures of the last epoch; null before the first one. */
  figures: StepFigures | null = null;
  /** Figures on the held-out photographs after it; null without such. */
  validation: StepFigures | null = null;
  readonly #data: TrainingData;
  readonly #rows: { readonly training: readonly number[]; readonly validation: readonly number[] };
  readonly #objective: ReconstructionObjective;
  readonly #callbacks: ReconstructionCallbacks;

  /**
   * @param data Photographs
   * @param rows Those that train, and those that are held out
   * @param objective Losses of the network
   * @param callbacks Told scalars and images
   */
  constructor(
    data: TrainingData,
    rows: { readonly training: readonly number[]; readonly validation: readonly number[] },
    objective: ReconstructionObjective,
    callbacks: ReconstructionCallbacks,
  ) {
    this.#data = data;
    this.#rows = rows;
    this.#objective = objective;
    this.#callbacks = callbacks;
  }

  /**
   * Measures the held-out photographs, in the process that writes, and tells all figures.
   *
   * @param iteration Steps that were made
   * @param figures Mean figures of the epoch
   * @param batchSize Photographs at once
   * @param coefficients Weights of the scheduled terms
   * @returns The figures as a line of the log tells them
   */
  async measure(
    iteration: number,
    figures: StepFigures,
    batchSize: number,
    coefficients: StepCoefficients,
  ): Promise<string> {
    this.figures = figures;
    const scalars: Record<string, number> = { "iou/epoch": figures.iou, "total/epoch": figures.total };
    const { validation } = this.#rows;
    if (validation.length > 0 && isWriter()) {
      this.validation = await measure(this.#objective, this.#data, validation, batchSize, coefficients);
      scalars["iou/validation"] = this.validation.iou;
      scalars["total/validation"] = this.validation.total;
    }
    this.#callbacks.onScalars?.(iteration, scalars);
    return Object.entries(scalars).map(([name, value]) => `${name} ${value.toFixed(5)}`).join(", ");
  }

  /** Draws photographs and what the network predicts for them. */
  async draw(iteration: number): Promise<void> {
    const { training } = this.#rows;
    if (!this.#callbacks.onImage || !isWriter()) return;
    const count = Math.min(IMAGE_ROWS, training.length);
    const rows = Array.from({ length: count }, (_, k) => training[Math.floor(k * training.length / count)]);
    const image = await drawTrainingImage(this.#objective.network, this.#data, rows);
    this.#callbacks.onImage(iteration, "image_train/grid", image);
  }
}
