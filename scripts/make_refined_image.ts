/** Writes docs/images/refined.png: photographs of the synthetic set beside their meshes from four sides. */
import { join } from "@std/path";
import { cacheFolder, outputFolder, posesFile } from "../lib/core/paths.ts";
import { importPhotographs } from "../lib/datasets/import_photographs.ts";
import { openDataset } from "../lib/datasets/open_dataset.ts";
import { makeSynthetic } from "../demo/synthetic/make_synthetic.ts";
import { writePng } from "../lib/io/image_file.ts";
import { objectRow } from "../tools/evaluation/object_grid.ts";
import { runPoseStep1 } from "../lib/pipeline/pose_step1.ts";
import { runPoseStep2 } from "../lib/pipeline/pose_step2.ts";
import { runRefine } from "../lib/pipeline/refine.ts";
import { photographChoice } from "../lib/pose/robust_choice.ts";
import { readPoseEstimates } from "../lib/pose/files.ts";
import { readRefinedObject, refinedFile } from "../lib/refinement/files.ts";
import { imageGrid } from "../lib/core/image_grid.ts";

const NAME = "refined_image", PHOTOGRAPHS = 96, ROWS = 6;
const AZIMUTHS = [30, 120, 210, 300];

if (import.meta.main) {
  const callbacks = { onMessage: console.log }, mode = "singletpl";
  const folder = join(outputFolder(NAME), "photos"); // nothing of it is kept in the project but the image
  await makeSynthetic(folder, { category: "car", count: PHOTOGRAPHS, seed: 7, resolution: 384 }, callbacks);
  await importPhotographs(folder, { name: NAME, category: "car", overwrite: true }, callbacks);
  await runPoseStep1({ dataset: NAME, mode, schedule: "fast", overwrite: true }, callbacks);
  await runPoseStep2({ dataset: NAME, mode, ...photographChoice("car"), overwrite: true }, callbacks);
  const refined = await runRefine({ dataset: NAME, mode, overwrite: true }, callbacks);
  const dataset = await openDataset(NAME), poses = await readPoseEstimates(posesFile(NAME, mode));
  const rows = Array.from({ length: ROWS }, (_, k) => Math.floor((k + 0.5) * poses.ids.length / ROWS));
  const tiles = [];
  for (const row of rows) {
    const object = await readRefinedObject(refinedFile(refined.folder, poses.ids[row]));
    tiles.push(...await objectRow(dataset, poses.indices[row], object, true, AZIMUTHS));
  }
  const image = imageGrid(tiles, { columns: 2 + AZIMUTHS.length });
  await writePng(new URL("../docs/images/refined.png", import.meta.url).pathname, image);
  console.log(`${cacheFolder(NAME)} and ${outputFolder(NAME)} may be removed.`);
}
