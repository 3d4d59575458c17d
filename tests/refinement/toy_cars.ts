/** Synthetic cars with their true poses, in the current folder; as a program, their refinement, which a test kills. */
import { posesFile } from "../../lib/core/paths.ts";
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { runRefine } from "../../lib/pipeline/refine.ts";
import { writePoseEstimates } from "../../lib/pose/files.ts";

/** Name of the data set. */
export const TOY = "toy_cars";
/** Small refinement of it. */
export const TOY_REFINEMENT = {
  dataset: TOY,
  mode: "singletpl",
  textureResolution: 256,
  rounds: 1,
  donors: 1,
} as const;

/** Draws photographs and writes the true poses of all but the last. */
export async function makeToyCars(count: number): Promise<void> {
  await makeSynthetic("photos", { category: "car", count, seed: 3, resolution: 96 });
  await importPhotographs("photos", { name: TOY, category: "car", overwrite: true });
  const { records } = await openDataset(TOY), posed = records.slice(0, -1);
  const each = (values: (pose: NonNullable<typeof posed[0]["truePose"]>) => ArrayLike<number>) =>
    Float32Array.from(posed.flatMap(({ truePose }) => Array.from(values(truePose!))));
  const ones = new Float32Array(posed.length).fill(1);
  await writePoseEstimates(posesFile(TOY, "singletpl"), {
    indices: Int32Array.from(posed.keys()),
    rotation: each(({ rotation }) => rotation),
    scale: each(({ scale }) => [scale]),
    translation: each(({ translation }) => translation),
    perspective: each(({ perspective }) => [perspective]),
    weights: ones,
    iou: ones,
    miou: ones,
    ids: posed.map(({ id }) => id),
  });
}

if (import.meta.main) {
  Deno.chdir(Deno.args[0]);
  await runRefine({ ...TOY_REFINEMENT, workers: 1 });
}
