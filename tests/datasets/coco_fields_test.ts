import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { boxMask, OPTIONS, writePair } from "./photo_fixtures.ts";

const CAMERA = {
  R: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  scale: 0.5,
  translation: [0, 0],
  distance: 4,
};

/** Annotations without a mistake. */
function whole() {
  return {
    images: [{ id: 1, file_name: "a.png", height: 80, width: 100 }],
    annotations: [{
      id: 5,
      image_id: 1,
      category_id: 17,
      segmentation: [[10, 10, 60, 10, 60, 60]],
      camera: CAMERA,
    }],
    categories: [{ id: 17, name: "bird" }],
  };
}

/** Changes of one field, and what the message must say of it. */
const MISTAKES: readonly (readonly [
  change: (coco: ReturnType<typeof whole>) => unknown,
  ...facts: Fact[],
])[] = [
  [(coco) => ({ ...coco, images: undefined }), "images"],
  [(coco) => ({ ...coco, annotations: "none" }), "annotations", "Array", '"none"'],
  [(coco) => ({ ...coco, images: [{ file_name: "a.png" }] }), "images.0.id"],
  [(coco) => ({ ...coco, images: [{ id: 1 }] }), "images.0.file_name"],
  [(coco) => ({ ...coco, images: [{ ...coco.images[0], height: 0 }] }), "images.0.height", 1, 0],
  [(coco) => ({ ...coco, images: [{ ...coco.images[0], width: "wide" }] }), "images.0.width"],
  [(coco) => ({ ...coco, annotations: [{ category_id: 17 }] }), "annotations.0.image_id"],
  [
    (coco) => ({ ...coco, annotations: [{ image_id: 1, category_id: true }] }),
    "annotations.0.category_id",
  ],
  [
    (coco) => ({ ...coco, annotations: [{ ...coco.annotations[0], segmentation: { counts: "x" } }] }),
    "annotations.0.segmentation",
  ],
  [
    (coco) => ({ ...coco, annotations: [{ ...coco.annotations[0], segmentation: [["x"]] }] }),
    "annotations.0.segmentation",
  ],
  [
    (coco) => ({ ...coco, annotations: [{ ...coco.annotations[0], mask_file: 3 }] }),
    "annotations.0.mask_file",
    "string",
    3,
  ],
  [
    (coco) => ({ ...coco, annotations: [{ ...coco.annotations[0], parts_file: {} }] }),
    "annotations.0.parts_file",
    "string",
  ],
  [(coco) => ({ ...coco, categories: [{ id: 17 }] }), "categories.0.name"],
  [
    (coco) => ({ ...coco, categories: [{ id: 1, name: "cat" }, { id: 2, name: "dog" }] }),
    "bird",
    "cat, dog",
  ],
  [(coco) => ({ ...coco, part_categories: [{ name: "wing" }] }), "part_categories.0.id"],
  [(coco) => ({ ...coco, annotations: [] }), "annotations", "bird"],
];

Deno.test("COCO: each missing or wrong field is named in one sentence, with the file", () =>
  inFolder(async (folder) => {
    await writePair(folder, "a", boxMask(80, 100, [10, 20, 80, 70]));
    const path = join(folder, "annotations.json");
    await Deno.writeTextFile(path, JSON.stringify(whole()));
    await inspectPhotographs(folder, OPTIONS); // without a mistake
    for (const [change, ...facts] of MISTAKES) {
      await Deno.writeTextFile(path, JSON.stringify(change(whole())));
      const inspect = () => inspectPhotographs(folder, OPTIONS);
      await assertRejectsWith(inspect, UserError, "annotations.json", ...facts);
    }
    await Deno.writeTextFile(path, "{");
    await assertRejectsWith(() => inspectPhotographs(folder, OPTIONS), UserError, path, "JSON", "line 1");
  }));
