/**
 * Remeshing with its files: the built-in classes, or a user's own meshes.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { type Mode, templateFile } from "../core/paths.ts";
import { isWriter } from "../core/process_group.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { defaultWorkerCount } from "../core/worker_pool.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { builtInMesh } from "../remeshing/build_built_in.ts";
import { checkpointFile } from "../remeshing/checkpoint_file.ts";
import { ALIGNED_CLASSES, normalizeClass, toFrame } from "../remeshing/class_targets.ts";
import { buildClasses } from "../remeshing/make_templates.ts";
import type { FitFigures } from "../remeshing/measure_fit.ts";
import { ORIGINAL_REMESH, REMESH_DEFAULTS, remeshClass, type RemeshOptions } from "../remeshing/remesh.ts";
import { drawnMesh, type UpAxis, type UserMesh } from "../remeshing/user_mesh.ts";
import { keptParts, transferParts } from "../remeshing/transfer_parts.ts";
import { labelVertices } from "../templates/build_template.ts";
import { ALL_CATEGORIES } from "../templates/load_templates.ts";
import type { Surface } from "../templates/polygonize.ts";
import { TEMPLATE_RECIPES } from "../templates/recipes.ts";
import type { Template } from "../templates/template_file.ts";
import type { LabelledSurface } from "../templates/template_sheet.ts";
import { writeRemeshed } from "../remeshing/write_remeshed.ts";
import { checkMeshes } from "./check_meshes.ts";
import { exists } from "./result_file.ts";

/** What remeshing is asked for. */
export interface RemeshRequest {
  /** One template or several. */
  mode: Mode;
  /** Built-in classes; empty is all of them. Not read where there are meshes. */
  classes?: readonly string[];
  /** Meshes of one's own, all of one class: OBJ, GLB, PLY or STL. */
  meshes?: readonly string[];
  /** Class of the meshes of one's own. */
  name?: string | null;
  /** Which axis of those files points up; null is y, for PLY and STL z. */
  up?: UpAxis | null;
  /** A schedule of our own, or the original's. */
  schedule?: "quick" | "full";
  /** What silhouettes are compared with: plain masks, or masks with a soft border. */
  maskTarget?: "soft" | "plain";
  /** The original's schedule and its error in the box of aligned classes. */
  legacy?: boolean;
  /** Whether templates are their own mirror images. */
  symmetric?: boolean;
  /** Rows and columns of the silhouettes; null is the schedule's. */
  imageResolution?: number | null;
  /** Worker threads; null is one per core. Does not change the result. */
  workers?: number | null;
  /** Replace existing results. */
  overwrite?: boolean;
}

/** Figures of one template. */
export interface RemeshedTemplate extends FitFigures {
  /** Class. */
  readonly category: string;
  /** Name within the class. */
  readonly name: string;
}

/** Defaults of {@link RemeshRequest}. */
export const REMESH_REQUEST_DEFAULTS = {
  classes: [],
  meshes: [],
  name: null,
  up: null,
  schedule: "quick",
  maskTarget: REMESH_DEFAULTS.maskTarget,
  legacy: false,
  symmetric: true,
  imageResolution: null,
  workers: null,
  overwrite: false,
} as const satisfies Required<Omit<RemeshRequest, "mode">>;

type Resolved = Required<RemeshRequest>;

/** Mean overlap from which on a template counts as good. */
const GOOD_OVERLAP = 0.95;

/** Meshes of one class on their way to templates. */
interface ClassInput {
  readonly category: string;
  readonly names: readonly string[];
  readonly meshes: readonly Surface[];
  readonly partNames: readonly string[];
  /** Labels of a template's vertices, given in its mesh's frame. */
  readonly label: (index: number, vertices: Float64Array) => Uint8Array;
  readonly options: RemeshOptions;
}

/**
 * Makes templates and writes, for each class, `cache/remeshed_templates/<mode>/<class>` with `.safetensors`, `.obj`,
 * `.png` (before and after) and `.json` (figures). Classes that are there are left out; a stopped run goes on.
 *
 * @param request What is wanted
 * @param callbacks Progress, and sentences about the user's meshes
 * @returns Figures of the templates that were made
 * @throws {UserError} If a class is unknown, a mesh cannot be read, or a mode and its number of meshes do not agree
 * @throws {StoppedError} If the signal was aborted
 */
