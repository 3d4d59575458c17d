/**
 * Measures pose estimation where the truth is known: masks with another program's results, and rendered images.
 *
 * @module
 */
import { json, workers } from "../../lib/core/common_options.ts";
import { option, type OptionsOutput } from "../../lib/core/option.ts";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { datasetOf } from "../../lib/datasets/open_dataset.ts";
import { hasImgFocus } from "../../lib/metrics/patch_model_features.ts";
import type { ChooseOptions } from "../../lib/pose/choose_options.ts";
import { ROBUST_CHOICE } from "../../lib/pose/robust_choice.ts";
import {
  evaluateChoice,
  evaluateHypotheses,
  evaluateNearest,
  type PoseTableRow,
} from "../../lib/pose/evaluate.ts";
import type { Hypotheses } from "../../lib/pose/files.ts";
import { bestHypotheses, meanHardIou } from "../../lib/pose/hard_ious.ts";
import type { ScheduleName } from "../../lib/pose/schedule.ts";
import { estimateHypotheses } from "../../lib/pose/step1.ts";
import { choosePoses, type PoseChoice } from "../../lib/pose/step2.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import type { Template } from "../../lib/templates/template_file.ts";
import {
  benchmarkFigures,
  benchmarkNames,
  fitBenchmark,
  type PoseBenchmark,
  readPoseBenchmark,
} from "./pose_benchmark.ts";
import { LEAST_IMAGES, refineTemplates } from "../../lib/pipeline/refine_template.ts";

/** One measured figure, with what it is held against. */
export interface PoseFigure {
  /** What was measured. */
  readonly name: string;
  /** The figure. */
  readonly measured: number;
  /** What it is held against; without it the figure is only told. */
  readonly bound?: number;
  /** Whether the figure must be at least the bound, not at most. */
  readonly higherIsBetter?: boolean;
}

/** Receives the figures as soon as they are there. */
export type OnFigure = (figure: PoseFigure) => void;

/** Options of the task `evaluate_poses`. */
export const EVALUATE_POSES_OPTIONS = {
  only: option.list({
    doc: "What is measured: speed, benchmark, car, airplane, or another category of the renders.",
    default: ["speed", "benchmark", "car", "airplane"],
  }),
  limit: option.integer({ doc: "Most images of a category, 0 for all.", default: 100, minimum: 0 }),
  mode: option.choice({
    doc: "One template or several for the rendered images.",
    choices: ["singletpl", "multitpl"],
    default: "multitpl",
  }),
  workers,
  rounds: option.integer({ doc: "Rounds of the speed measurement.", default: 3, minimum: 1, maximum: 20 }),
  json,
} as const;

/** Bounds of the kept images of a category; others are only told. */
interface Bounds {
  readonly medianDegrees: number;
  readonly flips: number;
  readonly recall: number;
}
const BOUNDS: Readonly<Record<string, Bounds>> = {
  car: { medianDegrees: 10, flips: 0.05, recall: 0.7 },
  airplane: { medianDegrees: 15, flips: 0.08, recall: 0.7 },
};
/** Flips of the kept images with parts that are found without labels. */
const AUTO_FLIPS = 0.15;
/** What may be worse than the reference: degrees, images, IoU. */
const WORSE_DEGREES = 1, WORSE_IMAGES = 1, WORSE_IOU = 0.003;
/** Side of the renders of step 2. */
const CHOICE_RESOLUTION = 128;

/**
 * Fits the masks of a benchmark folder with both schedules and holds the errors against the reference's.
 *
 * @param folder Folder of the benchmark
 * @param workers Workers; null for one per core
 * @param onFigure Receives the figures
 * @param callbacksOf Callbacks of a job
 */
export async function measureBenchmark(
  folder: string,
  workers: number | null,
  onFigure: OnFigure,
  callbacksOf: (label: string) => StageCallbacks,
): Promise<void> {
  for (const name of await benchmarkNames(folder)) {
    const benchmark = await readPoseBenchmark(folder, name);
    const { dataset, reference } = benchmark, N = dataset.length;
    const theirs = benchmarkFigures(dataset, reference);
    const images = (share: number | null) => Math.round(N * (share ?? 0));
    const bestIou = async (hypotheses: PoseBenchmark["reference"]) =>
      (await meanHardIou(dataset, [benchmark.template], bestHypotheses(hypotheses)))!;
    const theirIou = await bestIou(reference);
    for (const schedule of ["original", "fast"] as const) {
      const hypotheses = await fitBenchmark(
        benchmark,
        { workers, schedule },
        callbacksOf(`${name}, ${schedule}`),
      );
      const ours = benchmarkFigures(dataset, hypotheses);
      const label = `benchmark ${name}, ${schedule}:`;
      onFigure({
        name: `${label} median angle`,
        measured: ours.medianDegrees!,
        bound: rounded(theirs.medianDegrees! + WORSE_DEGREES),
      });
      onFigure({
        name: `${label} images under 10° of ${N}`,
        measured: images(ours.under10),
        bound: images(theirs.under10) - WORSE_IMAGES,
        higherIsBetter: true,
      });
      onFigure({ name: `${label} flips`, measured: images(ours.flips), bound: images(theirs.flips) });
      onFigure({
        name: `${label} mean best IoU`,
        measured: await bestIou(hypotheses),
        bound: rounded(theirIou - WORSE_IOU),
        higherIsBetter: true,
      });
    }
  }
}

/**
 * Runs both steps on rendered images: with both schedules, with the original's choice, with parts found without labels,
 * by features where the vision model is there, and once more from templates that were refined by the poses of the fast
 * schedule.
 *
 * @param request How many images; `folder`: folder of the images with their cameras; `category`: their category
 * @param onFigure Receives the figures
 * @param callbacksOf Callbacks of a job
 * @throws {UserError} If the images have no known cameras
 */
