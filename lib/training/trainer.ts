/**
 * What the training loop needs of a stage: its steps, its state, and what it does at the end of an epoch.
 *
 * @module
 */
import type { Checkpoint, CheckpointTag } from "./checkpoint.ts";
import type { DueWork, RunPlan } from "./run_length.ts";
import type { RunSettings } from "./run_settings.ts";

/** Where a training stands. */
export interface Position {
  /** Epochs finished. */
  readonly epoch: number;
  /** Batches finished in the epoch under way. */
  readonly batch: number;
  /** Steps so far. */
  readonly iteration: number;
  /** Seconds so far, of runs whose length is given in hours. */
  readonly seconds?: number;
}

/** Numbers of a step, by name. */
export interface StepReport {
  /** For curves. */
  readonly scalars: Readonly<Record<string, number>>;
  /** To be shown beside the bar. */
  readonly shown: Readonly<Record<string, number>>;
}

/** What the loop trains. */
export interface Trainer<Batch> {
  /** What is trained, as the first words of a sentence. */
  readonly subject: string;
  /** Samples in a batch. */
  readonly batchSize: number;
  /** Batches in an epoch. */
  readonly batchesPerEpoch: number;
  /** Length and periods. */
  readonly plan: RunPlan;
  /** Number of the first step in curves. */
  readonly firstStep: 0 | 1;
  /** What hours are told to be enough for; steps if not given. */
  readonly unit?: { readonly steps: number; readonly name: string };
  /** Whether what is there before the first step is evaluated. */
  readonly evaluatesStart?: boolean;
  /** All settings, which are kept with the run. */
  readonly settings: RunSettings;
  /** Names of those that may change when the run is resumed. */
  readonly freeSettings: readonly string[];
  /** Prepares what a run from scratch begins with. */
  start?(): Promise<void>;
  /**
   * Takes over the state of a checkpoint.
   *
   * @returns Where it stands
   * @throws {UserError} If it is of another build
   */
  resume(checkpoint: Checkpoint): Position | Promise<Position>;
  /** Says what is trained, and from where on. */
  announce?(position: Position): void;
  /** Reads a batch; called for the next one during a step. */
  load(epoch: number, index: number): Promise<Batch>;
  /** Records steps without effect, so that every step that counts is a replay. */
  prepare(batch: Batch): Promise<void>;
  /** Trains on a batch; the report is null where the step's figures are not read. */
  step(batch: Batch, position: Position): Promise<StepReport | null>;
  /**
   * Ends an epoch, with an evaluation where one is due; epoch 0 is what is there before the first step.
   *
   * @returns Whether this state is the best so far
   */
  endEpoch(position: Position, due: DueWork): Promise<boolean>;
  /** The state, to be saved. */
  checkpoint(position: Position, tag: CheckpointTag): Promise<Checkpoint>;
  /** What to do after a failure, as the end of a sentence. */
  wayBack(): Promise<string>;
}
