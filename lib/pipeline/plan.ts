/**
 * What a call of the pipeline would do, and what it would cost.
 *
 * @module
 */
import { durationText, sizeText } from "../core/number_text.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { inspectPhotographs } from "../datasets/import_photographs.ts";
import { fatalProblems, unusableImagesError } from "../datasets/import_report.ts";
import { estimateStages, type StageCost } from "./estimate.ts";
import { checkSelected, type PipelineCall, pipelineFile } from "./pipeline.ts";
import type { PipelineRequest } from "./pipeline_request.ts";
import { importInputs, type StageName, stagesOf, trainsNetworks } from "./pipeline_stages.ts";
import { checkCount, checkUpToDate } from "./refusals.ts";
import { StageRecord, type StageStart } from "./stage_record.ts";

/** A stage of a plan. */
export interface PlannedStage extends StageCost {
  /** Name of the stage. */
  readonly name: StageName;
  /** What would be done with it; null if the call leaves it alone. */
  readonly start: StageStart | null;
}

/** Stages in order, and the photographs that they would use. */
export interface PipelinePlan {
  /** Photographs that can be used. */
  readonly images: number;
  /** Stages in order. */
  readonly stages: readonly PlannedStage[];
  /** What the estimates are worth, and why stages are missing. */
  readonly note: string;
}

/**
 * Tells what {@link runPipeline} would do. Reads the photographs and the record of earlier calls; writes nothing.
 *
 * @throws {UserError} If the run would refuse: photographs cannot be used, or what a selected stage rests on is out of date
 */
export async function planPipeline(
  request: PipelineRequest,
  { from, only }: PipelineCall,
  callbacks: StageCallbacks = {},
): Promise<PipelinePlan> {
  const { report, description } = await inspectPhotographs(request.images, request, callbacks);
  const isRefused = !request.skipInvalid && fatalProblems(report).length > 0;
  if (!description || isRefused) throw unusableImagesError(report);
  checkCount(request.images, report.used);
  checkSelected(request, report.used, from ?? only);
  const record = await StageRecord.open(pipelineFile(request.name));
  const costs = await estimateStages(request, report.used);
  const text = JSON.stringify(description, null, 2) + "\n";
  const inputs = [importInputs(request.name, text), ...await stagesOf(request, report.used)];
  const stages: PlannedStage[] = [];
  let isChanged = false;
  for (const stage of inputs) {
    const name = stage.name as StageName;
    const needed: StageStart = isChanged ? "scratch" : await record.startOf(stage);
    if (only && !stages.some(({ name }) => name === only) && name !== only) {
      await checkUpToDate(record, stage, only);
    }
    const start: StageStart = name === from || name === only ? "scratch" : needed;
    if (!isChanged && start === "skip") record.skip(name);
    isChanged ||= start !== "skip";
    stages.push({ name, start: only && name !== only ? null : start, ...costs[name] });
  }
  const trains = trainsNetworks(request, report.used);
  return {
    images: report.used,
    stages,
    note: trains ? PLAN_NOTE : `${PLAN_NOTE} ${untrainedNote(report.used)}`,
  };
}

/** What a plan tells of a stage. */
export const PLAN_WORDS = { skip: "up to date", resume: "to be resumed", scratch: "to be done" } as const;

/** What the estimates are worth. */
const PLAN_NOTE = "Estimates for this machine, right within a factor of two where nothing else runs on it.";

function untrainedNote(photographs: number): string {
  return `Networks learn little from ${photographs} photographs, so that none is trained without 'train'.`;
}

/** A plan as rows of a table; times and sizes of what is to be done are summed in the last one. */
export function planRows({ images, stages }: Pick<PipelinePlan, "images" | "stages">): string[][] {
  const due = stages.filter(({ start }) => start === "scratch" || start === "resume");
  const sum = (key: "seconds" | "disk") => due.reduce((total, stage) => total + stage[key], 0);
  const memory = Math.max(0, ...due.map((stage) => stage.memory));
  const rows = stages.map(({ name, start, ...cost }) => [
    name,
    start === null ? "left alone" : PLAN_WORDS[start],
    ...costCells(start === null || start === "skip" ? null : cost),
  ]);
  return [
    ["stage", "", "time", "memory", "disk"],
    ...rows,
    [
      "in all",
      `${images} photographs`,
      ...costCells({ seconds: sum("seconds"), memory, disk: sum("disk") }),
    ],
  ];
}

function costCells(cost: StageCost | null): string[] {
  return cost === null
    ? []
    : [durationText(Math.max(1, cost.seconds)), sizeText(cost.memory), sizeText(cost.disk)];
}
