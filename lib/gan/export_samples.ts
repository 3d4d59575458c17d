/**
 * Exporting generated objects as meshes, with a sheet of pictures.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { ganFolder, outputFolder } from "../core/paths.ts";
import { Prng } from "../core/prng.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { writeFileAtomic, writeJsonAtomic } from "../io/atomic_file.ts";
import { exportMesh, MESH_FORMATS, type MeshFormat } from "../io/export_mesh.ts";
import { encodePng } from "../io/image_file.ts";
import { shownTexture } from "./shown_texture.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { PoseMetadata } from "../pseudogt/files.ts";
import { writeTurntable } from "../rendering/turntable.ts";
import { bestCheckpoint } from "./evaluate_checkpoints.ts";
import { exportInterpolation } from "./export_interpolation.ts";
import { sampleExtras } from "./sample_extras.ts";
import { truncatedLatent } from "./latent.ts";
import { imageGrid } from "../core/image_grid.ts";
import {
  generateSamples,
  loadGenerator,
  needsReals,
  poseOfRow,
  rowsOfClass,
  samplePicture,
  sampleVertices,
} from "./sampling.ts";
import type { GeneratorMaker } from "./own_parts.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Options of {@linkcode exportSamples}. */
export interface ExportSamplesOptions {
  /** Number of objects. */
  howMany?: number;
  /** Seed of latent codes and poses. */
  seed?: number;
  /** Limit of the latent code's components; −1 is 1. */
  truncationSigma?: number;
  /** Checkpoint: a number, `latest` or `best`. */
  whichEpoch?: string;
  /** Name of the one class to export; empty for all. */
  filterClass?: string;
  /** File formats. */
  formats?: readonly MeshFormat[];
  /** Whether pictures are rendered with the perspective of their poses. */
  perspective?: boolean;
  /** OBJ files as the original writes them; textures are not smoothed towards their poles. */
  legacy?: boolean;
  /** Whether each object is shown from all around too. */
  turntable?: boolean;
  /** Objects, from the first on, between which a way is shown; 0 for none, else 2 or more. */
  interpolate?: number;
}

/** Defaults of {@linkcode ExportSamplesOptions}. */
export const EXPORT_SAMPLES_DEFAULTS = {
  howMany: 32,
  seed: 1,
  truncationSigma: 1,
  whichEpoch: "latest",
  filterClass: "",
  formats: MESH_FORMATS,
  perspective: false,
  legacy: false,
  turntable: false,
  interpolate: 0,
} as const satisfies Required<ExportSamplesOptions>;

/** A run whose objects are exported. */
export interface ExportRun {
  /** Name of the run. */
  readonly name: string;
  /** Folder of the run, if not `checkpoints_gan/<name>`. */
  readonly folder?: string;
  /** Where the files go, if not `output/<name>`. */
  readonly output?: string;
  /** Poses that the pictures are taken from. */
  readonly poses: PoseMetadata;
  /** Names of the classes, for `filterClass`. */
  readonly classNames?: readonly string[];
  /** UV maps of the photographs, for runs on part maps or with textures only. */
  readonly dataset?: UvDataset;
  /** Makes the generator where the run was trained with a user's own. */
  readonly makeGenerator?: GeneratorMaker;
}

/** One exported object, as `samples.json` lists it. */
export interface ExportedSample {
  /** Name of its files, without extension. */
  readonly name: string;
  /** Seed of the export. */
  readonly seed: number;
  /** Latent code. */
  readonly latent: readonly number[];
  /** Row of the metadata that lent its pose. */
  readonly row: number;
  /** Photograph of that row. */
  readonly id: string;
  /** Class. */
  readonly classIndex: number;
  /** Limit of the latent code's components. */
  readonly truncation: number;
  /** Checkpoint of the generator: `latest`, or an epoch's number. */
  readonly checkpoint: string;
  /** Epochs of training behind it. */
  readonly epoch: number;
}

/** What an export wrote. */
export interface ExportResult {
  /** Folder of the files. */
  readonly folder: string;
  /** Files that hold a mesh. */
  readonly meshes: readonly string[];
  /** Sheet of pictures. */
  readonly sheet: string;
  /** Pictures of the way between objects; none if not wanted. */
  readonly interpolation: readonly string[];
  /** The objects. */
  readonly samples: readonly ExportedSample[];
}

const BATCH = 8;
const TILE = 256;

/**
 * Generates objects and writes `mesh_<j>.glb`, `.obj`, `.mtl`, `.png`, `samples.json` and the sheet `samples.png`; if
 * wanted also turntables `mesh_<j>.webp` and the way between objects. The same seed gives the same files.
 *
 * @param run The run
 * @param options See {@linkcode ExportSamplesOptions}
 * @param callbacks Progress and stop
 * @throws {UserError} If run, checkpoint or class are not there
 */
