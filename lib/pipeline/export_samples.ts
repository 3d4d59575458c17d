/**
 * Exporting generated objects as meshes, with an image grid.
 *
 * @module
 */
import { option, type OptionsInput, type OptionsOutput, resolveOptions } from "../core/option.ts";
import { generatorEpoch, perspective } from "../gan/sample_options.ts";
import { join } from "@std/path";
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { imageGrid } from "../core/image_grid.ts";
import { ganFolder, outputFolder } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import { bestCheckpoint, type LoadedGenerator, loadGenerator } from "../gan/files.ts";
import {
  GENERATE_OBJECTS_OPTIONS,
  type GeneratedObject,
  generateObjects,
  type ObjectSource,
} from "../gan/generate_objects.ts";
import { needsReals, sampleVertices } from "../gan/generate_samples.ts";
import { interpolationImages } from "../gan/interpolation_images.ts";
import type { GeneratorMaker } from "../gan/own_parts.ts";
import { sampleExtras } from "../gan/sample_extras.ts";
import { poseOfRow, renderSample } from "../gan/sampling.ts";
import { writeAnimation } from "../io/animation.ts";
import { writeFileAtomic, writeJsonAtomic } from "../io/atomic_file.ts";
import { exportMesh, MESH_FORMATS } from "../io/export_mesh.ts";
import { encodePng } from "../io/image_file.ts";
import { removeMatching } from "../io/remove_matching.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { writeTurntable } from "../rendering/turntable.ts";

/** Options of {@linkcode exportSamples}. */
export const EXPORT_SAMPLES_OPTIONS = {
  ...GENERATE_OBJECTS_OPTIONS,
  whichEpoch: generatorEpoch("latest"),
  formats: option.choices({
    flag: "format",
    doc: "Files to write.",
    choices: MESH_FORMATS,
    default: MESH_FORMATS,
  }),
  perspective,
  turntable: option.boolean({
    doc: "Also write a turntable of each mesh, mesh_<j>.webp.",
    default: false,
  }),
  interpolate: option.integer({
    doc: "Latent interpolation between the first K meshes, as interpolation.webp and .png; auto is none.",
    minimum: 2,
    auto: 0,
  }),
} as const;

type ResolvedExport = OptionsOutput<typeof EXPORT_SAMPLES_OPTIONS>;

/** A run whose objects are exported. */
export interface ExportRun extends ObjectSource {
  /** Name of the run. */
  readonly name: string;
  /** Folder of the run, if not `checkpoints_gan/<name>`. */
  readonly folder?: string;
  /** Where the files go, if not `output/<name>`. */
  readonly output?: string;
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
  /** Image grid of the objects. */
  readonly grid: string;
  /** Images of the latent interpolation between objects; none if not wanted. */
  readonly interpolation: readonly string[];
  /** The objects. */
  readonly samples: readonly ExportedSample[];
}

/** Side of the images, pixels. */
const TILE = 256;
/** Files of an earlier export, which may have had more meshes, or other formats. */
const OURS = /^(mesh_\d+\.(glb|obj|mtl|png|webp)|interpolation\.(webp|png)|samples\.(png|json))$/;

/**
 * Generates objects and writes `mesh_<j>.glb`, `.obj`, `.mtl`, `.png`, `samples.json` and the image grid `samples.png`; if
 * wanted also turntables `mesh_<j>.webp`, and `interpolation.webp` and `.png`. The same seed gives the same files, which
 * take the place of those of an earlier export.
 *
 * @param run The run
 * @param options {@linkcode EXPORT_SAMPLES_OPTIONS} tells what each is
 * @param callbacks Progress and stop
 * @throws {UserError} If run, checkpoint or class are not there
 */