export async function runRemesh(
  request: RemeshRequest,
  callbacks: StageCallbacks = {},
): Promise<RemeshedTemplate[]> {
  const all: Resolved = { ...REMESH_REQUEST_DEFAULTS, ...request };
  if (all.meshes.length > 0) return await remeshInput(await userInput(all, callbacks), all, callbacks);
  const unknown = all.classes.find((name) => !Object.hasOwn(TEMPLATE_RECIPES, name));
  if (unknown !== undefined) {
    throw new UserError(
      `There is no built-in class "${unknown}": there are ${
        Object.keys(TEMPLATE_RECIPES).join(", ")
      }. A class of your ` +
        `own is made with 'meshes: FILE' and 'name: ${unknown}'.`,
    );
  }
  const wanted = all.classes.length > 0 ? all.classes : Object.keys(TEMPLATE_RECIPES);
  const missing: string[] = [];
  for (const name of wanted) {
    if (all.overwrite || !await exists(templateFile(all.mode, name))) missing.push(name);
    else {callbacks.onMessage?.(
        `${templateFile(all.mode, name)} is there already; 'overwrite' makes it anew.`,
      );}
  }
  if (missing.length === 0) return [];
  const isOwnSchedule = all.schedule === "quick" && !all.legacy && all.symmetric &&
    all.imageResolution === null;
  if (isOwnSchedule) return await buildQuickly(missing, all, callbacks);
  const figures: RemeshedTemplate[] = [];
  for (const category of missing) {
    callbacks.onMessage?.(`Remeshing ${category}.`);
    figures.push(...await remeshInput(builtInInput(category, all), all, callbacks));
  }
  return figures;
}

/** Built-in classes by the schedule of our own, one template a worker. */
async function buildQuickly(
  categories: readonly string[],
  { mode, workers }: Resolved,
  callbacks: StageCallbacks,
): Promise<RemeshedTemplate[]> {
  const figures: RemeshedTemplate[] = [];
  await buildClasses(
    { categories, workers, single: mode === "singletpl" },
    callbacks,
    async (category, built) => {
      const before = built.map((_, index): LabelledSurface => {
        const mesh = builtInMesh(category, index), { vertices } = normalizeClass([mesh.vertices]);
        const { partAt } = TEMPLATE_RECIPES[category][index].shape();
        const parts = Int32Array.from(
          { length: mesh.vertices.length / 3 },
          (_, v) => partAt(mesh.vertices[3 * v], mesh.vertices[3 * v + 1], mesh.vertices[3 * v + 2]),
        );
        return { vertices: vertices[0], faces: mesh.faces, partLabels: parts };
      });
      const own = built.map(({ template: { name }, figures }) => ({ category, name, ...figures }));
      await writeRemeshed(templateFile(mode, category), built.map(({ template }) => template), before, own);
      figures.push(...own);
    },
  );
  return figures;
}

function builtInInput(category: string, request: Resolved): ClassInput {
  const recipes = TEMPLATE_RECIPES[category].slice(0, request.mode === "singletpl" ? 1 : undefined);
  const shapes = recipes.map(({ shape }) => shape());
  return {
    category,
    names: recipes.map(({ name }) => name),
    meshes: recipes.map((_, index) => builtInMesh(category, index)),
    partNames: shapes[0].partNames,
    label: (index, vertices) => labelVertices(vertices, shapes[index]),
    options: optionsOf(request, ALIGNED_CLASSES.has(category)),
  };
}

async function userInput(request: Resolved, callbacks: StageCallbacks): Promise<ClassInput> {
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
    throw new UserError(`${path} exists already: add 'overwrite' to make it anew.`);
  }
  if (!request.overwrite && Object.hasOwn(TEMPLATE_RECIPES, name)) {
    throw new UserError(
      `${name} is a built-in class, and a mesh of that name would take its place in every data set: give another 'name', ` +
        "or 'overwrite' to replace it.",
    );
  }
  if (Object.hasOwn(TEMPLATE_RECIPES, name)) {
    callbacks.onMessage?.(
      `From now on 'category: ${name}' is this mesh, in place of the built-in class (${path}).`,
    );
  }
  const meshes = await checkMeshes(paths, { up, symmetric }, callbacks);
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
    options: optionsOf(request, false),
  };
}

function optionsOf(
  { schedule, maskTarget, legacy, symmetric, imageResolution, workers }: Resolved,
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

async function remeshInput(
  input: ClassInput,
  { mode }: Resolved,
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
    (steps) => callbacks.onMessage?.(`Goes on after ${steps} steps (${partial}).`),
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
    if (iou < GOOD_OVERLAP) callbacks.onMessage?.(describeShortfall(name, iou, options.symmetric ?? true));
  }
  await writeRemeshed(path, templates, before, figures);
  if (isWriter()) await Deno.remove(partial).catch(() => {});
  return figures;
}

function describeShortfall(name: string, iou: number, symmetric: boolean): string {
  const advice = symmetric
    ? "If the object is not its own mirror image, 'symmetric: false' follows it more closely."
    : "Rods and plates thinner than the distance of two vertices cannot be followed.";
  return `The outline of ${name} overlaps with that of its mesh by ${
    iou.toFixed(3)
  } only: look at the picture. ${advice}`;
}
