/**
 * The chain of all stages, from photographs to exported meshes.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf, StoppedError, UserError } from "../core/errors.ts";
import { durationText } from "../core/number_text.ts";
import { cacheFolder, datasetFile, ganFolder, outputFolder, reconstructionFolder } from "../core/paths.ts";
import { importPhotographs } from "../datasets/import_photographs.ts";
import { removeTemporaryFiles } from "../io/temporary_files.ts";
import {
  importInputs,
  LEAST_FOR_NETWORKS,
  STAGE_NAMES,
  type StageName,
  stagesOf,
  trainsNetworks,
} from "./pipeline_stages.ts";
import { exists } from "../io/exists.ts";
import { checkCount, checkUpToDate, OutOfDateError } from "./refusals.ts";
import { PipelineLog } from "./pipeline_log.ts";
import { lockRun } from "./run_lock.ts";
import { type StageOutcome, StageRecord, type StageResult } from "./stage_record.ts";
import type { CallbacksOf, PipelineRequest } from "./pipeline_request.ts";

/** What all stages came to. */
export interface PipelineResult {
  /** Stages in order. */
  readonly stages: readonly StageOutcome[];
  /** Figures of each stage by its name. */
  readonly figures: Readonly<Record<string, StageResult>>;
}

/** File in which a pipeline remembers its stages. */
export function pipelineFile(name: string): string {
  return join(outputFolder(name), "pipeline.json");
}

/** Which stages a call runs, and how it is called. */
export interface PipelineCall {
  /** This stage and those after it are done from scratch. */
  readonly from?: StageName;
  /** This stage alone is done from scratch; those before it must be up to date. */
  readonly only?: StageName;
  /** The command that resumes after a failure, as a person types it. */
  readonly command?: string;
}

/**
 * Runs all stages that are not up to date, or those that are selected.
 *
 * @throws {UserError} If photographs cannot be used, a stage fails, what a selected stage rests on is out of date, or
 *   another pipeline works on the name
 * @throws {StoppedError} If a stop was asked for; the same call resumes
 */
export async function runPipeline(
  request: PipelineRequest,
  callbacksOf: CallbacksOf,
  call: PipelineCall = {},
): Promise<PipelineResult> {
  await exists(pipelineFile(request.name)); // a file in the place of the folder is told
  const lock = await lockRun(request.name);
  try {
    return await runLocked(request, callbacksOf, call);
  } finally {
    lock.release();
  }
}

async function runLocked(
  request: PipelineRequest,
  callbacksOf: CallbacksOf,
  { from, only, command }: PipelineCall,
): Promise<PipelineResult> {
  for (const folderOf of [cacheFolder, outputFolder, reconstructionFolder, ganFolder]) {
    await removeTemporaryFiles(folderOf(request.name));
  }
  const record = await StageRecord.open(pipelineFile(request.name));
  const log = new PipelineLog(request.name), watched = log.watch(callbacksOf);
  const logged = async (name: StageName, work: () => Promise<StageOutcome>) => {
    try {
      const outcome = await work();
      log.add(name, outcome.skipped ? "up to date" : `done in ${durationText(outcome.seconds)}`);
      return outcome;
    } catch (error) {
      log.addError(name, error);
      const saysAll = error instanceof StoppedError || error instanceof OutOfDateError;
      throw saysAll ? error : stageFailure(log.place, name, error, command);
    }
  };
  const stages = [await logged("import", () => importStage(record, request, watched, only))];
  if (only === "import") return resultOf(stages);
  const photographs = Number(stages[0].result.used);
  checkSelected(request, photographs, from ?? only);
  for (const stage of await stagesOf(request, photographs)) {
    const { name, run } = stage;
    if (only && name !== only) await checkUpToDate(record, stage, only);
    const fromScratch = name === from || name === only;
    stages.push(
      await logged(name, () => record.stage(stage, (start) => run(start, watched(name)), { fromScratch })),
    );
    if (name === "refine" && !stages.at(-1)!.skipped) {
      meshSentences(request, photographs, stages).forEach((sentence) => watched(name).onMessage?.(sentence));
    }
    if (name === only) break;
  }
  return resultOf(stages);
}

/** Where the first meshes are, and what becomes of the networks. */
function meshSentences(
  request: PipelineRequest,
  photographs: number,
  stages: readonly StageOutcome[],
): string[] {
  const { meshes, folder } = stages.at(-1)!.result;
  const minutes = Math.max(1, Math.round(stages.reduce((sum, { seconds }) => sum + seconds, 0) / 60));
  const done = `${meshes} meshes are in ${folder}, ${minutes} ${
    minutes === 1 ? "minute" : "minutes"
  } after the start.`;
  if (photographs >= LEAST_FOR_NETWORKS) return [done];
  const few = `Networks learn little from ${photographs} photographs (${LEAST_FOR_NETWORKS} are a beginning)`;
  return [
    done,
    trainsNetworks(request, photographs) ? `${few}.` : `${few}, so that none is trained without 'train'.`,
  ];
}

/**
 * Makes sure that a selected stage is part of the pipeline.
 *
 * @throws {UserError} If it needs networks, and none are trained
 */
export function checkSelected(request: PipelineRequest, photographs: number, stage?: StageName): void {
  if (stage === undefined || trainsNetworks(request, photographs)) return;
  if (STAGE_NAMES.indexOf(stage) < STAGE_NAMES.indexOf("reconstruct")) return;
  throw new UserError(
    `Cannot run ${stage}: with fewer than ${LEAST_FOR_NETWORKS} photographs networks are trained with 'train' only, ` +
      `current value is ${photographs} photographs; give 'train', or more photographs.`,
  );
}

/** What a person reads when a stage has failed: why, where the log is, and how to resume. */
function stageFailure(log: string, stage: StageName, error: unknown, command?: string): UserError {
  const kept = stage === "import" ? "" : "; those before it are kept";
  const sentence = messageOf(error), next = command ? `: ${command}` : " the pipeline again";
  return new UserError(
    `${sentence}\nThe stage ${stage} could not be finished${kept}. Log: ${log}. ` +
      `When the cause is fixed, run${next}`,
    { cause: error },
  );
}

function resultOf(stages: readonly StageOutcome[]): PipelineResult {
  return { stages, figures: Object.fromEntries(stages.map(({ name, result }) => [name, result])) };
}

/** The import runs always, as it is quick and sees changed photographs; later stages depend on what it found. */
async function importStage(
  record: StageRecord,
  { name, images, category, limit, seed, skipInvalid, masks, maskModel }: PipelineRequest,
  callbacksOf: CallbacksOf,
  only: StageName | undefined,
): Promise<StageOutcome> {
  const started = performance.now(), callbacks = callbacksOf("import");
  const report = await importPhotographs(
    images,
    { name, category, limit, seed, skipInvalid, masks, maskModel, overwrite: true },
    callbacks,
  );
  checkCount(images, report.used);
  const result = { found: report.found, used: report.used, notes: report.problems.length };
  const inputs = importInputs(name, await Deno.readTextFile(datasetFile(name)));
  if (only && only !== "import") await checkUpToDate(record, inputs, only);
  const secondsBefore = (performance.now() - started) / 1000;
  return await record.stage(inputs, () => Promise.resolve(result), { secondsBefore });
}
