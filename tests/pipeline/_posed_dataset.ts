/** A small drawn data set with poses in the current folder, for tests. */
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { runPoseStep1 } from "../../lib/pipeline/pose_step1.ts";
import { runPoseStep2 } from "../../lib/pipeline/pose_step2.ts";
import type { PoseChoice } from "../../lib/pose/step2.ts";

/** Name and mode of the data set. */
export const POSED = { dataset: "cars", mode: "singletpl" } as const;
/** Folder of its photographs. */
export const PHOTOGRAPHS = "photographs";

/** Draws photographs, imports them and estimates their poses. */
export async function makePosedDataset(count: number): Promise<PoseChoice> {
  await makeSynthetic(PHOTOGRAPHS, { category: "car", count, resolution: 96 });
  await importPhotographs(PHOTOGRAPHS, { name: POSED.dataset, category: "car" });
  await runPoseStep1({ ...POSED, schedule: "fast", imageResolution: 64, workers: 0 });
  return await choosePosed();
}

/** Chooses poses, as `pose_step2 --overwrite` does. */
export async function choosePosed(onMessage?: (sentence: string) => void): Promise<PoseChoice> {
  return await runPoseStep2({ ...POSED, imageResolution: 64, workers: 0, overwrite: true }, { onMessage });
}
