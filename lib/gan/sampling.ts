/**
 * Meshes and textures from a generator, and pictures of them.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";
import { type Tensor2D, tf } from "../core/tensor.ts";
import { displaceVertices } from "../mesh/displace_vertices.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { PoseMetadata } from "../pseudogt/files.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { renderPicture } from "../rendering/render_picture.ts";
import { loadCheckpoint, takePrefix } from "../training/checkpoint.ts";
import { readRunSettings } from "../training/run_settings.ts";
import { checkGanState, type GanState, makeGenerator } from "./gan_model.ts";
import type { GanNetworks, GanSettings } from "./gan_options.ts";
import { DISPLACEMENT_RESOLUTION, type Generator } from "./generator.ts";

/** A generated object. */
export interface GeneratedSample {
  /** Displacement map, `[32, 32, 3]`. */
  readonly map: Float32Array;
  /** Colours in (−1, 1), `[R, R, 3]`. */
  readonly texture: FloatImage;
}

/** A generator loaded from a run. */
export interface LoadedGenerator {
  /** The running average of the run's generator. */
  readonly generator: Generator;
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
 * @throws {UserError} If the folder holds no run of this stage
 */
export async function readGanSettings(folder: string): Promise<GanSettings> {
  const settings = await readRunSettings(folder);
  if (settings.stage !== "gan" || typeof settings.networks !== "object") {
    throw new UserError(`The folder ${folder} holds a run of stage ${settings.stage}, not of a GAN.`);
  }
  return settings as unknown as GanSettings;
}

/**
 * Loads the running average of a run's generator.
 *
 * @param folder Folder of the run
 * @param whichEpoch Tag of the checkpoint
 * @throws {UserError} If run or checkpoint are missing or damaged
 */
export async function loadGenerator(folder: string, whichEpoch: string): Promise<LoadedGenerator> {
  const settings = await readGanSettings(folder);
  const checkpoint = await loadCheckpoint(folder, whichEpoch);
  const source = `checkpoint ${whichEpoch} of ${folder}`;
  const state = checkGanState(checkpoint, settings.networks, source);
  const generator = makeGenerator(settings.networks, new Prng(1, "gan", "loaded"));
  generator.parameters.load(takePrefix("generator_running_avg", checkpoint.arrays), source);
  return { generator, settings, state, dispose: () => generator.dispose() };
}

/**
 * Generates objects in evaluation mode.
 *
 * @param generator The generator
 * @param latents Latent codes, each `[Z]`
 * @param classIndices Class of each; used with class conditioning only
 */
export async function generateSamples(
  generator: Generator,
  latents: readonly Float32Array[],
  classIndices: readonly number[],
): Promise<GeneratedSample[]> {
  const { classes, textureResolution: R } = generator.options;
  const B = latents.length, M = DISPLACEMENT_RESOLUTION;
  const { texture, map } = tf.tidy(() => {
    const latent = tf.stack(latents.map((code) => tf.tensor1d(code))) as Tensor2D;
    const oneHot = classes > 0
      ? tf.cast(tf.oneHot(tf.tensor1d(classIndices.slice(), "int32"), classes), "float32") as Tensor2D
      : null;
    return { ...generator.generate(latent, oneHot, false) };
  });
  const [textures, maps] = [await texture.data<"float32">(), await map.data<"float32">()];
  tf.dispose([texture, map]);
  return Array.from({ length: B }, (_, i) => ({
    map: maps.slice(i * M * M * 3, (i + 1) * M * M * 3),
    texture: {
      data: textures.slice(i * R * R * 3, (i + 1) * R * R * 3),
      height: R,
      width: R,
      channels: 3,
    },
  }));
}

/** Vertices of a displacement map, `[V, 3]`. */
export function sampleVertices(map: FloatArray, symmetric: boolean): FloatArray {
  return displaceVertices(sphereTopology(), map, DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, {
    symmetric,
  });
}

/**
 * The pose of a row of the metadata.
 *
 * @param poses Poses of a data set
 * @param row Which one
 * @param perspective Whether to keep its perspective; without, the camera is orthographic as the original's is
 */
export function poseOfRow(poses: PoseMetadata, row: number, perspective: boolean): Pose {
  return {
    rotation: poses.rotation.subarray(4 * row, 4 * row + 4),
    scale: poses.scale[row],
    translation: poses.translation.subarray(2 * row, 2 * row + 2),
    perspective: perspective ? poses.perspective[row] : Infinity,
  };
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

/** Lays `[S, S, 4]` over the mid grey that all compared pictures have behind the object, `[S, S, 3]`. */
export function overGrey(picture: FloatImage): FloatImage {
  const out = floatImage(picture.height, picture.width, 3);
  for (let i = 0; i < picture.height * picture.width; i++) {
    const alpha = picture.data[4 * i + 3];
    for (let c = 0; c < 3; c++) out.data[3 * i + c] = alpha * picture.data[4 * i + c] + (1 - alpha) * 0.5;
  }
  return out;
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
      `--filter_class needs a run that was trained with --conditional_class; this one was not.`,
    );
  }
  const index = classNames.indexOf(filterClass);
  if (index < 0) {
    throw new UserError(
      `--filter_class must be one of ${classNames.join(", ")}, current value is ${filterClass}.`,
    );
  }
  const found = rows.filter((row) => poses.classIndex[row] === index);
  if (found.length === 0) throw new UserError(`There is no posed photograph of the class ${filterClass}.`);
  return found;
}
