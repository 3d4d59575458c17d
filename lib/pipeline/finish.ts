/**
 * The end of a pipeline: summary file and report page.
 *
 * @module
 */
import { join } from "@std/path";
import { outputFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { buildReport } from "../report/build_report.ts";
import type { PipelineResult } from "./pipeline.ts";
import type { PipelineRequest } from "./pipeline_request.ts";
import { summarise, type Summary, summaryRows } from "./summary.ts";

/** What a finished pipeline leaves. */
export interface FinishedPipeline {
  /** Figures. */
  readonly summary: Summary;
  /** The closing table. */
  readonly rows: readonly (readonly [string, string])[];
  /** Files that were written. */
  readonly files: { readonly summary: string; readonly report: string };
}

/** Writes `summary.json` and `report.html` of a pipeline. */
export async function finishPipeline(
  request: PipelineRequest,
  result: PipelineResult,
  callbacks: StageCallbacks = {},
): Promise<FinishedPipeline> {
  const { name, mode, sizes, backend } = request;
  const summary = summarise(request, result), rows = summaryRows(summary, backend);
  const path = join(outputFolder(name), "summary.json");
  await writeJsonAtomic(path, summary);
  const report = await buildReport({
    name,
    dataset: name,
    mode,
    refine: request.refine,
    facts: Object.entries(sizes).map(([key, value]) => [wordsOf(key), String(value)]),
    summary: { header: [], rows: rows.map((row) => [...row]) },
    stageTimes: result.stages.map((stage) => ({
      stage: stage.name,
      seconds: stage.seconds,
      note: stage.skipped ? "done before" : "",
    })),
  }, callbacks);
  return { summary, rows, files: { summary: path, report } };
}

/** `ganIterations` as "gan iterations". */
function wordsOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
