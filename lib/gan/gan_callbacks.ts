/**
 * What GAN training calls, and what evaluations find.
 *
 * @module
 */
import type { StageCallbacks } from "../core/progress.ts";
import type { TrainingRun } from "../training/training_run.ts";
import type { GeneratorModel } from "./own_parts.ts";

/** State that an evaluation while training sees. */
export interface GanEvaluation {
  /** Epochs finished. */
  readonly epoch: number;
  /** Steps of both kinds so far. */
  readonly iteration: number;
  /** The EMA of the generator. */
  readonly average: GeneratorModel;
  /** Ids of the photographs that are held out. */
  readonly heldOut: readonly string[];
}

/** What an evaluation found. */
export interface GanEvaluationResult {
  /** FID or FD to real images. */
  readonly distance: number;
  /** How much generated images differ from each other, if that is known. */
  readonly diversity?: number;
  /** How much real images do. */
  readonly realDiversity?: number | null;
}

/** What training calls. */
export interface GanCallbacks extends StageCallbacks {
  /** Where settings and checkpoints are kept; in memory if not given. */
  run?: TrainingRun;
  /**
   * Called every `evaluateFreq` epochs and at the end.
   *
   * @returns What was found; the checkpoint of the least distance is kept as "best"
   */
  onEvaluate?: (evaluation: GanEvaluation) => Promise<GanEvaluationResult | void>;
}
