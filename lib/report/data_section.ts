/**
 * The section about the photographs.
 *
 * @module
 */
import { datasetGrid } from "../datasets/dataset_grid.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { datasetSummary } from "../datasets/import_report.ts";
import { htmlDetails, htmlParagraph, htmlTable } from "./html.ts";
import { htmlFloatImage } from "./float_image.ts";
import type { ReportContext } from "./report_request.ts";

/** Most photographs of the image grid. */
const MOST_IN_GRID = 48;

/** Counts, notes of the import, and a grid of crops with the contours of their masks. */
export async function dataSection(context: ReportContext): Promise<string> {
  const dataset = await context.openDataset();
  const count = Math.min(MOST_IN_GRID, dataset.length, context.mostImages);
  const grid = await datasetGrid(dataset, { count });
  const shown = count < dataset.length
    ? `${count} of ${dataset.length} photographs, spread evenly`
    : "All photographs";
  return factsOf(dataset, context) +
    `<div class="image-grid">${await htmlFloatImage(grid, "Crops with the contours of their masks", {
      caption: `${shown}, cropped, the background dimmed, with the contours of their masks.`,
    })}</div>`;
}

function factsOf(dataset: Dataset, { importReport }: ReportContext): string {
  if (!importReport) return htmlTable([], countsOf(dataset));
  const { facts, problems } = datasetSummary(importReport);
  const notes = problems.length === 0
    ? htmlParagraph("The import found nothing to complain about.", true)
    : htmlDetails(`Notes of the import (${problems.length})`, htmlTable([], problems));
  return htmlTable([], facts) + notes;
}

function countsOf({ name, category, records, classNames, partNames }: Dataset): string[][] {
  const withPose = records.filter(({ truePose }) => truePose !== null).length;
  return [
    ["data set", `${name} (${category})`],
    ["photographs", `${records.length}`],
    ...(classNames.length > 1 ? [["classes", classNames.join(", ")]] : []),
    ["parts", partNames.join(", ") || "none: poses are chosen by silhouettes alone"],
    ["known poses", withPose === 0 ? "none" : `${withPose}`],
  ];
}
