/**
 * Making the built-in template files anew.
 *
 * @module
 */
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { buildTemplate, TEMPLATE_RECIPES } from "./build_template.ts";
import { writeTemplates } from "./template_file.ts";

/**
 * Builds the templates of categories and writes `<folder>/<category>.safetensors`: the same bytes every time.
 *
 * @param folder Where to write
 * @param categories Some of the names of `TEMPLATE_RECIPES`
 * @param callbacks Progress by template
 * @returns Paths of the files
 * @throws {RangeError} If a category has no recipe
 */
export async function makeTemplates(
  folder: string,
  categories: readonly string[] = Object.keys(TEMPLATE_RECIPES),
  callbacks: StageCallbacks = {},
): Promise<string[]> {
  const unknown = categories.find((category) => !Object.hasOwn(TEMPLATE_RECIPES, category));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot make templates: categories must be among ${
        Object.keys(TEMPLATE_RECIPES).join(", ")
      }, current value is ` +
        unknown,
    );
  }
  const total = categories.reduce((sum, category) => sum + TEMPLATE_RECIPES[category].length, 0);
  const paths: string[] = [];
  let done = 0;
  await Deno.mkdir(folder, { recursive: true });
  for (const category of categories) {
    const templates = TEMPLATE_RECIPES[category].map(({ name, shape, wrap }) => {
      throwIfStopped(callbacks.signal, "Making templates");
      const template = buildTemplate(name, shape(), wrap);
      callbacks.onProgress?.({ done: ++done, total });
      return template;
    });
    const path = `${folder}/${category}.safetensors`;
    await writeTemplates(path, templates);
    paths.push(path);
  }
  return paths;
}