export async function measureRenders(
  request: Pick<OptionsOutput<typeof EVALUATE_POSES_OPTIONS>, "limit" | "mode" | "workers"> & {
    readonly folder: string;
    readonly category: string;
  },
  onFigure: OnFigure,
  callbacksOf: (label: string) => StageCallbacks,
): Promise<void> {
  const { folder, category, limit, workers } = request, dataset = await openRenders(folder, category, limit);
  const templates = await loadTemplates(category, request.mode);
  const search = (schedule: ScheduleName, shapes: readonly Template[], what: string) =>
    estimateHypotheses(dataset, shapes, { workers, schedule }, callbacksOf(`${category}, ${what}, step 1`));
  const choose = async (
    hypotheses: Hypotheses,
    shapes: readonly Template[],
    options: ChooseOptions,
    what: string,
  ) => {
    const all = { ...options, workers, imageResolution: CHOICE_RESOLUTION };
    const choice = await choosePoses(
      dataset,
      shapes,
      hypotheses,
      all,
      callbacksOf(`${category}, ${what}, step 2`),
    );
    return { choice, rows: evaluateChoice(dataset, hypotheses, choice) };
  };
  const label = `${category}, ${dataset.length} images`;
  const bounds = BOUNDS[category];

  const hypotheses = await search("original", templates, "original");
  onFigure({
    name: `${label}, step 1 alone: flips of all`,
    measured: evaluateHypotheses(dataset, hypotheses)[1].flips!,
  });
  tellNearest(hypotheses, "original");
  const plain = await choose(hypotheses, templates, {}, "original's choice");
  tellKept(onFigure, `${label}, original's choice`, plain.rows);
  const robust = await choose(hypotheses, templates, ROBUST_CHOICE, "our choice");
  tellKept(onFigure, `${label}, our choice`, robust.rows, bounds);
  const auto = await choose(
    hypotheses,
    templates,
    { ...ROBUST_CHOICE, parts: "auto", rounds: 3 },
    "parts auto",
  );
  tellKept(onFigure, `${label}, parts auto`, auto.rows, { flips: AUTO_FLIPS });
  if (await hasImgFocus()) {
    const options = { ...ROBUST_CHOICE, parts: "features" } as const;
    const features = await choose(hypotheses, templates, options, "parts features");
    tellKept(onFigure, `${label}, parts features`, features.rows, { flips: AUTO_FLIPS });
  }

  const fast = await search("fast", templates, "fast");
  tellNearest(fast, "fast");
  const fastChoice = await choose(fast, templates, ROBUST_CHOICE, "fast");
  tellKept(onFigure, `${label}, fast`, fastChoice.rows, bounds);
  await measureRefinement(fastChoice.choice);

  function tellNearest(found: Hypotheses, schedule: ScheduleName): void {
    onFigure({
      name: `${label}, ${schedule}: median angle of the nearest hypothesis`,
      measured: evaluateNearest(dataset, found).medianDegrees!,
    });
  }

  /** Mean IoU of the meshes themselves at the best pose of every image. */
  async function iouOfAll(
    shapes: readonly Template[],
    { everyImage: everyImage }: PoseChoice,
  ): Promise<number> {
    return (await meanHardIou(dataset, shapes, everyImage))!;
  }

  async function measureRefinement({ estimates }: PoseChoice): Promise<void> {
    const callbacks = callbacksOf(`${category}, refinement`);
    const least = templates.length * LEAST_IMAGES; // enough for one template at least
    if (estimates.indices.length < least) {
      callbacks.onMessage?.(`Refinement is not measured: it needs ${least} kept images.`);
      return;
    }
    const refined = await refineTemplates(dataset, templates, estimates, {}, callbacks);
    const again = await search("fast", refined.templates, "refined");
    const choice = await choose(again, refined.templates, ROBUST_CHOICE, "refined");
    tellKept(onFigure, `${label}, refined templates, fast`, choice.rows, bounds);
    onFigure({
      name: `${label}, refined templates, fast: gain of mean IoU of all`,
      measured: await iouOfAll(refined.templates, choice.choice) -
        await iouOfAll(templates, fastChoice.choice),
    });
  }
}

/** Rendered images as a data set, which is not written anywhere. */
async function openRenders(folder: string, category: string, limit: number): Promise<Dataset> {
  const path = join(folder, category);
  const { description } = await inspectPhotographs(path, { name: category, category, limit });
  const dataset = description && datasetOf(description);
  if (!dataset || dataset.records.every(({ truePose }) => truePose === null)) {
    throw new UserError(`Cannot evaluate poses: ${path} has no images with known cameras`);
  }
  return dataset;
}

/** Tells the figures of the kept images. */
function tellKept(
  onFigure: OnFigure,
  label: string,
  rows: readonly PoseTableRow[],
  bounds: Partial<Bounds> = {},
): void {
  const [, , , kept, all] = rows;
  onFigure({
    name: `${label}: median angle`,
    measured: kept.medianDegrees ?? NaN,
    bound: bounds.medianDegrees,
  });
  onFigure({ name: `${label}: flips`, measured: kept.flips ?? NaN, bound: bounds.flips });
  onFigure({ name: `${label}: recall`, measured: kept.recall, bound: bounds.recall, higherIsBetter: true });
  onFigure({ name: `${label}: flips of all`, measured: all.flips ?? NaN });
}

/** Three places behind the point. */
function rounded(value: number): number {
  return Math.round(1000 * value) / 1000;
}
