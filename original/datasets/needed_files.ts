/**
 * What each of the original's data sets is made of: where its files must lie, and where they come from.
 *
 * @module
 */
import { UserError } from "../../lib/core/errors.ts";
import { detectionsFile } from "../../lib/core/paths.ts";
import type { NeededFile } from "../../lib/datasets/dataset.ts";
import { DATASET_CLASSES, IMAGENET_SYNSETS } from "./catalog.ts";
import { annotationFiles } from "./ground_truth.ts";

/**
 * Files of a data set.
 *
 * @param name Name of the data set; unknown names are photographs of one's own
 * @returns Files with their origin
 */
export function neededFiles(name: string): NeededFile[] {
  return [
    {
      path: detectionsFile(name),
      origin: `the list of objects: made by \`deno task detect --dataset ${name}\`, or the original's own, ` +
        `taken over by \`deno task import_original --from ITS_FOLDER\``,
      need: "always",
    },
    ...imageFolders(name),
    ...partFolders(name),
    ...annotations(name),
  ];
}

/**
 * The error of data sets whose files are missing: each with its place and origin.
 *
 * @param names Data sets that lack their list of detections
 */
export async function missingFilesError(...names: string[]): Promise<UserError> {
  const lines: string[] = [];
  for (const name of names) {
    if (names.length > 1) lines.push(`${name}:`);
    for (const { path, origin, need } of neededFiles(name)) {
      const there = await Deno.stat(path).then(() => "there", () => "missing");
      lines.push(`  ${path} (${there}${need === "always" ? "" : `, for ${need}`}): ${origin}`);
    }
  }
  const what = names.length === 1 ? `the data set ${names[0]}` : `${names.length} data sets`;
  return new UserError(`Cannot open ${what}, as files are missing:\n${lines.join("\n")}`);
}

function imageFolders(name: string): NeededFile[] {
  const need = "always";
  if (name === "cub") {
    const origin = "the images of Caltech-UCSD Birds 200-2011";
    return [{ path: "datasets/cub/CUB_200_2011/images", origin, need }];
  }
  if (name.startsWith("p3d_")) {
    const folder = name === "p3d_car" ? "car_imagenet" : "aeroplane_imagenet";
    const origin = "the images of PASCAL3D+, release 1.1";
    return [{ path: `datasets/p3d/PASCAL3D+_release1.1/Images/${folder}`, origin, need }];
  }
  if (Object.hasOwn(DATASET_CLASSES, name)) {
    const synsets = IMAGENET_SYNSETS[DATASET_CLASSES[name]] ?? [];
    const origin = `ImageNet (22,000 classes), folders ${
      synsets.join(", ")
    }: put there by \`deno task setup_imagenet PATH\``;
    return [{ path: "datasets/imagenet/images", origin, need }];
  }
  return [{ path: `datasets/${name}/images`, origin: "your photographs", need }];
}

function partFolders(name: string): NeededFile[] {
  const folder = name === "cub"
    ? "datasets/cub/vg3k_detections"
    : name.startsWith("p3d_")
    ? "datasets/p3d/vg3k_detections"
    : Object.hasOwn(DATASET_CLASSES, name)
    ? "datasets/imagenet/vg3k_detections"
    : `datasets/${name}/vg3k_detections`;
  const origin = "parts found by the detector of 3000 Visual Genome classes, one .npz for each image";
  return [{ path: folder, origin, need: "parts" }];
}

function annotations(name: string): NeededFile[] {
  const files = annotationFiles(name);
  if (!files) return [];
  const origin = "annotations prepared by the CMR project (category-specific mesh reconstruction)";
  const listsImages = name === "cub" || name.startsWith("p3d_");
  return [
    { path: files.images, origin, need: listsImages ? "detection" : "true poses" },
    { path: files.cameras, origin, need: "true poses" },
  ];
}
