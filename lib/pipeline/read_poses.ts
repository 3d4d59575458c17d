/**
 * The poses of a data set, those of a joined one from the files of its members.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { type Mode, posesFile } from "../core/paths.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { checkUnchanged } from "../datasets/unchanged.ts";
import { type PoseEstimates, readPoseEstimates } from "../pose/files.ts";
import { checkMadeFrom, madeFrom } from "../pose/made_from.ts";
import { joinPoses, type PosePart } from "../pose/join_poses.ts";
import { templateOffsets } from "../templates/load_templates.ts";
import type { Template } from "../templates/template_file.ts";
import { checkInputFile } from "./result_file.ts";
import { exists } from "../io/exists.ts";

/**
 * Reads the poses that step 2 kept.
 *
 * @param dataset Photographs
 * @param mode One template or several
 * @param templates Templates of the data set
 * @throws {UserError} If a file is missing, saying which call makes it, or is damaged
 */
export async function readPosesOf(
  dataset: Dataset,
  mode: Mode,
  templates: readonly Template[],
): Promise<PoseEstimates> {
  const path = posesFile(dataset.name, mode), { members } = dataset;
  if (!members || await exists(path)) {
    await checkInputFile(path, `pose_step2 --dataset ${dataset.name} --mode ${mode}`);
    await checkUnchanged(dataset);
    const flags = `--dataset ${dataset.name} --mode ${mode} --overwrite`;
    await checkMadeFrom(path, madeFrom(dataset, templates), `pose_step1 and pose_step2 ${flags}`);
    return await readPoseEstimates(path);
  }
  const missing: string[] = [];
  for (const name of members) if (!await exists(posesFile(name, mode))) missing.push(name);
  if (missing.length > 0) {
    throw new UserError(
      `Poses in the mode ${mode} are missing of ${missing.length} of the ${members.length} data sets of ` +
        `"${dataset.name}": ${missing.join(", ")}. Run for each, as for the first: ` +
        `deno task pose_step1 --dataset ${missing[0]} --mode ${mode}, then pose_step2.`,
    );
  }
  const offsets = templateOffsets(templates);
  const parts = await Promise.all(members.map(async (name, classIndex): Promise<PosePart> => {
    const poses = await readPoseEstimates(posesFile(name, mode)), category = dataset.classNames[classIndex];
    const found = poses.weights.length / Math.max(1, poses.indices.length);
    const wanted = templates.filter((template) => template.category === category).length;
    if (poses.indices.length > 0 && found !== wanted) {
      throw new UserError(
        `Cannot use ${
          posesFile(name, mode)
        }: its poses were estimated with ${found} templates, current value is ` +
          `${wanted}; estimate them again, or use the templates of then.`,
      );
    }
    const firstRecord = dataset.records.findIndex((record) => record.classIndex === classIndex);
    return { poses, firstRecord, firstTemplate: offsets.get(category)! };
  }));
  return joinPoses(parts, dataset, templates.length);
}
