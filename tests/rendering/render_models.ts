/**
 * The UV-mapped models of the folder of renders, with the cameras of their images.
 *
 * @module
 */
import { Prng } from "../../lib/core/prng.ts";
import { join } from "@std/path";
import type { Camera } from "../../lib/rendering/mod.ts";

/** Folder of the renders. */
export const RENDERS = join(Deno.env.get("TEXMESH_DATA") ?? "../shared/data", "renders");

/** A model and its images. */
export interface Model {
  readonly folder: string;
  readonly id: string;
  readonly views: readonly { readonly stem: string; readonly camera: Camera }[];
}

/** Models with 24 images or more and one texture; none where the folder is missing. */
export function findModels(): Model[] {
  const models: Model[] = [];
  let classes: string[] = [];
  try {
    classes = Array.from(Deno.readDirSync(RENDERS), ({ name }) => name).sort();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  for (const name of classes) {
    const folder = join(RENDERS, name);
    const { annotations } = JSON.parse(Deno.readTextFileSync(join(folder, "annotations.json")));
    const byModel = Map.groupBy(annotations as Annotation[], ({ model_id }) => model_id);
    for (const [id, of] of byModel) {
      const textures = Array.from(Deno.readDirSync(join(folder, "models", id)), ({ name }) => name)
        .filter((file) => file.startsWith("tex"));
      if (of.length < 24 || textures.length !== 1) continue;
      const views = of.map(({ mask_file, camera }) => ({
        stem: mask_file.replace(/^masks\/|\.png$/g, ""),
        camera: cameraOf(camera),
      }));
      models.push({ folder, id, views });
    }
  }
  return models;
}

/** Some of the models by a seed: one, or as many as `TEXMESH_MODELS` says (`deno task test:renders` takes all). */
export function sampleModels(): Model[] {
  const models = findModels(), order = new Prng(1, "models").permutation(models.length);
  return order.slice(0, Number(Deno.env.get("TEXMESH_MODELS") ?? 1)).sort((a, b) => a - b).map((i) =>
    models[i]
  );
}

interface Annotation {
  readonly model_id: string;
  readonly mask_file: string;
  readonly camera: {
    readonly quaternion_wxyz: number[];
    readonly scale: number;
    readonly translation: number[];
    readonly distance: number;
  };
}

/** X_camera = s R X + (t, D), seen with the focal length D. */
function cameraOf({ quaternion_wxyz, scale, translation, distance }: Annotation["camera"]): Camera {
  const moved = [...translation, distance].map((value) => value / scale);
  return {
    projection: "perspective",
    parameters: Float64Array.of(...quaternion_wxyz, ...moved, distance, distance, 0, 0),
  };
}
