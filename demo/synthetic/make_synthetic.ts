/**
 * A synthetic data set in the layout of annotated photographs: images, masks, part maps and cameras.
 *
 * @module
 */
import { seed } from "../../lib/core/common_options.ts";
import { UserError } from "../../lib/core/errors.ts";
import { option, type OptionsInput, resolveOptions } from "../../lib/core/option.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { writeFileAtomic, writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { encodeBytesPng } from "../../lib/io/image_file.ts";
import type { Fragments } from "../../lib/rendering/rasterize.ts";
import { drawBackground } from "./background.ts";
import { drawLight, drawModel, type DrawnModel, meshModel, type ModelMesh } from "./draw_model.ts";
import { randomBird } from "./random_bird.ts";
import { randomCar } from "./random_car.ts";
import { cameraAnnotation, drawCamera, fitRationalCamera } from "./synthetic_camera.ts";
import type { SyntheticModel } from "./synthetic_model.ts";

/** Classes of which synthetic individuals can be drawn. */
export const SYNTHETIC_CATEGORIES: Readonly<Record<string, (prng: Prng) => SyntheticModel>> = {
  car: randomCar,
  bird: randomBird,
};

/** Options of {@link makeSynthetic}. */
export const SYNTHETIC_OPTIONS = {
  category: option.choice({
    doc: "Class of the objects.",
    choices: Object.keys(SYNTHETIC_CATEGORIES),
    default: "car",
  }),
  count: option.integer({ doc: "Number of images.", default: 96, minimum: 1 }),
  seed,
  resolution: option.integer({ doc: "Rows and columns of an image.", default: 256, minimum: 32 }),
  viewsPerModel: option.integer({ doc: "Images of one individual.", default: 2, minimum: 1 }),
  cellSize: option.number({
    doc: "Edge of the cells in which solids are polygonized, object units.",
    default: 1 / 32,
    above: 0,
  }),
} as const;

/** What was written. */
export interface SyntheticReport {
  /** File of annotations. */
  readonly annotations: string;
  /** Number of images. */
  readonly count: number;
  /** Number of individuals. */
  readonly models: number;
}

/**
 * Draws images of random individuals of a class, with their full truth: `images/`, `masks/` (0 or 255), `parts/`
 * (0 background, else the id of the part) and `annotations.json` (COCO-like, with camera). The same options give the
 * same files.
 *
 * @param folder Where to write; made if missing
 * @param options What to draw
 * @param callbacks Progress by image
 * @returns Where the annotations are, and counts
 * @throws {UserError} If an option is out of range, or a file cannot be written
 */
export async function makeSynthetic(
  folder: string,
  options: OptionsInput<typeof SYNTHETIC_OPTIONS> = {},
  callbacks: StageCallbacks = {},
): Promise<SyntheticReport> {
  const { category, count, seed, resolution, viewsPerModel, cellSize } = resolveOptions(
    SYNTHETIC_OPTIONS,
    options,
  );
  for (const name of ["images", "masks", "parts"]) await makeFolder(`${folder}/${name}`);
  const sectors = new Prng(seed, "synthetic", category, "sectors").permutation(count);
  const images = [], annotations = [], models = [];
  let model: SyntheticModel | undefined, mesh: ModelMesh | undefined, fragments: Fragments | undefined;
  for (let i = 0; i < count; i++) {
    throwIfStopped(callbacks.signal, "Making the synthetic data set");
    const individual = Math.floor(i / viewsPerModel), view = i % viewsPerModel;
    const modelId = `${category}_${String(individual).padStart(3, "0")}`;
    if (view === 0 || model === undefined || mesh === undefined) {
      model = SYNTHETIC_CATEGORIES[category](new Prng(seed, "synthetic", category, "model", individual));
      mesh = meshModel(model, cellSize);
      models.push({
        id: modelId,
        category,
        half_size: mesh.halfSize.map((side) => round(side, 4)),
        ...model.traits,
      });
    }
    const prng = new Prng(seed, "synthetic", category, "picture", i);
    const azimuth = 360 * (sectors[i] + prng.next()) / count;
    const camera = drawCamera(prng, mesh.vertices, azimuth);
    const background = drawBackground(prng, resolution);
    const drawn = drawModel(model, mesh, camera, drawLight(prng), background.image, fragments);
    fragments = drawn.fragments;
    const name = `${modelId}_${String(view).padStart(2, "0")}.png`;
    await writeImages(folder, name, drawn, resolution);
    images.push({ id: i + 1, file_name: `images/${name}`, width: resolution, height: resolution });
    annotations.push({
      id: i + 1,
      image_id: i + 1,
      category_id: 1,
      iscrowd: 0,
      ...maskBox(drawn.mask, resolution),
      mask_file: `masks/${name}`,
      parts_file: `parts/${name}`,
      model_id: modelId,
      background: background.kind,
      camera: cameraAnnotation(camera, fitRationalCamera(mesh.vertices, camera), resolution),
    });
    callbacks.onProgress?.({ done: i + 1, total: count });
  }
  const path = `${folder}/annotations.json`;
  await writeJsonAtomic(path, {
    info: {
      description: `${category}: synthetic images with exact masks, parts and cameras`,
      seed,
      image_size: resolution,
      camera:
        "X_cam = scale R X + (tx, ty, distance); u = W/2 (1 + distance X_cam.x / X_cam.z), v alike with H and y; " +
        "x right, y down, z away; object frame: y up, z to the front, x to the object's left",
    },
    categories: [{ id: 1, name: category }],
    part_categories: (model?.shape.partNames ?? []).map((name, part) => ({ id: part + 1, name })),
    models,
    images,
    annotations,
  });
  return { annotations: path, count, models: models.length };
}

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw new UserError(`Cannot make the folder ${path}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

async function writeImages(folder: string, name: string, drawn: DrawnModel, size: number): Promise<void> {
  const form = { height: size, width: size };
  const files = [["images", drawn.image, 3], ["masks", drawn.mask, 1], ["parts", drawn.parts, 1]] as const;
  for (const [kind, data, channels] of files) {
    await writeFileAtomic(`${folder}/${kind}/${name}`, await encodeBytesPng({ data, channels, ...form }));
  }
}

/** Box [x, y, width, height] and area of a mask, in pixels. */
function maskBox(mask: Uint8Array, size: number): { bbox: number[]; area: number } {
  let x1 = size, y1 = size, x2 = -1, y2 = -1, area = 0;
  mask.forEach((value, i) => {
    if (value === 0) return;
    const x = i % size, y = Math.floor(i / size);
    [x1, x2, y1, y2] = [Math.min(x1, x), Math.max(x2, x), Math.min(y1, y), Math.max(y2, y)];
    area++;
  });
  return { bbox: [x1, y1, x2 - x1 + 1, y2 - y1 + 1], area };
}

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