export async function exportSamples(
  run: ExportRun,
  options: ExportSamplesOptions = {},
  callbacks: StageCallbacks = {},
): Promise<ExportResult> {
  const {
    howMany,
    seed,
    truncationSigma,
    whichEpoch,
    filterClass,
    formats,
    perspective,
    legacy,
    turntable,
    interpolate,
  } = {
    ...EXPORT_SAMPLES_DEFAULTS,
    ...options,
  };
  const sigma = truncationSigma === -1 ? EXPORT_SAMPLES_DEFAULTS.truncationSigma : truncationSigma;
  if (!(Number.isInteger(howMany) && howMany > 0)) {
    throw new UserError(`'howMany' must be a whole number above 0, current value is ${howMany}.`);
  }
  if (interpolate !== 0 && !(interpolate >= 2 && interpolate <= howMany)) {
    throw new UserError(
      `'interpolate' must be a number of exported meshes, 2 to ${howMany}, current value is ${interpolate}.`,
    );
  }
  const { name, poses, classNames = [], folder = ganFolder(name), output = outputFolder(name) } = run;
  const checkpoint = whichEpoch === "best" ? await bestCheckpoint(folder) : whichEpoch;
  const loaded = await loadGenerator(folder, checkpoint, run.makeGenerator);
  try {
    const { networks } = loaded.settings;
    const rows = chooseRows(rowsOfClass(poses, networks, filterClass, classNames), howMany, seed);
    await Deno.mkdir(output, { recursive: true });
    const samples: ExportedSample[] = [], meshes: string[] = [], tiles: FloatImage[] = [];
    for (let start = 0; start < howMany; start += BATCH) {
      const part = rows.slice(start, start + BATCH);
      const latents = part.map((_, i) => truncatedLatent(seed, start + i, networks.latentDim, sigma));
      const generated = await generateSamples(
        loaded.generator,
        latents,
        part.map((row) => poses.classIndex[row]),
        needsReals(networks) && run.dataset
          ? await Promise.all(part.map((row) => run.dataset!.sample(row)))
          : null,
      );
      for (const [i, { map, texture: raw }] of generated.entries()) {
        const texture = legacy ? raw : shownTexture(raw, networks);
        const row = part[i], meshName = `mesh_${start + i}`;
        const mesh = { ...sphereTopology(), vertices: sampleVertices(map, networks.symmetric) };
        const classIndex = poses.classIndex[row];
        const extras = sampleExtras({
          run: name,
          epoch: loaded.state.epoch,
          seed,
          sample: start + i,
          truncation: sigma,
          class: networks.classes > 0 ? classIndex : null,
        });
        const exportOptions = {
          formats,
          symmetric: networks.symmetric,
          legacy,
          name: `${name}_${start + i}`,
          extras,
        };
        meshes.push(...await exportMesh(mesh, texture, join(output, meshName), exportOptions));
        tiles.push(samplePicture(map, texture, poseOfRow(poses, row, perspective), {
          size: TILE,
          supersample: 4,
          symmetric: networks.symmetric,
        }));
        if (turntable) {
          const colours = { ...texture, data: texture.data.map((value) => value / 2 + 0.5) as Float32Array };
          const look = { size: TILE, symmetric: networks.symmetric };
          await writeTurntable(join(output, `${meshName}.webp`), mesh, colours, look);
        }
        samples.push({
          name: meshName,
          seed,
          latent: [...latents[i]],
          row,
          id: poses.ids[row],
          classIndex,
          truncation: sigma,
          checkpoint,
          epoch: loaded.state.epoch,
        });
        callbacks.onProgress?.({ done: samples.length, total: howMany });
        throwIfStopped(callbacks.signal, "The export");
      }
    }
    const sheet = join(output, "samples.png");
    await writeFileAtomic(sheet, await encodePng(imageGrid(tiles, { gap: 0, background: 0 })));
    await writeJsonAtomic(join(output, "samples.json"), samples);
    const interpolation = interpolate === 0 ? [] : await exportInterpolation(output, {
      generator: loaded.generator,
      latents: samples.slice(0, interpolate).map(({ latent }) => Float32Array.from(latent)),
      classIndex: samples[0].classIndex,
      real: needsReals(networks) && run.dataset ? await run.dataset.sample(rows[0]) : null,
    }, callbacks);
    return { folder: output, meshes, sheet, interpolation, samples };
  } finally {
    loaded.dispose();
  }
}

/** Rows in random order, each at most once before all were taken. */
function chooseRows(rows: readonly number[], count: number, seed: number): number[] {
  const prng = new Prng(seed, "gan", "exported rows");
  const chosen: number[] = [];
  while (chosen.length < count) chosen.push(...prng.permutation(rows.length).map((i) => rows[i]));
  return chosen.slice(0, count);
}
