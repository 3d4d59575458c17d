/**
 * Files of the original as ours, and ours as the original's: poses, pseudo-ground-truth, templates, statistics.
 *
 * @module
 */
import { type FloatImage, floatImage, type NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { readNpzValueFile, type ValueArray } from "../files/npy_values.ts";
import { encodeNpz, packNpz, readNpz } from "../../lib/io/npz.ts";
import { itemsOf, type PickleValue } from "../files/pickle_values.ts";
import { readTorchFile } from "../files/torch_file.ts";
import { TorchTensor } from "../files/torch_tensor.ts";
import { encodeTorchFile, TensorToWrite, writeNpyValues } from "../files/torch_writer.ts";
import type { FeatureStatistics } from "../../lib/metrics/feature_statistics.ts";
import type { Hypotheses, PoseEstimates } from "../../lib/pose/files.ts";
import type { PoseMetadata, UvSample } from "../../lib/pseudogt/files.ts";
import { type Template, TEMPLATE_VERTICES } from "../../lib/templates/template_file.ts";
import { OriginalDict, planesToWrite } from "./arrays.ts";

/** Side of the displacement maps. */
const MAP_SIDE = 32;

/** Reads `camera_hypotheses_silhouette_<mode>.bin`. */
export async function readOriginalHypotheses(path: string, ids: readonly string[]): Promise<Hypotheses> {
  const dict = new OriginalDict(await readTorchFile(path), path);
  const [N, H, T] = dict.tensor("w", [null, null, null]).shape;
  checkCount(path, N, ids.length);
  return {
    ...{ N, H, T, ids },
    rotation: dict.floats("R", [N, H, 4]),
    scale: dict.floats("s", [N, H, 1]),
    translation: dict.floats("t", [N, H, 2]),
    perspective: dict.floats("z0", [N, H, 1]),
    weights: dict.floats("w", [N, H, T]),
    iou: dict.floats("iou", [N, H]),
  };
}

/**
 * Reads `poses_estimated_<mode>.bin`.
 *
 * @param ids Names of all objects of the data set
 */
export async function readOriginalPoses(path: string, ids: readonly string[]): Promise<PoseEstimates> {
  const dict = new OriginalDict(await readTorchFile(path), path);
  const indices = dict.ints("indices", [null]);
  const M = indices.length;
  const beyond = indices.find((index) => !(index in ids));
  if (beyond !== undefined) {
    throw new UserError(
      `Cannot use ${path}: it has a pose of object ${beyond}, the data set has ${ids.length} objects`,
    );
  }
  return {
    indices,
    rotation: dict.floats("R", [M, 4]),
    scale: dict.floats("s", [M, 1]),
    translation: dict.floats("t", [M, 2]),
    perspective: dict.floats("z0", [M, 1]),
    weights: dict.floats("w", [M, null]),
    iou: dict.floats("iou", [M, 1]),
    miou: dict.floats("miou", [M, 1]),
    ids: Array.from(indices, (index) => ids[index]),
  };
}

/** The bytes of `poses_estimated_<mode>.bin`. */
export function encodeOriginalPoses(poses: PoseEstimates): Uint8Array {
  const M = poses.indices.length;
  return encodeTorchFile(
    new Map<PickleValue, PickleValue>([
      ["indices", tensor(BigInt64Array.from(poses.indices, BigInt), [M])],
      ["R", tensor(poses.rotation, [M, 4])],
      ["s", tensor(poses.scale, [M, 1])],
      ["t", tensor(poses.translation, [M, 2])],
      ["z0", tensor(poses.perspective, [M, 1])],
      ["w", tensor(poses.weights, [M, M === 0 ? 1 : poses.weights.length / M])],
      ["iou", tensor(poses.iou, [M, 1])],
      ["miou", tensor(poses.miou, [M, 1])],
    ]),
  );
}

/** Reads `poses_metadata_<mode>.npz`; also gives the paths of the images. */
export async function readOriginalMetadata(
  path: string,
): Promise<PoseMetadata & { readonly paths: readonly string[] }> {
  const dict = new OriginalDict(dataOf(await readNpzValueFile(path), path), path);
  const [N] = dict.tensor("scale", [null, 1]).shape;
  const translation = dict.floats("translation", [N, 3]);
  const paths = (itemsOf(dict.value("path")) ?? []).map(String);
  if (paths.length !== N) {
    throw new UserError(`Cannot use ${path}: "path" must list ${N} texts, it has ${paths.length}`);
  }
  return {
    scale: dict.floats("scale", [N, 1]),
    translation: Float32Array.from({ length: 2 * N }, (_, k) => translation[3 * (k >> 1) + k % 2]),
    rotation: dict.floats("rotation", [N, 4]),
    perspective: dict.floats("z0", [N, 1]),
    classIndex: dict.has("category") ? dict.ints("category", [N]) : new Int32Array(N), // old files have one class
    ids: paths,
    paths,
  };
}

/** The bytes of `poses_metadata_<mode>.npz`. */
export function encodeOriginalMetadata(poses: PoseMetadata, paths: readonly string[]): Uint8Array {
  const N = poses.ids.length;
  const translation = Float32Array.from(
    { length: 3 * N },
    (_, k) => k % 3 === 2 ? 0 : poses.translation[2 * Math.floor(k / 3) + k % 3],
  );
  return packDict([
    ["scale", tensor(poses.scale, [N, 1])],
    ["translation", tensor(translation, [N, 3])],
    ["rotation", tensor(poses.rotation, [N, 4])],
    ["z0", tensor(poses.perspective, [N, 1])],
    ["category", tensor(BigInt64Array.from(poses.classIndex, BigInt), [N])],
    ["path", [...paths]],
  ]);
}

/** Reads `pseudogt_<R>x<R>_<mode>/<i>.npz`; its photograph is left out, as it is made from the data set. */
export async function readOriginalUvSample(path: string, id: string): Promise<UvSample> {
  const dict = new OriginalDict(dataOf(await readNpzValueFile(path), path), path);
  const texture = dict.planes("texture", [3, null, null]);
  return {
    id,
    classIndex: Number(dict.value("category") ?? 0),
    displacementMap: dict.planes("mesh", [3, MAP_SIDE, MAP_SIDE]).data as Float32Array,
    parts: dict.has("seg") ? dict.planes("seg", [null, null, null]) : null,
    texture,
    alpha: dict.planes("texture_alpha", [1, texture.height, texture.width]),
  };
}

/**
 * The bytes of `pseudogt_<R>x<R>_<mode>/<i>.npz`.
 *
 * @param sample UV maps
 * @param photograph Colours in [−1, 1] times the mask, and the mask, `[299, 299, 4]`
 */
export function encodeOriginalUvSample(sample: UvSample, photograph: FloatImage): Uint8Array {
  const map = { data: sample.displacementMap, height: MAP_SIDE, width: MAP_SIDE, channels: 3 };
  const parts = sample.parts ?? { ...floatImage(128, 128, 1), data: new Float32Array(128 * 128).fill(1) };
  return packDict([
    ["mesh", planesToWrite(map)],
    ["seg", planesToWrite(parts)],
    ["texture", planesToWrite(sample.texture, true)],
    ["texture_alpha", planesToWrite(sample.alpha, true)],
    ["image", planesToWrite(photograph, true)],
    ["category", sample.classIndex],
  ]);
}

/** Reads `<class>_templates.pth`: templates without parts. */
export async function readOriginalTemplates(path: string, category: string): Promise<Template[]> {
  const value = await readTorchFile(path);
  const fits = value instanceof TorchTensor && value.shape.length === 3 &&
    value.shape[1] === TEMPLATE_VERTICES && value.shape[2] === 3;
  if (!fits) throw new UserError(`Cannot use ${path}: it must hold one tensor [T, ${TEMPLATE_VERTICES}, 3]`);
  const { data, shape } = value.toArray();
  const size = TEMPLATE_VERTICES * 3;
  return Array.from({ length: shape[0] }, (_, t) => ({
    name: `${category}${t + 1}`,
    category,
    vertices: Float32Array.from(data.slice(t * size, (t + 1) * size) as ArrayLike<number>, Number),
    partLabels: new Uint8Array(TEMPLATE_VERTICES),
    partNames: [],
  }));
}

/** Statistics of the original, made with Inception v3. */
export interface OriginalStatistics {
  /** Mean and covariance. */
  readonly statistics: FeatureStatistics;
  /** Number of images. */
  readonly numImages: number;
  /** Side of the images. */
  readonly resolution: number;
}

/** Reads `precomputed_fid_299x299.npz`: mean, and the lower triangle of the covariance. */
export async function readOriginalStatistics(path: string): Promise<OriginalStatistics> {
  const { stats_m: mean, stats_s: lower, num_images: count, resolution } = await readNpz(path);
  const D = mean?.data.length ?? 0;
  if (!(D > 0 && lower?.shape.length === 2 && lower.shape[0] === D && lower.shape[1] === D && count)) {
    throw new UserError(`Cannot use ${path}: it must hold stats_m [D], stats_s [D, D] and num_images`);
  }
  const covariance = Float64Array.from({ length: D * D }, (_, k) => {
    const row = Math.floor(k / D), column = k % D;
    return Number(lower.data[Math.max(row, column) * D + Math.min(row, column)]);
  });
  return {
    statistics: {
      mean: Float64Array.from(mean.data as ArrayLike<number>, Number),
      covariance,
      count: Number(count.data[0]),
    },
    numImages: Number(count.data[0]),
    resolution: Number(resolution?.data[0] ?? 299),
  };
}

/** The bytes of `precomputed_fid_299x299.npz`. */
export function encodeOriginalStatistics(
  { statistics, numImages, resolution }: OriginalStatistics,
): Uint8Array {
  const { mean, covariance } = statistics;
  const D = mean.length;
  const lower = Float32Array.from(covariance, (value, k) => k % D <= Math.floor(k / D) ? value : 0);
  return encodeNpz({
    stats_m: { data: Float32Array.from(mean), shape: [D] },
    stats_s: { data: lower, shape: [D, D] },
    num_images: { data: BigInt64Array.of(BigInt(numImages)), shape: [] },
    resolution: { data: BigInt64Array.of(BigInt(resolution)), shape: [] },
  });
}

/** The only item of an archive's array `data`. */
function dataOf(arrays: Readonly<Record<string, NdArray | ValueArray>>, path: string): PickleValue {
  const { data } = arrays;
  if (data && data.shape.length === 0 && Array.isArray(data.data)) return data.data[0];
  throw new UserError(`Cannot use ${path}: it must hold one Python object under the name "data"`);
}

function packDict(entries: [PickleValue, PickleValue][]): Uint8Array {
  return packNpz({ data: writeNpyValues([new Map(entries)], []) });
}

function tensor(data: NdArray["data"], shape: readonly number[]): TensorToWrite {
  return new TensorToWrite({ data, shape });
}

function checkCount(path: string, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new UserError(`Cannot use ${path}: it is of ${found} objects, the data set has ${wanted}`);
}
