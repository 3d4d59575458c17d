/**
 * Pseudo-ground-truth as the original makes it: a network predicts the shape, the photograph is projected onto it.
 *
 * @module
 */
import { type OptionsInput, resolveOptions } from "../core/option.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { checkSum, type Origin } from "../io/stage_folder.ts";
import { PRESETS } from "../networks/presets.ts";
import { reconstructImages, type Reconstruction } from "../networks/reconstruct_images.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import { poseInRow } from "../rendering/cameras.ts";
import { makeUvFiles, type PseudoGroundTruthResult } from "./make_uv_files.ts";
import { visibilitySideOf } from "./make_uv_maps.ts";
import { PSEUDO_GROUND_TRUTH_OPTIONS } from "./options.ts";
import type { UvStore } from "./uv_store.ts";
import { type MaskedImage, UV_KIND, type UvShared, type UvTask } from "./uv_task.ts";

export type { PseudoGroundTruthResult } from "./make_uv_files.ts";

/**
 * Projects each posed photograph onto the shape that a network predicts for it. Workers project photographs, while the
 * network predicts the next batch. See `makeUvFiles` for what is kept and shared.
 *
 * @param store Where the maps are kept
 * @param dataset Photographs
 * @param poses Their poses
 * @param trained Network of a reconstruction run
 * @param options {@linkcode PSEUDO_GROUND_TRUTH_OPTIONS} tells what each is
 * @param callbacks Progress in photographs
 * @throws {UserError} If inputs do not belong together, or a photograph shows nothing of the object
 * @throws {StoppedError} If it was stopped
 */
export async function generatePseudoGroundTruth(
  store: UvStore,
  dataset: Dataset,
  poses: PoseEstimates,
  trained: TrainedReconstruction,
  options: OptionsInput<typeof PSEUDO_GROUND_TRUTH_OPTIONS> = {},
  callbacks: StageCallbacks = {},
): Promise<PseudoGroundTruthResult> {
  const settings = resolveSizes(trained, resolveOptions(PSEUDO_GROUND_TRUTH_OPTIONS, options));
  const { resolution, projectionResolution } = settings;
  const maker = new UvMaker(dataset, poses, trained, { resolution, projectionResolution });
  return await makeUvFiles(
    store,
    dataset,
    {
      way: "original",
      origin: await originOf(dataset, poses, trained, resolution, projectionResolution),
      poses,
      kind: UV_KIND,
      shared: maker.shared,
      prepare: (rows) => maker.prepare(rows),
    },
    settings,
    callbacks,
  );
}

/** Makes tasks of photographs and what the network predicts for them. */
class UvMaker {
  /** What all tasks have in common. */
  readonly shared: UvShared;
  readonly #dataset: Dataset;
  readonly #poses: PoseEstimates;
  readonly #trained: TrainedReconstruction;

  constructor(
    dataset: Dataset,
    poses: PoseEstimates,
    trained: TrainedReconstruction,
    sizes: Pick<UvShared, "resolution" | "projectionResolution">,
  ) {
    this.#dataset = dataset;
    this.#poses = poses;
    this.#trained = trained;
    const { textureResolution, symmetric } = trained.network.config;
    const visibilitySide = visibilitySideOf(textureResolution, sizes.projectionResolution);
    this.shared = { ...sizes, visibilitySide, symmetric };
  }

  /** Predicts a batch; makes its tasks. */
  async prepare(rows: readonly number[]): Promise<(row: number, file: string) => Promise<UvTask>> {
    const predictions = await predictRows(this.#trained, this.#dataset, this.#poses, rows);
    return (row, file) => this.#task(row, predictions[rows.indexOf(row)], file);
  }

  /** The task of one photograph; a worker reads it from its files where it has some. */
  async #task(row: number, reconstruction: Reconstruction, file: string): Promise<UvTask> {
    const index = this.#poses.indices[row], side = this.shared.projectionResolution;
    const { id, classIndex } = this.#dataset.records[index];
    const { vertices, parts, displacementMap } = reconstruction;
    return {
      id,
      classIndex,
      photograph: this.#dataset.sampleTask?.(index, side) ?? await this.#image(index, side),
      pose: poseInRow(this.#poses, row),
      vertices,
      displacementMap: Float32Array.from(displacementMap.data),
      parts,
      file,
    };
  }

  async #image(index: number, side: number): Promise<MaskedImage> {
    const { image, mask } = await this.#dataset.sample(index, side);
    return { image, mask };
  }
}

/** What a network predicts for the photographs of some rows of the poses. */
export async function predictRows(
  { network, state }: TrainedReconstruction,
  dataset: Dataset,
  { indices }: PoseEstimates,
  rows: readonly number[],
): Promise<Reconstruction[]> {
  const side = network.config.imageResolution;
  const inputs = await Promise.all(rows.map((row) => dataset.sample(indices[row], side)));
  return await reconstructImages(network, inputs, partPresence(state));
}

function resolveSizes<T extends { pseudogtResolution?: number; projectionResolution?: number }>(
  { network }: TrainedReconstruction,
  options: T,
): T & { resolution: number; projectionResolution: number } {
  const preset = PRESETS[network.config.preset];
  const resolution = options.pseudogtResolution ?? preset.textureResolution;
  const projectionResolution = options.projectionResolution ??
    Math.max(preset.projectionResolution, 2 * resolution);
  return { ...options, resolution, projectionResolution };
}

async function originOf(
  dataset: Dataset,
  poses: PoseEstimates,
  { network }: TrainedReconstruction,
  resolution: number,
  projectionResolution: number,
): Promise<Origin> {
  const weights = Object.values(await network.parameters.toArrays()).map(({ data }) => data);
  const { indices, rotation, scale, translation, perspective } = poses;
  return {
    pseudogt: "original",
    dataset: dataset.name,
    network: network.type,
    weights: checkSum(weights),
    poses: checkSum([indices, rotation, scale, translation, perspective]),
    resolution,
    projectionResolution,
  };
}
