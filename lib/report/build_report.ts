/**
 * The report of an experiment: one HTML file with images, curves and tables.
 *
 * @module
 */
import { join } from "@std/path";
import { whichEpoch } from "../core/common_options.ts";
import { UserError } from "../core/errors.ts";
import { resolveOptions } from "../core/option.ts";
import { outputFolder } from "../core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { writeFileAtomic } from "../io/atomic_file.ts";
import { refine } from "../refinement/refinement_option.ts";
import { curveSection } from "./curve_section.ts";
import { dataSection } from "./data_section.ts";
import { generatedSection } from "./generated_section.ts";
import { htmlPage, htmlParagraph, htmlTable, type Section } from "./html.ts";
import { poseSection } from "./pose_section.ts";
import { pseudoGroundTruthSection } from "./pseudogt_section.ts";
import { reconstructionSection } from "./reconstruction_section.ts";
import type { ReportContext, ReportRequest } from "./report_request.ts";
import { settingsSection, stageTimeSection } from "./stage_section.ts";

type SectionBuilder = (context: ReportContext) => Promise<string> | string;

const SECTIONS: readonly (readonly [title: string, build: SectionBuilder])[] = [
  ["Summary", ({ summary }) => htmlTable(summary.header, summary.rows)],
  ["Photographs", dataSection],
  ["Poses", poseSection],
  ["Reconstructions", reconstructionSection],
  ["Pseudo-ground-truth", pseudoGroundTruthSection],
  ["Generated objects", generatedSection],
  ["Curves", curveSection],
  ["Times", stageTimeSection],
  ["Settings", settingsSection],
];

/** File of a report. */
export function reportFile(name: string): string {
  return join(outputFolder(name), "report.html");
}

/**
 * Writes `output/<name>/report.html`: a page that needs nothing beside it. Sections whose inputs are missing or damaged
 * say so. Reconstructions run a network, so a backend must have been chosen.
 *
 * @param request What is shown
 * @param callbacks Progress over the sections, messages and stop
 * @returns Path of the file
 * @throws {UserError} If the file cannot be written
 * @throws {StoppedError} If the signal was aborted
 */
export async function buildReport(request: ReportRequest, callbacks: StageCallbacks = {}): Promise<string> {
  const { name, dataset: datasetName, mode, mostImages } = request;
  let dataset: Promise<Dataset> | null = null;
  const context: ReportContext = {
    ...request,
    ...resolveOptions({ whichEpoch, refine }, request),
    mostImages: mostImages ?? 100,
    mostPoses: mostImages ?? 1000, // 8 kB each
    openDataset: () => dataset ??= openDataset(datasetName),
    callbacks,
  };
  const sections: Section[] = [];
  for (const [title, build] of SECTIONS) {
    throwIfStopped(callbacks.signal, "The report");
    sections.push({ title, html: await builtOrExcused(build, context) });
    callbacks.onProgress?.({ done: sections.length, total: SECTIONS.length });
  }
  const templates = mode === "singletpl" ? "one template" : "several templates";
  const page = htmlPage(name, `Data set ${datasetName}, ${templates}`, sections);
  await Deno.mkdir(outputFolder(name), { recursive: true });
  await writeFileAtomic(reportFile(name), new TextEncoder().encode(page));
  return reportFile(name);
}

/** A section, or the sentence why it is not there. */
async function builtOrExcused(build: SectionBuilder, context: ReportContext): Promise<string> {
  try {
    return await build(context);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return htmlParagraph(error.message);
  }
}
