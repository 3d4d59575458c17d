/**
 * What people read of a training step: scalars, figures beside the bar, lines of the log.
 *
 * @module
 */
import type { StepReport } from "../training/trainer.ts";
import type { StepFigures } from "./training_step.ts";

/**
 * Numbers of a step by the names that curves have.
 *
 * @param figures Figures of the step
 * @param loss Name of the loss, which the curve of template, colours and mask bears
 * @param imagesPerSecond Speed, only to be shown
 */
export function stepReport(figures: StepFigures, loss: string, imagesPerSecond: number): StepReport {
  const { recon, total, iou, normalConsistency, symmetry, ...terms } = figures;
  const scalars = Object.entries({ [loss]: recon, iou, flat: normalConsistency, plane: symmetry, ...terms });
  return {
    scalars: Object.fromEntries(scalars.map(([name, value]) => [`${name}/train`, value])),
    shown: { loss: total, iou, "images/s": imagesPerSecond },
  };
}

/** A line of the log. */
export function stepLine(
  { recon, normalConsistency, total, iou }: StepFigures,
  { iteration, epoch, epochs }: { iteration: number; epoch: number; epochs: number },
): string {
  const figures = Object.entries({ recon, "normal consistency": normalConsistency, total, iou }).map((
    [name, value],
  ) => `${name} ${value.toFixed(5)}`);
  return `iteration ${iteration}, epoch ${epoch + 1} of ${epochs}: ${figures.join(", ")}`;
}

/** Measures speed from the end of the first step of a call, which is slower. */
export class StepClock {
  #start: { readonly iteration: number; readonly time: number } | null = null;

  /** Samples a second; 0 at the first step. */
  samplesPerSecond(iteration: number, batchSize: number): number {
    const time = performance.now(), start = this.#start ??= { iteration, time };
    const steps = iteration - start.iteration;
    return steps > 0 ? 1000 * steps * batchSize / (time - start.time) : 0;
  }
}
