/**
 * Features of the photographs of a data set on their objects: made once, and kept beside the data set's other files.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatImage } from "../core/arrays.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { hashText } from "../core/prng.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import type { Dataset, SampleRecord } from "../datasets/dataset.ts";
import { exists } from "../io/exists.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import type { PatchModel } from "../vision/patch_model.ts";
import type { PatchNetwork } from "../vision/patch_network.ts";

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
 * @param model The model that finds them, opened where there is something to do
 * @param folder Folder in which they are kept
 * @param callbacks Progress over photographs, sentence about the model, signal
 * @returns Their features, read when they are asked for
 * @throws {UserError} If the model is needed and was never fetched
 * @throws {StoppedError} If the signal was aborted
 */
export async function findObjectFeatures(
  dataset: Dataset,
  model: PatchModel,
  folder: string,
  { onMessage, onProgress, signal }: StageCallbacks = {},
): Promise<FeatureSource> {
  const paths = dataset.records.map((record) => pathOf(folder, record, model));
  const isThere = await Promise.all(paths.map(exists));
  const missing = isThere.flatMap((there, i) => there ? [] : [i]);
  if (missing.length > 0) {
    const network = await model.open();
    try {
      onMessage?.(`Features of ${missing.length} photographs are found by ${model.origin}.`);
      await Deno.mkdir(folder, { recursive: true });
      for (const [k, i] of missing.entries()) {
        throwIfStopped(signal, "The search for features");
        await writeFeatures(paths[i], await featuresOf(dataset, i, network, model.resolution), model);
        onProgress?.({ done: k + 1, total: missing.length });
      }
    } finally {
      await network.close();
    }
  }
  const { patches, features } = await readFeatures(paths[0]);
  return { dimensions: features.length / patches.length, features: (i) => readFeatures(paths[i]) };
}

/** File of a photograph's features; another one when the photograph, its mask, the model or the crop changes. */
function pathOf(
  folder: string,
  { id, fingerprint = "", box, maskRuns }: SampleRecord,
  { weightsHash, resolution }: PatchModel,
): string {
  const key = [fingerprint, box, maskRuns, weightsHash, resolution].join();
  return join(folder, `${id}_${hashText(key).toString(16).padStart(8, "0")}.safetensors`);
}

async function featuresOf(
  dataset: Dataset,
  i: number,
  network: PatchNetwork,
  resolution: number,
): Promise<ObjectFeatures> {
  const { image, mask } = await dataset.sample(i, resolution), { side, dimensions } = network;
  const { patches: all } = await network.features(toUnitColours(image));
  const patches = Uint16Array.from(coveredPatches(mask, side));
  const features = new Float32Array(patches.length * dimensions); // [M, D]
  patches.forEach((patch, m) => {
    const vector = all.subarray(patch * dimensions, (patch + 1) * dimensions);
    const length = Math.hypot(...vector) || 1;
    features.set(vector.map((value) => value / length), m * dimensions);
  });
  return { side, patches, features };
}

/** Patches that the object covers enough; the one that it covers most where none is. */
function coveredPatches({ data, width }: FloatImage, side: number): number[] {
  const cover = new Float64Array(side * side), patch = width / side; // [P, P]
  for (let p = 0; p < data.length; p++) {
    const row = Math.floor(Math.floor(p / width) / patch), column = Math.floor(p % width / patch);
    cover[row * side + column] += data[p] / patch ** 2;
  }
  const covered = Array.from(cover.keys()).filter((k) => cover[k] >= LEAST_COVER);
  return covered.length > 0 ? covered : [cover.indexOf(Math.max(...cover))];
}

async function writeFeatures(
  path: string,
  { side, patches, features }: ObjectFeatures,
  { weightsHash }: PatchModel,
): Promise<void> {
  const M = patches.length;
  await writeSafetensors(
    path,
    { patches: { data: patches, shape: [M] }, features: { data: features, shape: [M, features.length / M] } },
    { model: weightsHash, side: `${side}` },
    { half: ["features"] },
  );
}

async function readFeatures(path: string): Promise<ObjectFeatures> {
  const { arrays: { patches, features }, metadata } = await readSafetensors(path);
  return {
    side: Number(metadata.side),
    patches: patches.data as Uint16Array,
    features: features.data as Float32Array,
  };
}
