/**
 * Pseudo-ground-truth as the original makes it: a network predicts the shape, the photograph is projected onto it.
 *
 * @module
 */
import { skipInvalid, workersThat } from "../core/common_options.ts";
import { option, type OptionsInput, resolveOptions } from "../core/option.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { checkSum, type Origin, type StageFolder } from "../io/stage_folder.ts";
import { PRESETS } from "../networks/presets.ts";
import { reconstructImages, type Reconstruction } from "../networks/reconstruct_images.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import { poseInRow } from "../rendering/cameras.ts";
import { makeUvFiles, type PseudoGroundTruthResult } from "./make_uv_files.ts";
import { visibilitySideOf } from "./make_uv_maps.ts";
import { type MaskedImage, UV_KIND, type UvShared, type UvTask } from "./uv_task.ts";

export type { PseudoGroundTruthResult } from "./make_uv_files.ts";

const side = (doc: string, flag: string | null, offered: readonly number[] | undefined, shown?: number) =>
  option.integer({ flag, doc, minimum: 16, maximum: 4096, offered, shown });

/** Options of `generatePseudoGroundTruth` and `generateRefinedPseudoGroundTruth`. */
export const PSEUDO_GROUND_TRUTH_OPTIONS = {
  pseudogtResolution: side(
    "Side of the UV maps, in texels; if left out that of the run's preset, else of 'preset'.",
    "pseudogt_resolution",
    [64, 128, 256, 512, 1024],
    PRESETS.paper.textureResolution,
  ),
  projectionResolution: side(
    "Side of the projected images, in pixels; if left out the preset's, at least twice the maps. Refined objects need none.",
    null,
    undefined,
  ),
  batchSize: option.integer({
    doc: "Photographs that the network sees at once; does not change the result.",
    default: 32,
    minimum: 1,
  }),
  workers: workersThat(
    " that refine objects and make maps, 0 for none; the result is the same for any number",
  ),
  skipInvalid,
} as const;

/** Options of pseudo-ground-truth: {@linkcode PSEUDO_GROUND_TRUTH_OPTIONS} tells what each is. */
export interface PseudoGroundTruthOptions extends OptionsInput<typeof PSEUDO_GROUND_TRUTH_OPTIONS> {
  /** Folder of the files, a `stageFolder` of `UV_FILES`. */
  files: StageFolder;
  /** File of the table of poses. */
  metadataFile: string;
}

/**
 * Projects each posed photograph onto the shape that a network predicts for it. Workers project photographs, while the
 * network predicts the next batch. See `makeUvFiles` for what is kept and shared.
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
  const settings = resolveSizes(trained, resolvePseudoGroundTruth(options));
  const { resolution, projectionResolution } = settings;
  const maker = new UvMaker(dataset, poses, trained, { resolution, projectionResolution });
  return await makeUvFiles(
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

/** Options with defaults. */
export function resolvePseudoGroundTruth({ files, metadataFile, ...options }: PseudoGroundTruthOptions) {
  return { files, metadataFile, ...resolveOptions(PSEUDO_GROUND_TRUTH_OPTIONS, options) };
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
