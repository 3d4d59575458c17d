/**
 * Finding a category's templates: those that remeshing made or a user brought, else the built-in ones.
 *
 * @module
 */
import { dirname, fromFileUrl } from "@std/path";
import { UserError } from "../core/errors.ts";
import { type Mode, templateFile } from "../core/paths.ts";
import { BUILT_IN_CLASSES } from "./built_in_classes.ts";
import { readTemplates, type Template } from "./template_file.ts";

/** Name that stands for all classes together. */
export const ALL_CATEGORIES = "all";

/** File of a category's built-in templates. */
export function builtInTemplateFile(category: string): string {
  return fromFileUrl(new URL(`./data/${category}.safetensors`, import.meta.url));
}

/** Built-in templates of all classes, a list for each. */
export async function builtInTemplates(): Promise<Template[][]> {
  return await Promise.all(BUILT_IN_CLASSES.map((name) => readTemplates(builtInTemplateFile(name), name)));
}

/**
 * Templates of a category: from `cache/remeshed_templates/<mode>/<category>.safetensors` if there is such a file, else
 * the built-in ones. The templates of "all" are those of all 13 classes one after another, in the original's order.
 *
 * @param category Class of the object, such as "car", or "all"
 * @param mode `singletpl` takes the first template of the file, `multitpl` all of them
 * @returns One template of each class, or at least two
 * @throws {UserError} If the category has no templates, or too few for the mode
 */
export async function loadTemplates(category: string, mode: Mode): Promise<Template[]> {
  if (category !== ALL_CATEGORIES) return await loadClass(category, mode);
  const classes = BUILT_IN_CLASSES.map((name) => loadClass(name, mode));
  return (await Promise.all(classes)).flat();
}

/**
 * All templates of a class: those of one's own if there are any, several before one, else the built-in ones.
 *
 * @param category Class of the object
 * @throws {UserError} If the class has no templates
 */
export async function loadAllTemplates(category: string): Promise<Template[]> {
  for (const mode of ["multitpl", "singletpl"] as const) {
    const own = templateFile(mode, category);
    if (await isFile(own)) return await readTemplates(own, category);
  }
  if (!BUILT_IN_CLASSES.includes(category)) {
    throw unknownClass(category, templateFile("singletpl", category));
  }
  return await readTemplates(builtInTemplateFile(category), category);
}

/** Names of all classes with templates: the built-in ones, then one's own, in the order of the alphabet. */
export async function templateClasses(): Promise<string[]> {
  const own = new Set<string>();
  for (const mode of ["multitpl", "singletpl"] as const) {
    const folder = dirname(templateFile(mode, "any"));
    const entries = await Array.fromAsync(Deno.readDir(folder)).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    });
    for (const { name, isFile } of entries) {
      const category = /^([\w-]+)\.safetensors$/.exec(name)?.[1];
      if (isFile && category && !BUILT_IN_CLASSES.includes(category)) own.add(category);
    }
  }
  return [...BUILT_IN_CLASSES, ...[...own].sort()];
}

/**
 * Where each class begins in a list of templates, as {@link loadTemplates} gives it for "all".
 *
 * @param templates Templates, those of a class next to each other
 * @returns Index of the first template of each class, in the order of the list
 */
export function templateOffsets(templates: readonly Template[]): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  templates.forEach(({ category }, index) => {
    if (!offsets.has(category)) offsets.set(category, index);
  });
  return offsets;
}

async function loadClass(category: string, mode: Mode): Promise<Template[]> {
  const own = templateFile(mode, category);
  const isOwn = await isFile(own);
  if (!isOwn && !BUILT_IN_CLASSES.includes(category)) throw unknownClass(category, own);
  const path = isOwn ? own : builtInTemplateFile(category);
  const templates = await readTemplates(path, category);
  if (mode === "singletpl") return templates.slice(0, 1);
  if (templates.length < 2) {
    throw new UserError(
      `Several templates are needed for "${category}", but ${path} holds ${templates.length}; use singletpl, or put ` +
        `more into ${own}`,
    );
  }
  return templates;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, () => false);
}

function unknownClass(category: string, own: string): UserError {
  return new UserError(
    `There is no template for "${category}": the built-in ones are ${BUILT_IN_CLASSES.join(", ")}; ` +
      `one of your own is made by deno task add_template --name ${category} --mesh FILE (${own})`,
  );
}
