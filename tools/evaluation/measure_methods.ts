/**
 * Objects made of single test photographs, seen in their own photograph and in others of the same model.
 *
 * @module
 */
import { type Mode, poseChoiceFile, reconstructionFolder } from "../../lib/core/paths.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { loadFeaturePyramid } from "../../lib/metrics/feature_pyramid.ts";
import { readPoseChoice } from "../../lib/pose/choice_file.ts";
import { loadReconstruction } from "../../lib/reconstruction/files.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { evenly, type MeanObjectFigures, meanObjectFigures, measureViews } from "./measure_views.ts";
import { poseInRow } from "../../lib/rendering/cameras.ts";
import { refinedMethod } from "./refined_method.ts";
import { networkMethod, type PosedPhotograph, templateMethod, type ViewMethod } from "./view_methods.ts";

const MODE: Mode = "singletpl";
/** Photographs of each model that are reconstructed. */
const PHOTOGRAPHS_PER_MODEL = 3;

/** Mean figures of a method. */
export interface ViewResult {
  /** Name of the method. */
  readonly method: string;
  /** Poses that the objects were made with. */
  readonly poses: "true" | "own";
  /** In the photographs that the objects were made of. */
  readonly own: MeanObjectFigures;
  /** In other photographs of the same model. */
  readonly novel: MeanObjectFigures;
}

/**
 * Measures every method with true poses, and with the estimated ones that step 2 kept.
 *
 * @param dataset Photographs with poses of step 2 and with true poses
 * @param run Name of the run whose network is measured
 * @param modelOf Model of each photograph by its id
 * @param isTest Tells by its id whether a photograph is measured
 * @param workers Worker threads; null is one per core
 * @param callbacks Progress in photographs
 * @returns Figures by poses and method; none where true poses are not known
 * @throws {UserError} If poses or the run are missing
 */
export async function measureMethods(
  dataset: Dataset,
  run: string,
  modelOf: ReadonlyMap<string, string>,
  isTest: (id: string) => boolean,
  workers: number | null,
  callbacks: StageCallbacks,
): Promise<ViewResult[]> {
  const choice = await readPoseChoice(poseChoiceFile(dataset.name, MODE));
  const known = Array.from(choice.ids.keys()).filter((i) => dataset.records[i].truePose !== null);
  if (!known.some((i) => isTest(choice.ids[i]))) return [];
  const posed = (isOwn: boolean) => (i: number): PosedPhotograph => ({
    index: i,
    group: modelOf.get(choice.ids[i])!,
    pose: isOwn ? poseInRow(choice, i) : dataset.records[i].truePose!,
  });
  const all = {
    true: known.map(posed(false)),
    own: known.filter((i) => choice.kept[i] === 1).map(posed(true)),
  };
  const ofTest = ({ index }: PosedPhotograph) => isTest(choice.ids[index]);
  const cameras = all.true.filter(ofTest);
  const trained = await loadReconstruction(reconstructionFolder(run));
  const pyramid = await loadFeaturePyramid();
  const templates = await loadTemplates(dataset.category, MODE);
  const methodsOf = (isTrue: boolean): ViewMethod[] => {
    const shared = { dataset, templates, isTrue, workers };
    return [
      templateMethod(templates),
      networkMethod(trained, dataset),
      refinedMethod({ ...shared, name: "refined mean shape", trained: null }),
      refinedMethod({ ...shared, name: "refined", trained }),
    ];
  };
  const results: ViewResult[] = [];
  try {
    for (const poses of ["true", "own"] as const) {
      const inputs = someOfEach(all[poses].filter(ofTest));
      for (const method of methodsOf(poses === "true")) {
        await method.prepare?.(all[poses], inputs, callbacks);
        const knowledge = poses === "true" ? "true" : "relative";
        const found = await measureViews(dataset, inputs, cameras, method, knowledge, { pyramid }, callbacks);
        results.push({
          method: method.name,
          poses,
          own: meanObjectFigures(found.map(({ own }) => own)),
          novel: meanObjectFigures(found.flatMap(({ novel }) => novel)),
        });
      }
    }
    return results;
  } finally {
    pyramid.dispose();
    trained.network.dispose();
  }
}

/** Some photographs of each model, evenly spread. */
function someOfEach(photographs: readonly PosedPhotograph[]): PosedPhotograph[] {
  const groups = Map.groupBy(photographs, ({ group }) => group);
  return Array.from(groups.values(), (group) => evenly(group, PHOTOGRAPHS_PER_MODEL)).flat();
}
