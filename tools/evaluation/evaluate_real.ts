/**
 * How photographs of real things become meshes: poses where directions are known, IoU, and other views of the same
 * object.
 *
 * @module
 */
import { json, limit, optionalName, seed, workers } from "../../lib/core/common_options.ts";
import { option, type OptionsOutput } from "../../lib/core/option.ts";
import { join } from "@std/path";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { type Mode, outputFolder, reconstructionFolder } from "../../lib/core/paths.ts";
import { Prng } from "../../lib/core/prng.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import { encodePng } from "../../lib/io/image_file.ts";
import { loadFeaturePyramid } from "../../lib/metrics/feature_pyramid.ts";
import { PARTS_KINDS } from "../../lib/pose/choose_options.ts";
import { ROBUST_CHOICE } from "../../lib/pose/robust_choice.ts";
import { schedule } from "../../lib/pose/estimate_options.ts";
import { loadReconstruction } from "../../lib/reconstruction/files.ts";
import { imageGrid } from "../../lib/core/image_grid.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import type { OnFigure } from "./evaluate_poses.ts";
import { meanObjectFigures, measureViews } from "./measure_views.ts";
import {
  countDirections,
  type DirectionCount,
  estimateRealPoses,
  realPoseFigures,
  type RealPoses,
} from "./real_poses.ts";
import { type RealSet, sets } from "./real_sets.ts";
import { GRID_COLUMNS, GRID_LEGEND, objectRow } from "./object_grid.ts";
import { poseInRow } from "../../lib/rendering/cameras.ts";
import { refinedMethod } from "./refined_method.ts";
import { networkMethod, type PosedPhotograph, templateMethod, type ViewMethod } from "./view_methods.ts";
import { REAL_TARGETS, viewFigures } from "./view_targets.ts";

/** Rows of the image grid. */
const GRID_ROWS = 24;
/** Method that has targets; the others are told beside it. */
const METHOD_WITH_TARGETS = "refined";

/** Options of the task `evaluate_real`. */
export const EVALUATE_REAL_OPTIONS = {
  sets,
  name: optionalName("Trained run whose network is measured, too."),
  objects: option.integer({
    doc: "Objects of a set, drawn by the seed, 0 for all; all photographs of an object are taken.",
    default: 0,
    minimum: 0,
  }),
  limit,
  leastPolar: option.integer({
    doc: "Least angle from straight above, in degrees, of toys; 90 is level.",
    default: 0,
    minimum: 0,
    maximum: 90,
  }),
  mode: option.choice({
    doc: "One template or several; auto takes one for cars, several for others.",
    choices: ["auto", "singletpl", "multitpl"],
    default: "auto",
  }),
  schedule: schedule("fast"),
  parts: option.choice({
    doc: "Parts that poses are chosen by, as in pose_step2.",
    choices: PARTS_KINDS,
    default: ROBUST_CHOICE.parts,
  }),
  inputs: option.integer({
    doc: "Photographs of a set that are reconstructed, one of each object first; 0 measures poses only.",
    default: 20,
    minimum: 0,
  }),
  novelViews: option.integer({
    doc: "Most other photographs of the object that each is compared with.",
    default: 12,
    minimum: 0,
  }),
  seed,
  workers,
  json,
} as const;

/** What was found besides figures. */
export interface RealEvaluation {
  /** Name of the data set, whose stages are kept under `cache`. */
  readonly dataset: string;
  /** Photographs by direction; empty where directions are not known. */
  readonly directions: readonly DirectionCount[];
  /** File of the image grid of objects; null if none was made. */
  readonly sheet: string | null;
}

/**
 * Estimates the poses of a set, measures them where directions are known, and reconstructs some photographs by every
 * method: one of each object first, of those that were kept. They are compared with their own photograph and with the
 * object's other photographs, by the poses of those.
 *
 * @param set Photographs
 * @param request Which of them, and how
 * @param onFigure Receives the figures as soon as they are there
 * @param callbacksOf Callbacks by stage
 * @throws {UserError} If photographs, a template or the run are missing
 * @throws {StoppedError} If it was stopped
 */
