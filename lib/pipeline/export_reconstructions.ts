/**
 * Export of what was made of each photograph: the refined object, or what the reconstruction network sees in it.
 *
 * @module
 */
import { dataset, FOLDER_NAME, mode, whichEpoch, workersThat } from "../core/common_options.ts";
import { option, type OptionsInput, resolveOptions } from "../core/option.ts";
import { formats } from "../io/format_option.ts";
import { refine } from "../refinement/refinement_option.ts";
import { join } from "@std/path";
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { reconstructionFolder, reconstructionsFolder } from "../core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { removeMatching } from "../io/remove_matching.ts";
import { exportMesh } from "../io/export_mesh.ts";
import { smoothPoles } from "../mesh/smooth_poles.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { reconstructImages } from "../networks/reconstruct_images.ts";
import { loadReconstruction, partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import { readRefinedObject, refinedFile } from "../refinement/files.ts";
import type { Refinement } from "../refinement/refinement.ts";
import { hasRun } from "../training/run_settings.ts";
import { openPosedDataset } from "./posed_dataset.ts";
import { refinedObjects } from "./refined_objects.ts";
import { refineUnposed, type UnposedRefiner } from "./refine_unposed.ts";

/** Options of the task `export_reconstructions`. */
export const EXPORT_RECONSTRUCTIONS_OPTIONS = {
  name: option.text({
    doc:
      "Name of the reconstruction run, and of the folder in output; refinement begins without one where it is not there.",
    pattern: FOLDER_NAME,
    required: true,
  }),
  dataset,
  mode,
  refine,
  whichEpoch,
  formats: formats(["glb"]),
  workers: workersThat(" that refine, 0 for none; the result is the same for any number"),
} as const;

/** What was exported. */
export interface ExportedReconstructions {
  /** Paths of the files; none if the network predicts no texture and nothing is refined. */
  readonly paths: readonly string[];
  /** Folder of the files. */
  readonly folder: string;
  /** Photographs with a pose that were refined. */
  readonly refined: number;
  /** Mean IoU of their meshes and masks at 256 pixels; null without any. */
  readonly iou: number | null;
}

/**
 * Writes a textured mesh for each photograph of a data set to `output/<name>/reconstructions/<id>.glb`; those that are not
 * fully refined to a folder of their own. Photographs without a pose are left out where there is no network.
 *
 * @param request Which photographs, and how; `run`: reconstruction run to begin with, null for none; that of the name if it
 *   is there, if left out
 * @param callbacks Progress and sentences
 * @throws {UserError} If the run, poses or the data set are missing
 */
export async function runExportReconstructions(
  request: OptionsInput<typeof EXPORT_RECONSTRUCTIONS_OPTIONS> & { readonly run?: string | null },
  callbacks: StageCallbacks = {},
): Promise<ExportedReconstructions> {
  const { name, dataset: datasetName, mode, refine, whichEpoch, formats, workers } = resolveOptions(
    EXPORT_RECONSTRUCTIONS_OPTIONS,
    request,
  );
  const { run = await hasRun(reconstructionFolder(name)) ? name : null } = request;
  const folder = reconstructionsFolder(name, refine);
  if (run === null && refine !== "full") {
    throw new UserError(
      `Cannot export reconstructions of ${name} with 'refine: ${refine}': there is no reconstruction run ${name}, whose ` +
        `shapes it shows; train it with deno task reconstruct, or leave 'refine' out.`,
    );
  }
  const posed = refine === "none" ? null : await openPosedDataset(datasetName, mode);
  const dataset = posed?.dataset ?? await openDataset(datasetName);
  const trained = run === null ? null : await loadReconstruction(reconstructionFolder(run), whichEpoch);
  const { faces, uvs, faceUvs } = sphereTopology(), paths: string[] = [];
  let ious: readonly number[] = [];
  try {
    const wanted = { shape: refine === "full", workers };
    const refined = posed && await refinedObjects(posed, { name: run, trained }, wanted, callbacks);
    ious = refined?.ious ?? [];
    const objectOf = exporter(dataset, trained, refine, refined);
    await Deno.mkdir(folder, { recursive: true });
    await removeMatching(folder, /\.(glb|obj|mtl|png)$/); // of an earlier export, which may have had more
    for (let i = 0; i < dataset.length; i++) {
      throwIfStopped(callbacks.signal, "The export of reconstructions");
      const id = dataset.records[i].id, object = await objectOf(i);
      if (object) {
        const { vertices, texture, symmetric } = object, extras = { refine };
        const options = { formats, symmetric, extras };
        paths.push(
          ...await exportMesh({ vertices, faces, uvs, faceUvs }, texture, join(folder, id), options),
        );
      }
      callbacks.onProgress?.({ done: i + 1, total: dataset.length });
    }
  } finally {
    trained?.network.dispose();
  }
  const iou = ious.length > 0 ? ious.reduce((sum, value) => sum + value, 0) / ious.length : null;
  return { paths, folder, refined: ious.length, iou };
}

/** A mesh with its texture. */
interface TexturedObject {
  readonly vertices: FloatArray;
  /** Colours in [−1, 1], `[R, R, 3]`. */
  readonly texture: FloatImage;
  /** How its columns lie, see `GlbOptions`. */
  readonly symmetric: boolean;
}

/** Makes the function that gives the object of a photograph; null where there is none. */
function exporter(
  dataset: Dataset,
  trained: TrainedReconstruction | null,
  refine: Refinement,
  refined: { readonly folder: string; readonly ids: readonly string[] } | null,
): (index: number) => Promise<TexturedObject | null> {
  const posed = new Set(refined?.ids);
  let refiner: UnposedRefiner | null = null;
  return async (index) => {
    const { id } = dataset.records[index];
    if (posed.has(id)) {
      return { ...await readRefinedObject(refinedFile(refined!.folder, id)), symmetric: true };
    }
    if (trained === null) return null;
    if (refine !== "none") {
      refiner ??= refineUnposed(trained, { shape: refine === "full" });
      const read = (resolution: number) => dataset.sample(index, resolution);
      return { ...await refiner(id, read, dataset.sampleTask?.(index, 0) ?? read), symmetric: true };
    }
    const { network, state } = trained, { imageResolution, symmetric } = network.config;
    const sample = await dataset.sample(index, imageResolution);
    const [{ vertices, texture }] = await reconstructImages(network, [sample], partPresence(state));
    return texture && { vertices, texture: smoothPoles(texture), symmetric };
  };
}