export async function exportSamples(
  run: ExportRun,
  options: OptionsInput<typeof EXPORT_SAMPLES_OPTIONS> = {},
  callbacks: StageCallbacks = {},
): Promise<ExportResult> {
  const settings = resolveOptions(EXPORT_SAMPLES_OPTIONS, options),
    { howMany, interpolate, whichEpoch } = settings;
  if (interpolate > howMany) {
    throw new UserError(
      `'interpolate' must be a number of exported meshes, 2 to ${howMany}, current value is ${interpolate}.`,
    );
  }
  const { name, dataset, folder = ganFolder(name), output = outputFolder(name) } = run;
  const checkpoint = whichEpoch === "best" ? await bestCheckpoint(folder) : whichEpoch;
  const loaded = await loadGenerator(folder, checkpoint, run.makeGenerator), { generator } = loaded;
  const samples: ExportedSample[] = [], meshes: string[] = [], tiles: FloatImage[] = [];
  try {
    for await (const object of generateObjects(generator, run, settings, callbacks)) {
      if (object.index === 0) await clear(output);
      const sample = sampleOf(object, run, settings, checkpoint, loaded);
      meshes.push(...await writeObject(object, sample, { name, output, loaded, settings }));
      tiles.push(tileOf(object, run, settings, loaded));
      samples.push(sample);
    }
    const grid = join(output, "samples.png");
    await writeFileAtomic(grid, await encodePng(imageGrid(tiles, { gap: 0, background: 0 })));
    await writeJsonAtomic(join(output, "samples.json"), samples);
    const interpolation: string[] = [];
    if (interpolate > 0) {
      const { frames, grid: steps } = await interpolationImages({
        generator,
        latents: samples.slice(0, interpolate).map(({ latent }) => Float32Array.from(latent)),
        classIndex: samples[0].classIndex,
        real: needsReals(generator.options) && dataset ? await dataset.sample(samples[0].row) : null,
      }, callbacks);
      interpolation.push(...["webp", "png"].map((end) => join(output, `interpolation.${end}`)));
      await writeAnimation(interpolation[0], frames);
      await writeFileAtomic(interpolation[1], await encodePng(steps));
    }
    return { folder: output, meshes, grid, interpolation, samples };
  } finally {
    loaded.dispose();
  }
}

/** Makes room for the files. */
async function clear(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await removeMatching(folder, OURS);
}

/** What `samples.json` tells about an object. */
function sampleOf(
  { index, latent, row, classIndex }: GeneratedObject,
  { poses }: ExportRun,
  { seed, truncationSigma }: ResolvedExport,
  checkpoint: string,
  { state: { epoch } }: LoadedGenerator,
): ExportedSample {
  const place = { row, id: poses.ids[row], classIndex };
  return {
    ...{ name: `mesh_${index}`, seed, latent: [...latent], ...place },
    ...{ truncation: truncationSigma, checkpoint, epoch },
  };
}

/** Where and how objects are written. */
interface ObjectWriting {
  readonly name: string;
  readonly output: string;
  readonly loaded: LoadedGenerator;
  readonly settings: ResolvedExport;
}

/** Writes an object, and its turntable if wanted; paths of its meshes. */
async function writeObject(
  { index, map, texture }: GeneratedObject,
  { name: file, seed, truncation, epoch, classIndex }: ExportedSample,
  { name, output, loaded, settings: { formats, legacy, turntable } }: ObjectWriting,
): Promise<string[]> {
  const { symmetric, classes } = loaded.settings.networks;
  const mesh = { ...sphereTopology(), vertices: sampleVertices(map, symmetric) };
  const origin = { run: name, epoch, seed, sample: index, truncation };
  const extras = sampleExtras({ ...origin, class: classes > 0 ? classIndex : null });
  if (turntable) {
    await writeTurntable(join(output, `${file}.webp`), mesh, toUnitColours(texture), {
      size: TILE,
      symmetric,
    });
  }
  const options = { formats, symmetric, legacy, name: `${name}_${index}`, extras };
  return await exportMesh(mesh, texture, join(output, file), options);
}

/** An object from its pose. */
function tileOf(
  { map, texture, row }: GeneratedObject,
  { poses }: ExportRun,
  { perspective }: ResolvedExport,
  { settings: { networks: { symmetric } } }: LoadedGenerator,
): FloatImage {
  return renderSample(map, texture, poseOfRow(poses, row, perspective), {
    size: TILE,
    supersample: 4,
    symmetric,
  });
}
