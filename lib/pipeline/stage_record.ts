/**
 * What a pipeline remembers of its stages, so that a second call skips what is up to date and goes on where it stopped.
 *
 * @module
 */
import * as v from "valibot";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { readJson } from "../io/json_file.ts";
import { exists } from "./result_file.ts";

const RECORD = v.object({
  stages: v.record(
    v.string(),
    v.object({
      settings: v.string(),
      done: v.boolean(),
      seconds: v.number(),
      result: v.record(v.string(), v.nullable(v.union([v.number(), v.string()]))),
    }),
  ),
});

/** Figures that a stage came to. */
export type StageResult = Record<string, number | string | null>;

/** How a stage is to be run. */
export type StageStart = "skip" | "resume" | "anew";

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

/** The stages of one pipeline, as its file holds them. */
export class StageRecord {
  readonly #path: string;
  readonly #stages: v.InferOutput<typeof RECORD>["stages"];
  #changed = false;

  private constructor(path: string, stages: v.InferOutput<typeof RECORD>["stages"]) {
    this.#path = path;
    this.#stages = stages;
  }

  /** Reads the record of a pipeline, or starts an empty one. */
  static async open(path: string): Promise<StageRecord> {
    const stages = await exists(path) ? (await readJson(path, RECORD, "record of a pipeline")).stages : {};
    return new StageRecord(path, stages);
  }

  /**
   * Runs a stage unless it is up to date: done with the same settings, its result there, and no earlier stage made anew.
   *
   * @param name Name of the stage
   * @param settings Everything that its result depends on besides earlier stages
   * @param resultFile File that exists when the stage is done
   * @param run The stage; "resume" goes on with what a stopped call left
   * @param secondsBefore Seconds of work on the stage before this call
   */
  async stage(
    name: string,
    settings: unknown,
    resultFile: string,
    run: (start: Exclude<StageStart, "skip">) => Promise<StageResult>,
    secondsBefore = 0,
  ): Promise<StageOutcome> {
    const text = JSON.stringify(settings), before = this.#stages[name];
    const same = !this.#changed && before?.settings === text;
    if (same && before.done && await exists(resultFile)) {
      return { name, seconds: before.seconds, skipped: true, result: before.result };
    }
    this.#changed = true;
    const resumes = same && !before.done, spent = secondsBefore + (resumes ? before.seconds : 0);
    const started = performance.now();
    const seconds = () => spent + (performance.now() - started) / 1000;
    await this.#put(name, { settings: text, done: false, seconds: spent, result: {} });
    try {
      const result = await run(resumes ? "resume" : "anew");
      const total = seconds();
      await this.#put(name, { settings: text, done: true, seconds: total, result });
      return { name, seconds: total, skipped: false, result };
    } catch (error) {
      await this.#put(name, { settings: text, done: false, seconds: seconds(), result: {} });
      throw error;
    }
  }

  async #put(name: string, entry: v.InferOutput<typeof RECORD>["stages"][string]): Promise<void> {
    this.#stages[name] = entry;
    await writeJsonAtomic(this.#path, { stages: this.#stages });
  }
}
