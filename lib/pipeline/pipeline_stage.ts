/**
 * What the stages of a pipeline have in common, and the versions of their code.
 *
 * @module
 */
import type { StageCallbacks } from "../core/progress.ts";
import type { StageName } from "./pipeline_request.ts";
import type { StageInputs, StageResult, StageStart } from "./stage_record.ts";

/**
 * Versions of the stages' code: a number is raised when its stage comes to another result from the same inputs, so that
 * results of older code are redone.
 */
export const STAGE_VERSIONS = {
  import: 2,
  pose_step1: 3,
  pose_step2: 5,
  refine: 4,
  reconstruct: 2,
  export_reconstructions: 4,
  generate_pseudogt: 5,
  train_gan: 4,
  evaluate: 1,
  export: 2,
} as const satisfies Record<StageName, number>;

/** A stage of a pipeline. */
export interface PipelineStage extends StageInputs {
  /** Name of the stage. */
  readonly name: StageName;
  /** Runs it. */
  run(start: Exclude<StageStart, "skip">, callbacks: StageCallbacks): Promise<StageResult>;
}
