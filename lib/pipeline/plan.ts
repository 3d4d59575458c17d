/**
 * What a call of the pipeline would do, and what it would cost.
 *
 * @module
 */
import type { StageCallbacks } from "../core/progress.ts";
import { inspectPhotographs } from "../datasets/import_photographs.ts";
import { unusablePicturesError } from "../datasets/import_report.ts";
import { estimateStages, type StageCost } from "./estimate.ts";
import { checkSelected, type PipelineCall, pipelineFile, type PipelineRequest } from "./pipeline.ts";
import { importInputs, type StageName, stagesOf, trainsNetworks } from "./pipeline_stages.ts";
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
  readonly pictures: number;
  /** Stages in order. */
  readonly stages: readonly PlannedStage[];
  /** What the estimates are worth, and why stages are missing. */
  readonly note: string;
}

/**
 * Tells what {@link runPipeline} would do. Reads the photographs and the record of earlier calls; writes nothing.
 *
 * @throws {UserError} If photographs cannot be used
 */
export async function planPipeline(
  request: PipelineRequest,
  { from, only }: PipelineCall,
  callbacks: StageCallbacks = {},
): Promise<PipelinePlan> {
  const { report, description } = await inspectPhotographs(request.images, request, callbacks);
  if (!description) throw unusablePicturesError(report);
  checkSelected(request, report.used, from ?? only);
  const record = await StageRecord.open(pipelineFile(request.name));
  const costs = await estimateStages(request, report.used);
  const text = JSON.stringify(description, null, 2) + "\n";
  const inputs = [importInputs(request.name, text), ...await stagesOf(request, report.used)];
  const stages: PlannedStage[] = [];
  let isChanged = false;
  for (const stage of inputs) {
    const name = stage.name as StageName;
    const needed: StageStart = isChanged ? "anew" : await record.startOf(stage);
    const start: StageStart = name === from || name === only ? "anew" : needed;
    if (!isChanged && start === "skip") record.skip(name);
    isChanged ||= start !== "skip";
    stages.push({ name, start: only && name !== only ? null : start, ...costs[name] });
  }
  const trains = trainsNetworks(request, report.used);
  return {
    pictures: report.used,
    stages,
    note: trains ? PLAN_NOTE : `${PLAN_NOTE} ${untrainedNote(report.used)}`,
  };
}

const WORDS = { skip: "up to date", resume: "goes on", anew: "to be done" } as const;

/** What the estimates are worth. */
const PLAN_NOTE = "Estimates for this machine, right within a factor of two where nothing else runs on it.";

function untrainedNote(photographs: number): string {
  return `Networks learn little from ${photographs} photographs, so that none is trained without --train.`;
}

/** A plan as rows of a table; times and sizes of what is to be done are summed in the last one. */
export function planRows({ pictures, stages }: Pick<PipelinePlan, "pictures" | "stages">): string[][] {
  const due = stages.filter(({ start }) => start === "anew" || start === "resume");
  const sum = (key: "seconds" | "disk") => due.reduce((total, stage) => total + stage[key], 0);
  const memory = Math.max(0, ...due.map((stage) => stage.memory));
  const rows = stages.map(({ name, start, ...cost }) => [
    name,
    start === null ? "left alone" : WORDS[start],
    ...costCells(start === null || start === "skip" ? null : cost),
  ]);
  return [
    ["stage", "", "time", "memory", "disk"],
    ...rows,
    [
      "in all",
      `${pictures} photographs`,
      ...costCells({ seconds: sum("seconds"), memory, disk: sum("disk") }),
    ],
  ];
}

function costCells(cost: StageCost | null): string[] {
  return cost === null ? [] : [timeText(cost.seconds), sizeText(cost.memory), sizeText(cost.disk)];
}

/** Seconds as a person says them. */
function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} days`;
}

/** Bytes as a person says them. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 1 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
