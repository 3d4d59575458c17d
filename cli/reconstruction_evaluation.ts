/**
 * Sets and lines of `evaluate_reconstruction`.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";
import { type ReconstructionEvaluation, SYNTHETIC_SET } from "../tools/evaluation/evaluate_reconstruction.ts";
import { exists } from "../lib/io/exists.ts";
import type { ViewResult } from "../tools/evaluation/measure_methods.ts";
import { RENDERED_CAR_TARGETS, viewFigures, type ViewTargets } from "../tools/evaluation/view_targets.ts";
import { figureLine, measureLine } from "./measure.ts";

/** Least mean IoU on models that were not trained on: of rendered models, and of synthetic ones. */
const LEAST_IOU = { renders: 0.85, synthetic: 0.9 } as const;

/**
 * The sets that are evaluated: those asked for, else the rendered cars, where they are, and the synthetic set.
 *
 * @param data Value of `--data`
 * @param name Run that is tested; null if one is trained for each set
 * @param onMessage Told when the rendered cars are missing
 * @throws {UsageError} If one run is tested and no set or several are named
 */
export async function evaluationSets(
  data: readonly string[],
  name: string | null,
  onMessage?: (sentence: string) => void,
): Promise<string[]> {
  const isAuto = data.length === 1 && data[0] === "auto";
  if (!isAuto) return [...data];
  const renders = `${Deno.env.get("TEXMESH_DATA") ?? "../shared/data"}/renders/car`;
  const found = await exists(renders);
  if (!found) {
    onMessage?.(`The rendered cars are left out: there is no ${renders} (TEXMESH_DATA says where).`);
  }
  if (name !== null && !found) {
    throw new UsageError("--data is needed with --name: a folder of annotated images");
  }
  return name !== null ? [renders] : found ? [renders, SYNTHETIC_SET] : [SYNTHETIC_SET];
}

/** Method that is held to bounds; the others are told beside it. */
const METHOD_WITH_TARGETS = "refined";
/** Most test models that are told one by one. */
const MOST_MODELS = 10;

/** Lines of one evaluation. */
export function evaluationLines(evaluation: ReconstructionEvaluation): string[] {
  const { dataset, run, iterations, trainingMinutes, test, testAll, training, template, perModel } =
    evaluation;
  const bound = dataset.includes(SYNTHETIC_SET) ? LEAST_IOU.synthetic : LEAST_IOU.renders;
  const minutes = trainingMinutes === null ? "" : `, ${trainingMinutes.toFixed(1)} min of training`;
  const models = evaluation.testModels.length > MOST_MODELS ? [] : Object.entries(perModel);
  const told = (what: string, value: number | null) => value === null ? [] : [measureLine(what, value)];
  return [
    `${run}: ${iterations} iterations${minutes}; ${evaluation.trainingModels.length} models in training, ` +
    `${evaluation.testModels.length} in the test (${evaluation.testModels.join(", ")})`,
    measureLine(`IoU, ${test.count} test photographs`, test.iou ?? 0, bound, true),
    ...told(`IoU, all ${testAll.count} test photographs`, testAll.iou),
    ...told(`IoU, ${training.count} training photographs`, training.iou),
    ...told(`IoU, template in place of the reconstruction`, template.iou),
    ...told("Chamfer distance to the visible surface, half lengths", test.chamfer),
    ...told("Chamfer distance, template in place of the reconstruction", template.chamfer),
    ...told("PSNR inside the mask, dB", test.psnr),
    ...told("PSNR inside the mask, training photographs, dB", training.psnr),
    ...models.flatMap(([model, found]) => told(`IoU of ${model}, ${found.count}`, found.iou)),
    ...viewLines(evaluation),
    `Images: ${evaluation.image}`,
  ];
}

/** Lines of the views, which only refined objects of the rendered cars are held to bounds in. */
function viewLines({ views, dataset }: ReconstructionEvaluation): string[] {
  return views.flatMap(({ method, poses, own, novel }) => {
    const hasTargets = method === METHOD_WITH_TARGETS && !dataset.includes(SYNTHETIC_SET);
    const targets = hasTargets ? targetsOf(poses, views) : {};
    const label = `${method}, ${poses} poses`;
    return [
      ...viewFigures(`${label}, own view`, own, targets.own),
      ...viewFigures(`${label}, novel views`, novel, targets.novel),
    ].map(figureLine);
  });
}

/** With own poses a refined texture must not be further from the photographs than the network's. */
function targetsOf(poses: ViewResult["poses"], views: readonly ViewResult[]): ViewTargets {
  const targets: ViewTargets = RENDERED_CAR_TARGETS[poses];
  if (poses === "true") return targets;
  const network = views.find((other) => other.method === "network" && other.poses === poses);
  return { ...targets, novel: { ...targets.novel, psnr: network?.novel.psnr ?? undefined } };
}
