/**
 * Pseudo-ground-truth: turning posed photographs into UV-space training data.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { type Mode, poseMetadataFile, pseudoGroundTruthFolder } from "../core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import type { Dataset, Sample } from "../datasets/dataset.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { removeLeftovers } from "../io/leftovers.ts";
import { readJson } from "../io/json_file.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { PRESETS } from "../networks/presets.ts";
import { reconstructImages, type Reconstruction } from "../networks/reconstruct_images.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { isUvSample, type PoseMetadata, uvSampleFile, writePoseMetadata, writeUvSample } from "./files.ts";
import {
  isEmptyAlpha,
  makeUvMaps,
  type UvMaps,
  type UvMapSettings,
  visibilitySideOf,
} from "./make_uv_maps.ts";
import { checkSum, openFolder, type Recipe } from "./recipe.ts";
import { uvLayout } from "./uv_layout.ts";

/** Options of `generatePseudoGroundTruth`. */
export interface PseudoGroundTruthOptions {
  /** One template or several; names the files. */
  mode: Mode;
  /** Side of the UV maps, texels; 0 is the preset's. */
  pseudogtResolution?: number;
  /** Side of the projected pictures, pixels; 0 is the preset's, at least twice the maps. */
  projectionResolution?: number;
  /** Folder of the files; by default that of data set, resolution and mode. */
  folder?: string;
  /** File of the table of poses; by default that of data set and mode. */
  metadataFile?: string;
  /** Photographs that the network sees at once; does not change the result. */
  batchSize?: number;
  /** Leave out photographs that show nothing of the object, instead of stopping. */
  skipInvalid?: boolean;
  /** Replace files that were made with another network, other poses or sizes. */
  overwrite?: boolean;
}

/** Defaults of `PseudoGroundTruthOptions`; folder and file follow from data set and mode. */
export const PSEUDO_GROUND_TRUTH_DEFAULTS = {
  mode: "singletpl",
  pseudogtResolution: 0,
  projectionResolution: 0,
  batchSize: 8,
  skipInvalid: false,
  overwrite: false,
} as const satisfies Required<Omit<PseudoGroundTruthOptions, "folder" | "metadataFile">>;

/** What was made. */
export interface PseudoGroundTruthResult {
  /** Folder of the files. */
  readonly folder: string;
  /** Table of poses. */
  readonly metadataFile: string;
  /** Number of files. */
  readonly count: number;
  /** Ids of the photographs that were left out because they show nothing of the object. */
  readonly skipped: readonly string[];
}

/**
 * Makes one file of UV maps per posed photograph, and the table of poses.
 *
 * Files that are there already are read and kept, so a stopped or killed run goes on where it was.
 *
 * @param dataset Photographs
 * @param poses Their poses
 * @param trained Network of a reconstruction run
 * @param options Sizes and places
 * @param callbacks Progress in photographs
 * @throws {UserError} If inputs do not belong together, or a photograph shows nothing of the object
 * @throws {StoppedError} If it was stopped
 */
