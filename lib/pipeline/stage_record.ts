/**
 * What a pipeline remembers of its stages, so that a second call skips what is up to date and resumes where it stopped.
 *
 * @module
 */
import * as v from "valibot";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { readJson } from "../io/json_file.ts";
import { exists } from "../io/exists.ts";

const RECORD = v.object({
  stages: v.record(
    v.string(),
    v.object({
      settings: v.string(),
      done: v.boolean(),
      seconds: v.number(),
      result: v.record(v.string(), v.nullable(v.union([v.number(), v.string()]))),
      revision: v.optional(v.number(), 0),
      basis: v.optional(v.number(), 0),
    }),
  ),
});

type Entry = v.InferOutput<typeof RECORD>["stages"][string];

/** Figures that a stage came to. */
export type StageResult = Record<string, number | string | null>;

/** How a stage is to be run. */
export type StageStart = "skip" | "resume" | "scratch";

/** What makes a stage's result out of date. */
export interface StageInputs {
  /** Name of the stage. */
  readonly name: string;
  /** Everything that its result depends on besides earlier stages. */
  readonly settings: unknown;
  /** File that exists when the stage is done. */
  readonly resultFile: string;
}

/** Time and result of a stage. */
export interface StageOutcome {
  /** Name of the stage. */
  readonly name: string;
  /** Seconds that it took, also when it was done by an earlier call. */
  readonly seconds: number;
  /** Whether an earlier call had done it. */
  readonly skipped: boolean;
  /** Its figures. */
  readonly result: StageResult;
}

/**
 * The stages of one pipeline, as its file holds them. Stages are asked for in their order: each rests on the revision
 * of the one before, so that a stage is out of date as soon as an earlier one was redone, by whichever call.
 */
export class StageRecord {
  readonly #path: string;
  readonly #stages: Record<string, Entry>;
  #basis = 0;

  private constructor(path: string, stages: Record<string, Entry>) {
    this.#path = path;
    this.#stages = stages;
  }

  /** Reads the record of a pipeline, or starts an empty one. */
  static async open(path: string): Promise<StageRecord> {
    const stages = await exists(path) ? (await readJson(path, RECORD, "record of a pipeline")).stages : {};
    return new StageRecord(path, stages);
  }

  /** What is to be done for a stage, as the next one in order; nothing is changed. */
  async startOf({ name, settings, resultFile }: StageInputs): Promise<StageStart> {
    const entry = this.#stages[name];
    if (entry?.settings !== JSON.stringify(settings) || entry.basis !== this.#basis) return "scratch";
    if (!entry.done) return "resume";
    return await exists(resultFile) ? "skip" : "scratch";
  }

  /** Takes a stage as it is, and makes it the one that the next rests on. */
  skip(name: string): StageOutcome {
    const { revision, seconds, result } = this.#stages[name];
    this.#basis = revision;
    return { name, seconds, skipped: true, result };
  }

  /**
   * Runs a stage unless it is up to date: done with the same settings, its result there, and no earlier stage redone.
   *
   * @param inputs Name, settings and result of the stage
   * @param run The stage; "resume" takes up what a stopped call left
   * @param options Seconds of work on the stage before this call; whether it is done from scratch although it is up to date
   */
  async stage(
    inputs: StageInputs,
    run: (start: Exclude<StageStart, "skip">) => Promise<StageResult>,
    { secondsBefore = 0, fromScratch = false }: { secondsBefore?: number; fromScratch?: boolean } = {},
  ): Promise<StageOutcome> {
    const { name } = inputs, needed = await this.startOf(inputs);
    if (needed === "skip" && !fromScratch) return this.skip(name);
    const start = needed === "resume" ? "resume" : "scratch";
    const spent = secondsBefore + (start === "resume" ? this.#stages[name].seconds : 0);
    const revision = 1 + Math.max(0, ...Object.values(this.#stages).map((entry) => entry.revision));
    const started = performance.now();
    const put = async (done: boolean, result: StageResult) => {
      const seconds = spent + (performance.now() - started) / 1000;
      const settings = JSON.stringify(inputs.settings);
      this.#stages[name] = { settings, done, seconds, result, revision, basis: this.#basis };
      await writeJsonAtomic(this.#path, { stages: this.#stages });
      return seconds;
    };
    await put(false, {});
    try {
      const result = await run(start), seconds = await put(true, result);
      this.#basis = revision;
      return { name, seconds, skipped: false, result };
    } catch (error) {
      await put(false, {});
      throw error;
    }
  }
}
