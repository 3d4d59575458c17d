/**
 * Reconstructions of photographs beside what they truly show.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { type Mode, outputFolder, poseChoiceFile, reconstructionFolder } from "../../lib/core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import type { AnnotatedModels } from "./model_split.ts";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import { encodePng } from "../../lib/io/image_file.ts";
import { readMesh } from "../../lib/io/read_mesh.ts";
import { readPoseChoice } from "../../lib/pose/choice_file.ts";
import { loadReconstruction } from "../../lib/reconstruction/files.ts";
import { reconstructImage } from "../../lib/reconstruction/reconstruct_image.ts";
import { measurePhotograph, type PhotographFigures, type TrueSurface } from "./measure_photograph.ts";
import { type Pose, poseInRow } from "../../lib/rendering/cameras.ts";
import { LEAST_HARD_SIZE } from "../../lib/rendering/hard_silhouette.ts";
import { reconstructionTiles } from "../../lib/report/reconstruction_tiles.ts";
import { imageGrid } from "../../lib/core/image_grid.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";

const MODE: Mode = "singletpl";
/** Test photographs in the image. */
const IMAGE_ROWS = 15;

/** Figures of one photograph. */
export interface TestedPhotograph {
  /** Its name. */
  readonly id: string;
  /** Whether step 2 kept its pose. */
  readonly isKept: boolean;
  /** Figures of its reconstruction. */
  readonly figures: PhotographFigures;
  /** Figures of the bare template in its place. */
  readonly template: PhotographFigures;
}

/**
 * Reconstructs all photographs of a data set and compares them with the truth.
 *
 * @param dataset Photographs with poses of step 2
 * @param run Name of the run
 * @param models Models that the photographs show
 * @param modelOf Model of each photograph by its id
 * @param isTest Tells by its id whether a photograph may be in the image
 * @param callbacks Progress in photographs
 * @returns Figures of all photographs, the path of an image of some, and the iterations of the run
 * @throws {UserError} If poses, the run or a mesh are missing
 */
export async function measureReconstructions(
  dataset: Dataset,
  run: string,
  models: AnnotatedModels,
  modelOf: ReadonlyMap<string, string>,
  isTest: (id: string) => boolean,
  callbacks: StageCallbacks,
): Promise<{ results: TestedPhotograph[]; image: string; iterations: number }> {
  const choice = await readPoseChoice(poseChoiceFile(dataset.name, MODE));
  const trained = await loadReconstruction(reconstructionFolder(run));
  const [template] = await loadTemplates(dataset.category, MODE);
  const { imageResolution, symmetric } = trained.network.config;
  const surfaces = new Map<string, TrueSurface | null>();
  const results: TestedPhotograph[] = [], tiles: FloatImage[] = [];
  const shown = everySo(choice.ids.filter((id, i) => isTest(id) && choice.kept[i] === 1), IMAGE_ROWS);
  try {
    for (const [i, id] of choice.ids.entries()) {
      throwIfStopped(callbacks.signal, "The evaluation");
      const model = modelOf.get(id)!, pose = poseInRow(choice, i), { truePose } = dataset.records[i];
      if (!surfaces.has(model)) surfaces.set(model, await readSurface(models.meshFiles.get(model), truePose));
      const surface = surfaces.get(model)!,
        truth = surface && truePose ? { ...surface, pose: truePose } : null;
      const result = await reconstructImage(trained, await dataset.sample(i, imageResolution), pose);
      const sample = await dataset.sample(i, Math.max(imageResolution, LEAST_HARD_SIZE));
      const bare = { vertices: template.vertices as Float32Array, texture: null };
      results.push({
        id,
        isKept: choice.kept[i] === 1,
        figures: measurePhotograph(result, pose, sample, symmetric, truth),
        template: measurePhotograph(bare, pose, sample, symmetric, truth),
      });
      if (shown.has(id)) tiles.push(...await reconstructionTiles(dataset, i, result, symmetric));
      callbacks.onProgress?.({ done: i + 1, total: choice.ids.length });
    }
    const image = join(outputFolder(run), "evaluation.png");
    await writeFileAtomic(
      image,
      await encodePng(imageGrid(tiles, { columns: tiles.length / shown.size })),
    );
    return { results, image, iterations: trained.state.iteration };
  } finally {
    trained.network.dispose();
  }
}

/** The true mesh in our object frame: x stays, y goes to −z, z to the height. */
async function readSurface(file: string | undefined, pose: Pose | null): Promise<TrueSurface | null> {
  if (file === undefined || pose === null) return null;
  const { vertices, faces } = await readMesh(file);
  const turned = new Float64Array(vertices.length); // [V, 3]
  for (let o = 0; o < vertices.length; o += 3) {
    turned.set([vertices[o], -vertices[o + 2], vertices[o + 1]], o);
  }
  return { vertices: turned, faces, pose };
}

function everySo(ids: readonly string[], most: number): Set<string> {
  const count = Math.min(most, ids.length);
  return new Set(Array.from({ length: count }, (_, k) => ids[Math.floor(k * ids.length / count)]));
}
