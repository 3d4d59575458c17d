/**
 * Remeshing with its files: a user's own meshes, or others of a class.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { mode, optionalName, overwrite, symmetric, workers } from "../core/common_options.ts";
import { option, type OptionsInput, type OptionsOutput, resolveOptions } from "../core/option.ts";
import { templateFile } from "../core/paths.ts";
import { isWriter } from "../core/process_group.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { defaultWorkerCount } from "../core/worker_pool.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { checkpointFile } from "../remeshing/checkpoint_file.ts";
import { normalizeClass, toFrame } from "../remeshing/class_targets.ts";
import type { FitFigures } from "../remeshing/measure_fit.ts";
import { ORIGINAL_REMESH, REMESH_DEFAULTS, remeshClass, type RemeshOptions } from "../remeshing/remesh.ts";
import { drawnMesh, type UpAxis, type UserMesh } from "../remeshing/user_mesh.ts";
import { keptParts, transferParts } from "../remeshing/transfer_parts.ts";
import { BUILT_IN_CLASSES } from "../templates/built_in_classes.ts";
import { ALL_CATEGORIES } from "../templates/load_templates.ts";
import type { Surface } from "../templates/polygonize.ts";
import type { Template } from "../templates/template_file.ts";
import type { LabelledSurface } from "../templates/template_grid.ts";
import { writeRemeshed } from "../remeshing/write_remeshed.ts";
import { checkMeshes } from "./check_meshes.ts";
import { exists } from "../io/exists.ts";

/** Which axis of a user's meshes points up. */
export const up = option.choice({
  doc: "Axis of those files that points up; auto is y, and z for PLY and STL.",
  choices: ["auto", "y", "z"],
  default: "auto",
});

/** Axis that is asked for; null where the file's kind decides. */
export const upAxis = (up: "auto" | UpAxis): UpAxis | null => up === "auto" ? null : up;

/** Options of the task `remesh`. */
export const REMESH_OPTIONS = {
  mode,
  meshes: option.list({
    flag: "mesh",
    reads: true,
    doc:
      "Meshes of one's own (OBJ, GLB, glTF, PLY, STL) instead: one with singletpl, two or more with multitpl.",
    default: [],
  }),
  name: optionalName("Class of the meshes of one's own, such as chair."),
  up,
  schedule: option.choice({
    doc: "A schedule of our own, or the original's 17,494 steps.",
    choices: ["quick", "full"],
    default: "quick",
  }),
  maskTarget: option.choice({
    doc: "What silhouettes are compared with: plain masks, or masks with a soft border.",
    choices: ["plain", "soft"],
    default: REMESH_DEFAULTS.maskTarget,
  }),
  legacy: option.boolean({
    doc: "The original's schedule and its error in the box of several animals.",
    default: false,
  }),
  symmetric,
  imageResolution: option.integer({
    doc: "Side of the silhouettes, in pixels; auto is the schedule's.",
    minimum: 32,
    maximum: 1024,
    auto: null,
  }),
  workers,
  overwrite,
} as const;

/** Figures of one template. */
export interface RemeshedTemplate extends FitFigures {
  /** Class. */
  readonly category: string;
  /** Name within the class. */
  readonly name: string;
}

/** A request with its defaults. */
export type ResolvedRemesh = OptionsOutput<typeof REMESH_OPTIONS>;

/** Mean IoU from which on a template counts as good. */
const GOOD_IOU = 0.95;

/** Meshes of one class on their way to templates. */
export interface ClassInput {
  readonly category: string;
  readonly names: readonly string[];
  readonly meshes: readonly Surface[];
  readonly partNames: readonly string[];
  /** Labels of a template's vertices, given in its mesh's frame. */
  readonly label: (index: number, vertices: Float64Array) => Uint8Array;
  readonly options: RemeshOptions;
}

/**
 * Makes templates of a user's meshes and writes `cache/remeshed_templates/<mode>/<class>` with `.safetensors`, `.obj`,
 * `.png` (before and after) and `.json` (figures). A stopped run resumes.
 *
 * @param request What is wanted
 * @param callbacks Progress, and sentences about the meshes
 * @returns Figures of the templates that were made
 * @throws {UserError} If a mesh cannot be read, or a mode and its number of meshes do not agree
 * @throws {StoppedError} If the signal was aborted
 */
export async function runRemesh(
  request: OptionsInput<typeof REMESH_OPTIONS>,
  callbacks: StageCallbacks = {},
): Promise<RemeshedTemplate[]> {
  const all: ResolvedRemesh = resolveOptions(REMESH_OPTIONS, request);
  return await remeshInput(await userInput(all, callbacks), all, callbacks);
}

