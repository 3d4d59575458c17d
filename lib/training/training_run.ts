/**
 * Where a training keeps its state: what the caller of a trainer hands in, so that trainers own no folders.
 *
 * @module
 */
import type { NdArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import type { Checkpoint, CheckpointTag } from "./checkpoint.ts";
import type { RunSettings } from "./run_settings.ts";

/** A run: settings, checkpoints, and what else a training needs again when it is resumed. */
export interface TrainingRun {
  /** How messages name it. */
  readonly name: string;
  /** Settings with which the resumed run began; null for one that starts from scratch. */
  settings(): Promise<RunSettings | null>;
  /**
   * Begins, or resumes. Called once, when all inputs are known to be usable.
   *
   * @param settings All settings of now, which are kept
   * @param free Names of those that may differ from those of before
   * @returns The checkpoint to resume from; null to start from scratch
   * @throws {UserError} If it may not begin, or settings differ
   */
  begin(settings: RunSettings, free: readonly string[]): Promise<Checkpoint | null>;
  /** Keeps a checkpoint. */
  save(tag: CheckpointTag, checkpoint: Checkpoint): Promise<void>;
  /** Whether there is a checkpoint. */
  has(tag: CheckpointTag): Promise<boolean>;
  /** Keeps arrays that do not change while it trains. */
  writeArrays(name: string, arrays: Readonly<Record<string, NdArray>>): Promise<void>;
  /** Those arrays. */
  readArrays(name: string): Promise<Record<string, NdArray>>;
  /** Adds a line to its log. */
  log(line: string): Promise<void>;
}

/** A run that is kept in memory; a second training with it resumes from its latest checkpoint. */
export function memoryRun(): TrainingRun & { readonly checkpoints: ReadonlyMap<CheckpointTag, Checkpoint> } {
  const checkpoints = new Map<CheckpointTag, Checkpoint>();
  const kept = new Map<string, Record<string, NdArray>>();
  let stored: RunSettings | null = null;
  return {
    name: "memory",
    checkpoints,
    settings: () => Promise.resolve(stored),
    begin(settings) {
      stored = settings;
      return Promise.resolve(checkpoints.get("latest") ?? null);
    },
    save(tag, { arrays, state }) {
      checkpoints.set(tag, { arrays, state: structuredClone(state) });
      return Promise.resolve();
    },
    has: (tag) => Promise.resolve(checkpoints.has(tag)),
    writeArrays: (name, arrays) => Promise.resolve(void kept.set(name, { ...arrays })),
    readArrays(name) {
      const arrays = kept.get(name);
      if (!arrays) throw new UserError(`Cannot resume: the run in memory has no ${name}.`);
      return Promise.resolve(arrays);
    },
    log: () => Promise.resolve(),
  };
}
