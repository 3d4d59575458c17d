/**
 * Meshes and textures from a generator, and pictures of them.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { overColour } from "../core/over_colour.ts";
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { PoseMetadata } from "../pseudogt/files.ts";
import { type Pose, poseInRow, projectVertices } from "../rendering/cameras.ts";
import { renderPicture } from "../rendering/render_picture.ts";
import { loadCheckpoint, takePrefix } from "../training/checkpoint.ts";
import { readRunSettings } from "../training/run_settings.ts";
import { readExemplars } from "./exemplars/exemplar_files.ts";
import { checkGanState, type GanState } from "./gan_model.ts";
import { type GanSettings, UNKNOWN_DATASET } from "./gan_settings.ts";
import type { GanNetworks } from "./gan_networks.ts";
import { sampleVertices } from "./generate_samples.ts";
import type { GeneratorMaker, GeneratorModel } from "./own_parts.ts";
import { makeGenerator } from "./make_generator.ts";

export { type GeneratedSample, generateSamples, needsReals, sampleVertices } from "./generate_samples.ts";

/** A generator loaded from a run. */
export interface LoadedGenerator {
  /** The running average of the run's generator. */
  readonly generator: GeneratorModel;
  /** Settings of the run. */
  readonly settings: GanSettings;
  /** Position of the checkpoint. */
  readonly state: GanState;
  /** Frees the generator. */
  dispose(): void;
}

/**
 * Settings of a GAN run.
 *
 * @param folder Folder of the run
 * @param dataset Data set of a run that was imported without its name
 * @throws {UserError} If the folder holds no run of this stage
 */
export async function readGanSettings(folder: string, dataset?: string): Promise<GanSettings> {
  const settings = await readRunSettings(folder);
  if (settings.stage !== "gan" || typeof settings.networks !== "object") {
    throw new UserError(`The folder ${folder} holds a run of stage ${settings.stage}, not of a GAN.`);
  }
  const named = settings as unknown as GanSettings;
  return named.dataset === UNKNOWN_DATASET && dataset ? { ...named, dataset } : named;
}

/**
 * Loads the running average of a run's generator.
 *
 * @param folder Folder of the run
 * @param whichEpoch Tag of the checkpoint
 * @param make Makes the generator where the run was trained with a user's own
 * @throws {UserError} If run or checkpoint are missing or damaged
 */
export async function loadGenerator(
  folder: string,
  whichEpoch: string,
  make: GeneratorMaker = makeGenerator,
): Promise<LoadedGenerator> {
  const settings = await readGanSettings(folder);
  const checkpoint = await loadCheckpoint(folder, whichEpoch);
  const source = `checkpoint ${whichEpoch} of ${folder}`;
  const state = checkGanState(checkpoint, settings.networks, source);
  const generator = make(settings.networks, new Prng(1, "gan", "loaded"));
  generator.parameters.load(takePrefix("generator_running_avg", checkpoint.arrays), source);
  if (settings.networks.exemplars) await generator.setExemplars?.(await readExemplars(folder), false);
  return { generator, settings, state, dispose: () => generator.dispose() };
}

/**
 * The pose of a row of the metadata.
 *
 * @param poses Poses of a data set
 * @param row Which one
 * @param perspective Whether to keep its perspective; without, the camera is orthographic as the original's is
 */
export function poseOfRow(poses: PoseMetadata, row: number, perspective: boolean): Pose {
  const pose = poseInRow(poses, row);
  return perspective ? pose : { ...pose, perspective: Infinity };
}

/** How an object is pictured. */
export interface SamplePictureOptions {
  /** Side of the picture. */
  size: number;
  /** Samples along each side of a pixel. */
  supersample: number;
  /** Whether textures and maps are even reflections. */
  symmetric: boolean;
}

/**
 * A picture of an object from a pose, without light.
 *
 * @param map Displacement map, `[32, 32, 3]`
 * @param texture Colours in [−1, 1], `[R, R, 3]`
 * @param pose Pose
 * @param options See {@linkcode SamplePictureOptions}
 * @returns Colours (not premultiplied) and alpha in [0, 1], `[S, S, 4]`
 */
export function samplePicture(
  map: FloatArray,
  texture: FloatImage,
  pose: Pose,
  { size, supersample, symmetric }: SamplePictureOptions,
): FloatImage {
  const vertices = projectVertices(sampleVertices(map, symmetric), pose);
  const colours = { ...texture, data: Float32Array.from(texture.data, (value) => value / 2 + 0.5) };
  return renderPicture({ ...sphereTopology(), vertices }, colours, { size, supersample, symmetric });
}

/**
 * Rows of the metadata of one class, or all rows.
 *
 * @param poses Poses of a data set
 * @param networks Build of the networks
 * @param filterClass Name of a class; empty for all
 * @param classNames Names of the classes
 * @throws {UserError} If the run is not conditional, the name unknown, or no row of that class
 */
export function rowsOfClass(
  poses: PoseMetadata,
  networks: GanNetworks,
  filterClass: string,
  classNames: readonly string[],
): number[] {
  const rows = Array.from(poses.ids, (_, row) => row);
  if (filterClass === "") return rows;
  if (networks.classes === 0) {
    throw new UserError(
      `'filterClass' needs a run that was trained with 'conditionalClass'; this one was not.`,
    );
  }
  const index = classNames.indexOf(filterClass);
  if (index < 0) {
    throw new UserError(
      `'filterClass' must be one of ${classNames.join(", ")}, current value is ${filterClass}.`,
    );
  }
  const found = rows.filter((row) => poses.classIndex[row] === index);
  if (found.length === 0) throw new UserError(`There is no posed photograph of the class ${filterClass}.`);
  return found;
}

/** Lays `[S, S, 4]` over the mid grey that all compared pictures have behind the object, `[S, S, 3]`. */
export function overGrey(picture: FloatImage): FloatImage {
  return overColour(picture, 0.5);
}
