/**
 * What a report is asked for, and what its sections share.
 *
 * @module
 */
import type { Mode } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import type { Refinement } from "../refinement/refinement.ts";
import type { ImportReport } from "../datasets/import_report.ts";

/** Time that a stage took. */
export interface StageTime {
  /** Name of the stage. */
  readonly stage: string;
  /** Seconds. */
  readonly seconds: number;
  /** What is worth knowing about it, such as "resumed"; may be empty. */
  readonly note: string;
}

/** A table of texts. */
export interface ReportTable {
  /** Headings; may be empty. */
  readonly header: readonly string[];
  /** Rows. */
  readonly rows: readonly (readonly string[])[];
}

/** What a report shows. */
export interface ReportRequest {
  /** Name of the runs, and of the folder in `output/`. */
  readonly name: string;
  /** Name of the data set. */
  readonly dataset: string;
  /** One template or several. */
  readonly mode: Mode;
  /** Checkpoint of the reconstruction: a number, `latest` or `best`. */
  readonly whichEpoch?: string;
  /** What reconstructions show: refined objects where there are some, or the network's predictions. */
  readonly refine?: Refinement;
  /** Settings and backend: label and value. */
  readonly facts: readonly (readonly [string, string])[];
  /** The closing table, shown first. */
  readonly summary: ReportTable;
  /** Times of the stages. */
  readonly stageTimes: readonly StageTime[];
  /** What the import found. */
  readonly importReport?: ImportReport;
  /** Most photographs that are shown in a section, spread evenly over the data set; left out, more of them with poses. */
  readonly mostImages?: number;
}

/** What the sections of a report share. */
export interface ReportContext extends ReportRequest {
  /** Checkpoint of the reconstruction. */
  readonly whichEpoch: string;
  /** What reconstructions show. */
  readonly refine: Refinement;
  /** Most photographs that are shown in a section. */
  readonly mostImages: number;
  /** Most photographs that are shown with their poses. */
  readonly mostPoses: number;
  /** Opens the data set; the same object each time. */
  openDataset(): Promise<Dataset>;
  /** Progress, and stop between two images. */
  readonly callbacks: StageCallbacks;
}

/**
 * At most `most` of the numbers below `count`, spread evenly.
 *
 * @returns Ascending numbers
 */
export function spread(count: number, most: number): number[] {
  const shown = Math.min(count, most);
  return Array.from({ length: shown }, (_, k) => Math.floor(k * count / shown));
}