export async function evaluateRealSet(
  set: RealSet,
  request: Omit<OptionsOutput<typeof EVALUATE_REAL_OPTIONS>, "sets" | "json">,
  onFigure: OnFigure,
  callbacksOf: (stage: string) => StageCallbacks,
): Promise<RealEvaluation> {
  const mode = request.mode === "auto" ? bestMode(set.category) : request.mode;
  const poses = await estimateRealPoses(set, { ...request, mode }, callbacksOf);
  realPoseFigures(set, poses).forEach(onFigure);
  const directions = countDirections(poses), { dataset } = poses;
  const kept = keptPhotographs(poses), inputs = chooseInputs(kept, request.inputs, request.seed);
  if (inputs.length === 0) return { dataset: dataset.name, directions, sheet: null };
  const trained = request.name === undefined
    ? null
    : await loadReconstruction(reconstructionFolder(request.name));
  const pyramid = await loadFeaturePyramid();
  const templates = await loadTemplates(set.category, mode);
  const methods: ViewMethod[] = [
    templateMethod(templates),
    ...(trained ? [networkMethod(trained, dataset)] : []),
    refinedMethod({
      name: METHOD_WITH_TARGETS,
      ...{ dataset, templates, trained, workers: request.workers },
      isTrue: false,
    }),
  ];
  const tiles: FloatImage[] = [];
  try {
    for (const method of methods) {
      const onObject = async (...[{ index }, object]: [PosedPhotograph, Parameters<typeof objectRow>[2]]) => {
        if (method !== methods.at(-1) || tiles.length >= GRID_ROWS * GRID_COLUMNS) return;
        tiles.push(...await objectRow(dataset, index, object, method.symmetric));
      };
      const options = { pyramid, novelViews: request.novelViews, onObject };
      const label = `${set.name}, ${method.name}`;
      await method.prepare?.(kept, inputs, callbacksOf(label));
      const found = await measureViews(
        dataset,
        inputs,
        kept,
        method,
        "estimated",
        options,
        callbacksOf(label),
      );
      const targets = method.name === METHOD_WITH_TARGETS ? REAL_TARGETS[set.category] : undefined;
      const own = meanObjectFigures(found.map(({ own }) => own));
      const novel = meanObjectFigures(found.flatMap(({ novel }) => novel));
      viewFigures(`${label}, own view`, own, targets?.own).forEach(onFigure);
      viewFigures(`${label}, other photographs`, novel, targets?.novel).forEach(onFigure);
    }
  } finally {
    pyramid.dispose();
    trained?.network.dispose();
  }
  const grid = join(outputFolder("evaluate_real"), `${set.name}.png`);
  await writeFileAtomic(grid, await encodePng(imageGrid(tiles, { columns: GRID_COLUMNS })));
  callbacksOf(set.name).onMessage?.(`${grid}: ${GRID_LEGEND}.`);
  return { dataset: dataset.name, directions, sheet: grid };
}

/** Cars are told best with one template, others with all. */
function bestMode(category: string): Mode {
  return category === "car" ? "singletpl" : "multitpl";
}

function keptPhotographs({ choice, images }: RealPoses): PosedPhotograph[] {
  const templates = choice.weights.length / choice.ids.length;
  return Array.from(images.keys()).filter((i) => choice.kept[i] === 1).map((index) => ({
    index,
    group: images[index].group,
    pose: poseInRow(choice, index),
    weights: choice.weights.subarray(index * templates, (index + 1) * templates),
  }));
}

/** Photographs in a drawn order, one of each object before a second of any. */
export function chooseInputs<T extends { readonly group: string }>(
  photographs: readonly T[],
  most: number,
  seed: number,
): T[] {
  const order = new Prng(seed, "real sets", "inputs").permutation(photographs.length);
  const groups = [...Map.groupBy(order.map((i) => photographs[i]), ({ group }) => group).values()];
  const chosen: T[] = [];
  for (let round = 0; chosen.length < Math.min(most, photographs.length); round++) {
    for (const group of groups) if (round < group.length && chosen.length < most) chosen.push(group[round]);
  }
  return chosen;
}
