/**
 * The viewer of a run: a folder of static files with gallery and live generator, for any host.
 *
 * @module
 */
import { optionalName } from "../../lib/core/common_options.ts";
import { option, type OptionsInput, resolveOptions } from "../../lib/core/option.ts";
import { MASK_MODEL_OPTIONS } from "../../lib/datasets/photograph_options.ts";
import { basename, join } from "@std/path";
import { wasmFolder } from "../../lib/backend/wasm/register.ts";
import { UserError } from "../../lib/core/errors.ts";
import { ganFolder, outputFolder, VIEWER_BUNDLE, viewerFolder } from "../../lib/core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { bestCheckpoint, readExemplars, readGanSettings } from "../../lib/gan/files.ts";
import { checkGanState } from "../../lib/gan/gan_model.ts";
import { writeFileAtomic, writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { writeSafetensors } from "../../lib/io/safetensors.ts";
import { refine } from "../../lib/refinement/refinement_option.ts";
import { EXEMPLAR_PREFIX, exemplarArrays } from "../../lib/gan/exemplars/exemplars.ts";
import { loadCheckpoint, takePrefix, withPrefix } from "../../lib/training/checkpoint.ts";
import { hasRun } from "../../lib/training/run_settings.ts";
import { findViewerItems } from "./items.ts";
import { pageNames, readPage } from "./pages.ts";
import { modeWithPoses } from "./poses.ts";
import { TEMPLATE_FOLDER, writeViewerTemplates } from "./templates.ts";
import { VISION_PAGE_FOLDER, type VisionSource, writeViewerVision } from "./vision.ts";
import { MANIFEST_FILE, MANIFEST_VERSION, type ViewerGenerator, type ViewerManifest } from "./manifest.ts";

/** Options of the task `view`. */
export const VIEW_OPTIONS = {
  name: optionalName("Name of the run; without it the newest one."),
  dataset: optionalName(
    "Data set whose poses are checked on the page Poses; that of the run's name if left out.",
  ),
  create: option.boolean({
    doc: "Open the page that makes a 3D model of one photograph; no run is needed.",
    default: false,
  }),
  port: option.integer({
    doc: "Port on this machine; 0 takes any that is free.",
    default: 8080,
    minimum: 0,
    maximum: 65535,
  }),
  export: option.text({
    doc: "Write the viewer to this folder, for any host of static files, and do not serve it.",
  }),
  images: option.text({
    reads: true,
    doc: "Folder of photographs: the mask brush lists them and saves masks beside them.",
  }),
  ...MASK_MODEL_OPTIONS,
  maskModel: option.text({
    doc:
      "Model in ONNX's format that cuts objects out for the brush of 'images'; auto: those that deno task setup --vision " +
      "fetched, of which U²-Net-p is put beside the pages with what runs it; none: colour alone, and no model there.",
    default: "auto",
  }),
  whichEpoch: option.text({
    doc:
      "Checkpoint of the generator: latest, best or a number; auto is that of the exported meshes, else latest.",
    default: "auto",
  }),
  refine,
  half: option.boolean({
    doc: "Store weights with 16 bits: half the size, a little less exact.",
    default: false,
  }),
} as const;

/** Options of {@linkcode buildViewer}. */
export interface BuildViewerOptions
  extends Pick<OptionsInput<typeof VIEW_OPTIONS>, "whichEpoch" | "refine" | "half"> {
  /** Folder to write; `output/<name>/viewer` if left out. */
  folder?: string;
  /** Folder of the generator's run; `checkpoints_gan/<name>` if left out. */
  run?: string;
  /** Folder of the exported meshes; `output/<name>` if left out. */
  output?: string;
  /** What makes masks in the pages by a model; none if left out. */
  vision?: VisionSource | null;
  /** Folder of the bundled programs. */
  bundle?: string;
}

/** A viewer's folder. */
export interface Viewer {
  /** The folder. */
  readonly folder: string;
  /** What it holds. */
  readonly manifest: ViewerManifest;
}

/** Programs that browsers load, bundled by `deno task build:viewer`. */
export const BUNDLED_FILES = [
  "main.js",
  "mask.js",
  "create.js",
  "poses.js",
  "generator_worker.js",
  "photo_worker.js",
  "mask_worker.js",
] as const;
const WASM_FILES = [
  "tfjs-backend-wasm.wasm",
  "tfjs-backend-wasm-simd.wasm",
  "tfjs-backend-wasm-threaded-simd.wasm",
] as const;
const WEIGHTS_FILE = "model/generator.safetensors";
/** Folders of a viewer that are made from scratch. */
const OWN_FOLDERS = ["meshes", "model", TEMPLATE_FOLDER, VISION_PAGE_FOLDER] as const;

/**
 * Writes the viewer of a run: pages, programs, weights of the generator, exported meshes and `manifest.json`.
 *
 * @param name Name of the run; empty for a viewer of files that people drop on it
 * @param options See {@linkcode BuildViewerOptions}
 * @param callbacks Progress in files, and a stop
 * @throws {UserError} If there is nothing of that name, the programs are not bundled, or the folder holds other things
 */
export async function buildViewer(
  name: string,
  options: BuildViewerOptions = {},
  callbacks: StageCallbacks = {},
): Promise<Viewer> {
  const { whichEpoch, refine, half } = resolveOptions(VIEW_OPTIONS, options);
  const { vision = null, bundle = VIEWER_BUNDLE } = options;
  const { folder = viewerFolder(name || "viewer"), run = ganFolder(name), output = outputFolder(name) } =
    options;
  const hasGenerator = name !== "" && await hasRun(run);
  const { items: found, checkpoint } = name === ""
    ? { items: [], checkpoint: null }
    : await findViewerItems(output, refine);
  if (name !== "" && !hasGenerator && found.length === 0 && await modeWithPoses(name) === null) {
    throw new UserError(
      `There is nothing to view of "${name}": neither a generator in ${run} nor meshes in ${output} nor poses; train one ` +
        `with deno task pipeline or deno task train_gan, or leave 'name' out and drop a GLB on the page.`,
    );
  }
  await prepareFolder(folder);
  const pages = await pageNames(), programs = await programFiles(bundle);
  const total = pages.length + programs.length + found.length + 1;
  let done = 0;
  const put = async (target: string, bytes: Promise<Uint8Array>) => {
    throwIfStopped(callbacks.signal, "Writing the viewer");
    await writeFileAtomic(join(folder, target), await bytes);
    callbacks.onProgress?.({ done: ++done, total });
  };
  for (const name of pages) await put(name, readPage(name));
  for (const [target, source] of programs) await put(target, Deno.readFile(source));
  for (const { item, source } of found) await put(item.file, Deno.readFile(source));
  const tag = whichEpoch !== "auto" ? whichEpoch : checkpoint ?? "latest";
  const generator = hasGenerator ? await writeGenerator(run, tag, half, folder) : null;
  const templates = await writeViewerTemplates(folder);
  const items = found.map(({ item }) => item);
  const manifest: ViewerManifest = {
    version: MANIFEST_VERSION,
    name,
    generator,
    items,
    templates,
    vision: vision && await writeViewerVision(folder, vision),
    images: false,
    poses: false,
  };
  await writeJsonAtomic(join(folder, MANIFEST_FILE), manifest);
  callbacks.onProgress?.({ done: total, total });
  return { folder, manifest };
}

/** Empties what an earlier viewer left there; refuses folders with other things. */
async function prepareFolder(folder: string): Promise<void> {
  let names: string[];
  try {
    names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new UserError(`Cannot write the viewer to ${folder}: it is not a folder that can be read`, {
      cause: error,
    });
  }
  const isUnfinished = names.every((name) =>
    OWN_FOLDERS.includes(name as typeof OWN_FOLDERS[number]) || isPage(name)
  );
  if (!names.includes(MANIFEST_FILE) && !isUnfinished) {
    throw new UserError(
      `Cannot write the viewer to ${folder}: it holds other files (${
        names.slice(0, 3).join(", ")
      }); name a new folder`,
    );
  }
  for (const name of OWN_FOLDERS) {
    if (names.includes(name)) await Deno.remove(join(folder, name), { recursive: true });
  }
}

function isPage(name: string): boolean {
  return /\.(html|css|svg|png|js|wasm)$/.test(name) || name === "wasm";
}

/** Bundled programs and the WebAssembly of tensors. */
async function programFiles(bundle: string): Promise<[string, string][]> {
  for (const name of BUNDLED_FILES) {
    const isThere = await Deno.stat(join(bundle, name)).then(() => true, () => false);
    if (!isThere) {
      throw new UserError(
        `The viewer's program ${join(bundle, name)} is missing: run deno task build:viewer first.`,
      );
    }
  }
  const wasm = wasmFolder();
  return [
    ...BUNDLED_FILES.map((name): [string, string] => [name, join(bundle, name)]),
    ...WASM_FILES.map((name): [string, string] => [`wasm/${name}`, join(wasm, name)]),
  ];
}

/** Writes the EMA of a run's generator, without discriminators and optimisers. */
async function writeGenerator(
  run: string,
  whichEpoch: string,
  half: boolean,
  folder: string,
): Promise<ViewerGenerator> {
  const settings = await readGanSettings(run);
  const tag = whichEpoch === "best" ? await bestCheckpoint(run) : whichEpoch;
  const checkpoint = await loadCheckpoint(run, tag);
  const { networks, epoch } = checkGanState(checkpoint, settings.networks, `checkpoint ${tag} of ${run}`);
  const own = takePrefix("generator_running_avg", checkpoint.arrays);
  const exemplars = networks.exemplars ? exemplarArrays(await readExemplars(run)) : {};
  const arrays = { ...own, ...withPrefix(EXEMPLAR_PREFIX, exemplars) };
  const path = join(folder, WEIGHTS_FILE);
  await writeSafetensors(path, arrays, { run: basename(run), epoch: `${epoch}` }, {
    half: half ? Object.keys(own) : [],
  });
  const classNames = networks.classes > 0 ? await classNamesOf(settings.dataset, networks.classes) : [];
  return { weights: WEIGHTS_FILE, bytes: (await Deno.stat(path)).size, networks, epoch, classNames };
}

/** Names of a data set's classes; numbers where the data set is gone. */
async function classNamesOf(dataset: string, count: number): Promise<string[]> {
  const names = await openDataset(dataset).then(({ classNames }) => classNames, (error) => {
    if (error instanceof UserError) return [];
    throw error;
  });
  return Array.from({ length: count }, (_, i) => names[i] ?? `class ${i}`);
}
