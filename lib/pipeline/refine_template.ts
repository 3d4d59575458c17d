/**
 * Template refinement with its files.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { dataset, mode, overwrite } from "../core/common_options.ts";
import { type OptionsInput, resolveOptions } from "../core/option.ts";
import { posesFile, templateFile } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { type PoseEstimates, readPoseEstimates } from "../pose/files.ts";
import { type PosedMask, REFINE_TEMPLATE_OPTIONS, refineTemplate } from "../pose/refine_template.ts";
import { indexOfLargest } from "../pose/running_scores.ts";
import { writeRemeshed } from "../remeshing/write_remeshed.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import type { Template } from "../templates/template_file.ts";
import { surfaceOf } from "../templates/template_grid.ts";
import { checkInputFile, checkResultFile } from "./result_file.ts";
import { poseInRow } from "../rendering/cameras.ts";

/** Images that a template needs to be refined. */
export const LEAST_IMAGES = 10;
const CONCURRENT_IMAGES = 4;

/** Options of the task `refine_template`. */
export const REFINE_TEMPLATE_TASK_OPTIONS = { dataset, mode, ...REFINE_TEMPLATE_OPTIONS, overwrite } as const;

/** What became of one template. */
export interface RefinedFigures {
  /** Name of the template. */
  readonly name: string;
  /** Images with a pose of this template. */
  readonly images: number;
  /** Mean IoU before; null where the template was left as it is. */
  readonly iouBefore: number | null;
  /** Mean IoU after. */
  readonly iouAfter: number | null;
}

/**
 * Refines the templates of a data set's category by its kept poses, and writes them to where both pose steps look, with a
 * image of before and after beside them.
 *
 * @throws {UserError} If inputs are missing, the result exists, or no template has enough images
 */
export async function runRefineTemplate(
  request: OptionsInput<typeof REFINE_TEMPLATE_TASK_OPTIONS>,
  callbacks: StageCallbacks = {},
): Promise<{ path: string; figures: RefinedFigures[] }> {
  const { dataset: name, mode, overwrite = false, ...options } = request;
  const dataset = await openDataset(name);
  const path = templateFile(mode, dataset.category);
  await checkResultFile(path, overwrite);
  await checkInputFile(posesFile(name, mode), `pose_step2 --dataset ${name} --mode ${mode}`);
  const before = await loadTemplates(dataset.category, mode);
  const estimates = await readPoseEstimates(posesFile(name, mode));
  const { templates, figures } = await refineTemplates(dataset, before, estimates, options, callbacks);
  await writeRemeshed(path, templates, before.map(surfaceOf), figures);
  return { path, figures };
}

/**
 * Refines templates by poses; those with too few images stay as they are.
 *
 * @param dataset The images
 * @param templates Templates of the poses
 * @param estimates Poses of the kept images
 * @param options Settings
 * @param callbacks Progress, sentences, signal
 * @throws {UserError} If the poses do not belong to the images and templates, or no template has enough images
 */
export async function refineTemplates(
  dataset: Dataset,
  templates: readonly Template[],
  estimates: PoseEstimates,
  options: OptionsInput<typeof REFINE_TEMPLATE_OPTIONS> = {},
  callbacks: StageCallbacks = {},
): Promise<{ templates: Template[]; figures: RefinedFigures[] }> {
  checkBelonging(dataset, templates, estimates);
  const { imageResolution: size } = resolveOptions(REFINE_TEMPLATE_OPTIONS, options);
  const T = templates.length, M = estimates.indices.length;
  const templateOf = Array.from(
    { length: M },
    (_, m) => indexOfLargest(estimates.weights.subarray(T * m, T * m + T)),
  );
  const masks = await mapConcurrently(Array.from(estimates.indices), CONCURRENT_IMAGES, async (i) => {
    const { mask } = await dataset.sample(i, size);
    return Float32Array.from(mask.data);
  });
  const posed = masks.map((mask, m): PosedMask => ({
    mask,
    pose: poseInRow(estimates, m),
  }));
  const figures: RefinedFigures[] = [];
  const refined = templates.map((template, t): Template => {
    const own = posed.filter((_, m) => templateOf[m] === t);
    const figure = { name: template.name, images: own.length };
    if (own.length < LEAST_IMAGES) {
      figures.push({ ...figure, iouBefore: null, iouAfter: null });
      callbacks.onMessage?.(
        `The template "${template.name}" stays as it is: it has ${own.length} images, ${LEAST_IMAGES} are needed.`,
      );
      return template;
    }
    const { vertices, iouBefore, iouAfter } = refineTemplate(template.vertices, own, options, callbacks);
    figures.push({ ...figure, iouBefore, iouAfter });
    return { ...template, vertices };
  });
  if (figures.every(({ iouAfter }) => iouAfter === null)) {
    throw new UserError(
      `Cannot refine the templates: no template has ${LEAST_IMAGES} images with a kept pose, current values are ` +
        `${figures.map(({ name, images }) => `${name} ${images}`).join(", ")}`,
    );
  }
  return { templates: refined, figures };
}

function checkBelonging(
  { name, records }: Dataset,
  templates: readonly Template[],
  estimates: PoseEstimates,
): void {
  const M = estimates.indices.length;
  const other = estimates.ids.findIndex((id, m) => records[estimates.indices[m]]?.id !== id);
  if (other >= 0) {
    throw new UserError(
      `Cannot refine the templates: the poses are those of other images than the data set "${name}" has; the first ` +
        `one is "${estimates.ids[other]}". Run pose_step1 and pose_step2 again.`,
    );
  }
  if (M > 0 && estimates.weights.length !== M * templates.length) {
    throw new UserError(
      `Cannot refine the templates: the poses are of ${
        estimates.weights.length / M
      } templates, now there are ` +
        `${templates.length}. Run pose_step1 and pose_step2 again.`,
    );
  }
}
