/**
 * Images of known models, and their split into models to train on and models to test with.
 *
 * @module
 */
import { basename, extname, join } from "@std/path";
import * as v from "valibot";
import { Prng } from "../../lib/core/prng.ts";
import { readJson } from "../../lib/io/json_file.ts";
import { ANNOTATIONS_FILE } from "../../lib/datasets/coco_layout.ts";

const ID = v.union([v.number(), v.string()]);
const ANNOTATIONS = v.object({
  images: v.array(v.object({ id: ID, file_name: v.string() })),
  annotations: v.array(v.object({ image_id: ID, model_id: v.string() })),
  models: v.array(
    v.object({ id: v.string(), obj: v.optional(v.string()), faces: v.optional(v.number()) }),
  ),
});

/** Models of a folder of annotated images. */
export interface AnnotatedModels {
  /** Model of each image, by the image's name without folder and ending. */
  readonly modelOfImage: ReadonlyMap<string, string>;
  /** File of each model's mesh; models without one are missing. */
  readonly meshFiles: ReadonlyMap<string, string>;
  /** Models that may not be divided by a split, as they are one shape: those of equal face count. */
  readonly families: readonly (readonly string[])[];
}

/**
 * Reads which model each image shows.
 *
 * @param folder Folder with `annotations.json`, whose annotations name models (`model_id`)
 * @throws {UserError} If the file is missing, or names no models
 */
export async function readAnnotatedModels(folder: string): Promise<AnnotatedModels> {
  const { images, annotations, models } = await readJson(
    join(folder, ANNOTATIONS_FILE),
    ANNOTATIONS,
    "annotations with models",
  );
  const nameOf = new Map(images.map(({ id, file_name }) => [id, basename(file_name, extname(file_name))]));
  const families = Map.groupBy(models, ({ id, faces }) => faces ?? id).values();
  return {
    modelOfImage: new Map(annotations.map(({ image_id, model_id }) => [nameOf.get(image_id)!, model_id])),
    meshFiles: new Map(models.flatMap(({ id, obj }) => obj ? [[id, join(folder, obj)] as const] : [])),
    families: Array.from(families, (family) => family.map(({ id }) => id)),
  };
}

/**
 * Chooses the models to test with: whole families in an order that the seed draws, as long as they fit into the share.
 *
 * @param families Models that stay together
 * @param share Share of the models, 0 to 1
 * @param seed Seed of the order
 * @returns Names of the models that are not trained on
 */
export function chooseTestModels(
  families: readonly (readonly string[])[],
  share: number,
  seed: number,
): Set<string> {
  const most = Math.round(share * families.flat().length);
  const chosen = new Set<string>();
  for (const i of new Prng(seed, "datasets", "test models").permutation(families.length)) {
    if (chosen.size + families[i].length <= most) families[i].forEach((model) => chosen.add(model));
  }
  return chosen;
}