export async function generatePseudoGroundTruth(
  dataset: Dataset,
  poses: PoseEstimates,
  trained: TrainedReconstruction,
  options: PseudoGroundTruthOptions,
  callbacks: StageCallbacks = {},
): Promise<PseudoGroundTruthResult> {
  const settings = resolveSizes(trained, { ...PSEUDO_GROUND_TRUTH_DEFAULTS, ...options });
  const { resolution, projectionResolution, batchSize, skipInvalid } = settings;
  const folder = settings.folder ?? pseudoGroundTruthFolder(dataset.name, resolution, settings.mode);
  const metadataFile = settings.metadataFile ?? poseMetadataFile(dataset.name, settings.mode);
  const rows = orderRows(dataset, poses);
  await openFolder(
    folder,
    await recipeOf(dataset, poses, trained, resolution, projectionResolution),
    settings.overwrite,
  );
  await removeLeftovers(folder);
  const skipped = await readSkipped(folder);
  const kept = (): number[] => rows.filter((row) => !skipped.includes(poses.ids[row]));
  await writePoseMetadata(metadataFile, poseMetadata(dataset, poses, kept()));
  const maker = new UvMaker(dataset, poses, trained, resolution, projectionResolution);
  const isThere = async (row: number): Promise<boolean> =>
    skipped.includes(poses.ids[row]) ||
    await isUvSample(uvSampleFile(folder, kept().indexOf(row)), poses.ids[row], resolution);
  for (let start = 0; start < rows.length; start += batchSize) {
    throwIfStopped(callbacks.signal, "Making pseudo-ground-truth");
    const batch = rows.slice(start, start + batchSize); // the same ones after a stop, for the same last bits
    const missing: number[] = [];
    for (const row of batch) if (!await isThere(row)) missing.push(row);
    for await (const { row, sample, maps, reconstruction } of maker.make(batch, missing)) {
      throwIfStopped(callbacks.signal, "Making pseudo-ground-truth");
      if (isEmptyAlpha(maps.alpha)) {
        if (!skipInvalid) throw new UserError(emptyMessage(sample.id));
        skipped.push(sample.id);
        await writeJsonAtomic(join(folder, "skipped.json"), skipped);
        await writePoseMetadata(metadataFile, poseMetadata(dataset, poses, kept()));
        continue;
      }
      const file = uvSampleFile(folder, kept().indexOf(row));
      await writeUvSample(file, {
        id: sample.id,
        classIndex: sample.classIndex,
        displacementMap: Float32Array.from(reconstruction.displacementMap.data),
        parts: reconstruction.parts,
        ...maps,
      });
    }
    callbacks.onProgress?.({ done: Math.min(rows.length, start + batchSize), total: rows.length });
  }
  if (skipped.length > 0) {
    callbacks.onMessage?.(
      `${skipped.length} photographs were left out, as they show nothing of the object: ${
        skipped.join(", ")
      }.`,
    );
  }
  return { folder, metadataFile, count: kept().length, skipped };
}

/** Network, layout and buffers for one photograph after the other. */
class UvMaker {
  readonly #dataset: Dataset;
  readonly #poses: PoseEstimates;
  readonly #trained: TrainedReconstruction;
  readonly #projectionResolution: number;
  readonly #settings: UvMapSettings;

