/**
 * Options of a detector from flags.
 *
 * @module
 */
import type { DetectorOptions, ModelLayout } from "../original/detect/detector.ts";
import { readNumbering } from "../original/detect/detect_source.ts";
import { tripleOf } from "./training_flags.ts";

/** Flags that describe a model. */
export interface DetectorFlags {
  /** `--layout`. */
  readonly layout: string;
  /** `--labels`. */
  readonly labels: string;
  /** `--input_size`. */
  readonly inputSize: number;
  /** `--bgr`. */
  readonly bgr: boolean;
  /** `--input_mean`. */
  readonly inputMean: readonly string[];
  /** `--input_std`. */
  readonly inputStd: readonly string[];
}

/**
 * The options of a `Detector`.
 *
 * @throws {UsageError} If a list is not three numbers
 * @throws {UserError} If a file of class names is missing
 */
export async function detectorOptions(flags: DetectorFlags): Promise<DetectorOptions> {
  return {
    layout: flags.layout as ModelLayout,
    classes: await readNumbering(flags.labels),
    size: flags.inputSize,
    bgr: flags.bgr,
    mean: tripleOf("input_mean", flags.inputMean, -Infinity),
    deviation: tripleOf("input_std", flags.inputStd, 0),
  };
}
