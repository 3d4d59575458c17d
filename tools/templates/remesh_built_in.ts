/**
 * Remeshing of the solids that the built-in templates stand for.
 *
 * @module
 */
import { type OptionsInput, resolveOptions } from "../../lib/core/option.ts";
import { UserError } from "../../lib/core/errors.ts";
import { templateFile } from "../../lib/core/paths.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import {
  type ClassInput,
  REMESH_OPTIONS,
  type RemeshedTemplate,
  remeshInput,
  remeshOptions,
  type ResolvedRemesh,
} from "../../lib/pipeline/remesh.ts";
import { exists } from "../../lib/io/exists.ts";
import { ALIGNED_CLASSES, normalizeClass } from "../../lib/remeshing/class_targets.ts";
import { writeRemeshed } from "../../lib/remeshing/write_remeshed.ts";
import type { LabelledSurface } from "../../lib/templates/template_grid.ts";
import { builtInMesh } from "./build_built_in.ts";
import { labelVertices } from "./build_template.ts";
import { buildClasses } from "./make_templates.ts";
import { TEMPLATE_CONFIGS } from "./template_configs.ts";

/**
 * Makes templates of the solids and writes their files as `runRemesh` does. Classes that are there are left out; a stopped
 * run resumes.
 *
 * @param request How; `classes`: which classes, all if there are none
 * @param callbacks Progress
 * @returns Figures of the templates that were made
 * @throws {UserError} If a class is unknown
 * @throws {StoppedError} If the signal was aborted
 */
export async function remeshBuiltIn(
  request: Omit<OptionsInput<typeof REMESH_OPTIONS>, "meshes" | "name" | "up"> & {
    readonly classes?: readonly string[];
  },
  callbacks: StageCallbacks = {},
): Promise<RemeshedTemplate[]> {
  const all = { ...resolveOptions(REMESH_OPTIONS, request), classes: request.classes ?? [] };
  const unknown = all.classes.find((name) => !Object.hasOwn(TEMPLATE_CONFIGS, name));
  if (unknown !== undefined) {
    throw new UserError(
      `There is no built-in class "${unknown}": there are ${
        Object.keys(TEMPLATE_CONFIGS).join(", ")
      }. A class of your ` +
        `own is made with 'meshes: FILE' and 'name: ${unknown}'.`,
    );
  }
  const wanted = all.classes.length > 0 ? all.classes : Object.keys(TEMPLATE_CONFIGS);
  const missing: string[] = [];
  for (const name of wanted) {
    if (all.overwrite || !await exists(templateFile(all.mode, name))) missing.push(name);
    else {callbacks.onMessage?.(
        `${templateFile(all.mode, name)} is there already; 'overwrite' makes it from scratch.`,
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
  { mode, workers }: ResolvedRemesh,
  callbacks: StageCallbacks,
): Promise<RemeshedTemplate[]> {
  const figures: RemeshedTemplate[] = [];
  await buildClasses(
    { categories, workers, single: mode === "singletpl" },
    callbacks,
    async (category, built) => {
      const before = built.map((_, index): LabelledSurface => {
        const mesh = builtInMesh(category, index), { vertices } = normalizeClass([mesh.vertices]);
        const { partAt } = TEMPLATE_CONFIGS[category][index].shape();
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

function builtInInput(category: string, request: ResolvedRemesh): ClassInput {
  const configs = TEMPLATE_CONFIGS[category].slice(0, request.mode === "singletpl" ? 1 : undefined);
  const shapes = configs.map(({ shape }) => shape());
  return {
    category,
    names: configs.map(({ name }) => name),
    meshes: configs.map((_, index) => builtInMesh(category, index)),
    partNames: shapes[0].partNames,
    label: (index, vertices) => labelVertices(vertices, shapes[index]),
    options: remeshOptions(request, ALIGNED_CLASSES.has(category)),
  };
}