async function userInput(request: ResolvedRemesh, callbacks: StageCallbacks): Promise<ClassInput> {
  const { meshes: paths, mode, name, up, symmetric } = request;
  if (!name || !/^[\w-]+$/.test(name) || name === ALL_CATEGORIES) {
    throw new UserError(
      `'name' must name the class of the mesh in letters, digits, _ and - ("all" is taken), current value is ${name}`,
    );
  }
  if (mode === "singletpl" ? paths.length !== 1 : paths.length < 2) {
    throw new UserError(
      `${mode} needs ${
        mode === "singletpl" ? "one mesh" : "two meshes or more"
      }, 'meshes' names ${paths.length}.`,
    );
  }
  const path = templateFile(mode, name);
  if (!request.overwrite && await exists(path)) {
    throw new UserError(`${path} exists already: add 'overwrite' to make it from scratch.`);
  }
  if (!request.overwrite && BUILT_IN_CLASSES.includes(name)) {
    throw new UserError(
      `${name} is a built-in class, and a mesh of that name would take its place in every data set: give another 'name', ` +
        "or 'overwrite' to replace it.",
    );
  }
  if (BUILT_IN_CLASSES.includes(name)) {
    callbacks.onMessage?.(
      `From now on 'category: ${name}' is this mesh, in place of the built-in class (${path}).`,
    );
  }
  const meshes = await checkMeshes(paths, { up: upAxis(up), symmetric }, callbacks);
  const partNames = [...new Set(meshes.flatMap(keptParts))];
  return {
    category: name,
    names: meshes.map((_, index) => `${name}${index + 1}`),
    meshes,
    partNames,
    label: (index, vertices) => {
      const own = keptParts(meshes[index]).map((part) => partNames.indexOf(part));
      return transferParts(meshes[index], vertices, sphereTopology().faces).map((label) => own[label]);
    },
    options: remeshOptions(request, false),
  };
}

/** Options of a request. */
export function remeshOptions(
  { schedule, maskTarget, legacy, symmetric, imageResolution, workers }: ResolvedRemesh,
  aligned: boolean,
): RemeshOptions {
  return {
    ...(schedule === "full" || legacy ? ORIGINAL_REMESH : {}),
    ...(imageResolution === null ? {} : { resolution: imageResolution }),
    maskTarget,
    symmetric,
    legacy,
    aligned,
    workers: workers ?? defaultWorkerCount(),
  };
}

/**
 * Remeshes the meshes of a class and writes its files.
 *
 * @throws {StoppedError} If the signal was aborted; the next call resumes
 */
export async function remeshInput(
  input: ClassInput,
  { mode }: ResolvedRemesh,
  callbacks: StageCallbacks,
): Promise<RemeshedTemplate[]> {
  const { category, names, meshes, partNames, label, options } = input;
  const path = templateFile(mode, category), partial = path.replace(/\.safetensors$/, ".partial.safetensors");
  const { workers: _, maskTarget, ...others } = options;
  const dependsOn = maskTarget === "plain" ? others : { ...others, maskTarget }; // older runs have plain ones, unsaid
  const settings = JSON.stringify({ names, faces: meshes.map(({ faces }) => faces.length), ...dependsOn });
  const checkpoint = checkpointFile(
    partial,
    settings,
    (steps) => callbacks.onMessage?.(`Resumes after ${steps} steps (${partial}).`),
  );
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const result = await remeshClass(meshes, sphereTopology(), options, callbacks, checkpoint);
  const templates = names.map((name, t): Template => ({
    name,
    category,
    vertices: result.templates[t],
    partLabels: label(t, result.inMeshFrames[t]),
    partNames,
  }));
  const { frames } = normalizeClass(meshes.map(({ vertices }) => vertices));
  const before = meshes.map((mesh, t): LabelledSurface =>
    "faceParts" in mesh ? drawnMesh(mesh as UserMesh, frames[t]) : {
      vertices: toFrame(mesh.vertices, frames[t]),
      faces: mesh.faces,
      partLabels: new Uint8Array(mesh.vertices.length / 3),
    }
  );
  const figures = names.map((name, t) => ({ category, name, ...result.figures[t] }));
  for (const { name, iou } of figures) {
    if (iou < GOOD_IOU) callbacks.onMessage?.(describeShortfall(name, iou, options.symmetric ?? true));
  }
  await writeRemeshed(path, templates, before, figures);
  if (isWriter()) await Deno.remove(partial).catch(() => {});
  return figures;
}

function describeShortfall(name: string, iou: number, symmetric: boolean): string {
  const advice = symmetric
    ? "If the object is not its own mirror image, 'symmetric: false' follows it more closely."
    : "Rods and plates thinner than the distance of two vertices cannot be followed.";
  return `The silhouettes of ${name} and of its mesh have an IoU of ${
    iou.toFixed(3)
  } only: look at the image. ${advice}`;
}