  constructor(
    dataset: Dataset,
    poses: PoseEstimates,
    trained: TrainedReconstruction,
    resolution: number,
    projectionResolution: number,
  ) {
    this.#dataset = dataset;
    this.#poses = poses;
    this.#trained = trained;
    this.#projectionResolution = projectionResolution;
    const { textureResolution, symmetric } = trained.network.config;
    this.#settings = {
      layout: uvLayout(sphereTopology(), resolution),
      visibilitySide: visibilitySideOf(textureResolution, projectionResolution),
      symmetric,
    };
  }

  /** Maps of the missing ones of a batch of photographs, in order. */
  async *make(
    rows: readonly number[],
    missing: readonly number[],
  ): AsyncGenerator<{ row: number; sample: Sample; maps: UvMaps; reconstruction: Reconstruction }> {
    if (missing.length === 0) return;
    const { network, state } = this.#trained;
    const read = (row: number, side: number): Promise<Sample> =>
      this.#dataset.sample(this.#poses.indices[row], side);
    const inputs = await Promise.all(rows.map((row) => read(row, network.config.imageResolution)));
    const reconstructions = await reconstructImages(network, inputs, partPresence(state));
    for (const [b, row] of rows.entries()) {
      if (!missing.includes(row)) continue;
      const sample = await read(row, this.#projectionResolution);
      const reconstruction = reconstructions[b];
      const screen = projectVertices(reconstruction.vertices, poseOf(this.#poses, row));
      const maps = makeUvMaps(withMask(sample), screen, sphereTopology(), this.#settings);
      yield { row, sample, maps, reconstruction };
    }
  }
}

function resolveSizes<T extends { pseudogtResolution: number; projectionResolution: number }>(
  { network }: TrainedReconstruction,
  options: T,
): T & { resolution: number } {
  const preset = PRESETS[network.config.preset];
  const resolution = options.pseudogtResolution || preset.textureResolution;
  const projectionResolution = options.projectionResolution ||
    Math.max(preset.projectionResolution, 2 * resolution);
  for (const [name, value] of Object.entries({ pseudogtResolution: resolution, projectionResolution })) {
    if (!Number.isInteger(value) || value < 16 || value > 4096) {
      throw new RangeError(
        `Cannot make pseudo-ground-truth as ${name} must be a whole number between 16 and 4096: current value is ${value}`,
      );
    }
  }
  return { ...options, resolution, projectionResolution };
}

/** Rows of the poses in the order of their classes. */
function orderRows(dataset: Dataset, poses: PoseEstimates): number[] {
  const rows = Array.from(poses.indices.keys());
  for (const row of rows) {
    const id = dataset.records[poses.indices[row]]?.id;
    if (id !== poses.ids[row]) {
      throw new UserError(
        `Cannot make pseudo-ground-truth of ${dataset.name}: its poses name photograph ${
          poses.ids[row]
        } as number ` +
          `${poses.indices[row]}, which is ${
            id ?? "not there"
          }; the data set was changed, estimate the poses again.`,
      );
    }
  }
  const classOf = (row: number): number => dataset.records[poses.indices[row]].classIndex;
  return rows.sort((a, b) => classOf(a) - classOf(b) || a - b);
}

async function recipeOf(
  dataset: Dataset,
  poses: PoseEstimates,
  { network }: TrainedReconstruction,
  resolution: number,
  projectionResolution: number,
): Promise<Recipe> {
  const weights = Object.values(await network.parameters.toArrays()).map(({ data }) => data);
  const { indices, rotation, scale, translation, perspective } = poses;
  return {
    dataset: dataset.name,
    network: network.type,
    weights: checkSum(weights),
    poses: checkSum([indices, rotation, scale, translation, perspective]),
    resolution,
    projectionResolution,
  };
}

async function readSkipped(folder: string): Promise<string[]> {
  const path = join(folder, "skipped.json");
  try {
    await Deno.stat(path);
  } catch {
    return [];
  }
  return await readJson(path, v.array(v.string()), "list of photographs that were left out");
}

function poseMetadata(dataset: Dataset, poses: PoseEstimates, rows: readonly number[]): PoseMetadata {
  const gather = (values: Float32Array, columns: number): Float32Array =>
    Float32Array.from(rows.flatMap((row) => [...values.subarray(row * columns, (row + 1) * columns)]));
  return {
    scale: gather(poses.scale, 1),
    translation: gather(poses.translation, 2),
    rotation: gather(poses.rotation, 4),
    perspective: gather(poses.perspective, 1),
    classIndex: Int32Array.from(rows, (row) => dataset.records[poses.indices[row]].classIndex),
    ids: rows.map((row) => poses.ids[row]),
  };
}

function poseOf({ rotation, scale, translation, perspective }: PoseEstimates, row: number): Pose {
  return {
    rotation: rotation.subarray(4 * row, 4 * row + 4),
    scale: scale[row],
    translation: translation.subarray(2 * row, 2 * row + 2),
    perspective: perspective[row],
  };
}

/** Colours and mask in one picture, `[S, S, 4]`. */
function withMask({ image, mask }: Sample): FloatImage {
  const picture = floatImage(image.height, image.width, 4);
  for (let i = 0; i < mask.data.length; i++) {
    for (let c = 0; c < 3; c++) picture.data[i * 4 + c] = image.data[i * 3 + c];
    picture.data[i * 4 + 3] = mask.data[i];
  }
  return picture;
}

function emptyMessage(id: string): string {
  return `Cannot make pseudo-ground-truth of photograph ${id}: with its pose, it shows nothing of the object (alpha is 0 ` +
    `everywhere). Look at its pose, or leave such photographs out with --skip_invalid; the files made so far are kept.`;
}
