/**
 * Making the built-in template files from scratch.
 *
 * @module
 */
import type { StageCallbacks } from "../../lib/core/progress.ts";
import { defaultWorkerCount, WorkerPool } from "../../lib/core/worker_pool.ts";
import { builtInTemplateFile } from "../../lib/templates/load_templates.ts";
import { TEMPLATE_CONFIGS } from "./template_configs.ts";
import { writeTemplates } from "../../lib/templates/template_file.ts";
import { BUILD_KIND, type BuiltTemplate } from "./build_built_in.ts";

/**
 * Builds the templates of classes and writes `<folder>/<category>.safetensors`: the same bytes every time. A file is
 * written as soon as its class is complete.
 *
 * @param folder Where to write
 * @param options `categories`: some of the names of `TEMPLATE_CONFIGS`; all where there are none; `workers`:
 *   worker threads, 0 for none; null is one per core. Does not change the result
 * @param callbacks Progress by template
 * @returns Templates and figures of each class
 * @throws {RangeError} If a category has no config
 * @throws {StoppedError} If the signal was aborted
 */
export async function makeTemplates(
  folder: string,
  options: { readonly categories?: readonly string[]; readonly workers?: number | null } = {},
  callbacks: StageCallbacks = {},
): Promise<Record<string, BuiltTemplate[]>> {
  return await buildClasses(options, callbacks, async (category, built) => {
    await writeTemplates(`${folder}/${category}.safetensors`, built.map(({ template }) => template));
  });
}

/**
 * Compares template files with those that the package brings.
 *
 * @param folder Where {@link makeTemplates} wrote
 * @param categories Which classes
 * @returns The classes whose files differ in any byte
 */
export async function changedTemplates(folder: string, categories: readonly string[]): Promise<string[]> {
  const changed: string[] = [];
  for (const category of categories) {
    const made = await Deno.readFile(`${folder}/${category}.safetensors`);
    const committed = await Deno.readFile(builtInTemplateFile(category));
    if (made.length !== committed.length || made.some((value, i) => value !== committed[i])) {
      changed.push(category);
    }
  }
  return changed;
}

/**
 * Builds the templates of classes.
 *
 * @param options Which classes, how many workers, whether the first template of each class alone
 * @param callbacks Progress by template
 * @param onClass Called when a class is complete
 * @returns Templates and figures of each class
 * @throws {RangeError} If a category has no config
 * @throws {StoppedError} If the signal was aborted
 */
export async function buildClasses(
  { categories: wanted = [], workers = null, single = false }: {
    readonly categories?: readonly string[];
    readonly workers?: number | null;
    readonly single?: boolean;
  },
  callbacks: StageCallbacks,
  onClass: (category: string, built: BuiltTemplate[]) => Promise<void>,
): Promise<Record<string, BuiltTemplate[]>> {
  const known = Object.keys(TEMPLATE_CONFIGS);
  const unknown = wanted.find((category) => !known.includes(category));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot make templates: categories must be among ${known.join(", ")}, current value is ${unknown}`,
    );
  }
  const categories = wanted.length > 0 ? wanted : known;
  const countOf = (category: string) => single ? 1 : TEMPLATE_CONFIGS[category].length;
  const tasks = categories.flatMap((category) =>
    Array.from({ length: countOf(category) }, (_, index) => ({ category, index }))
  );
  const built = Object.fromEntries(categories.map((category): [string, BuiltTemplate[]] => [category, []]));
  const pool = await WorkerPool.start(
    BUILD_KIND,
    null,
    Math.min(workers ?? defaultWorkerCount(), tasks.length),
  );
  let done = 0;
  try {
    await pool.run(tasks.length, (k) => tasks[k], {
      signal: callbacks.signal,
      what: "Making templates",
      shared: true,
      onResult: async (k, result) => {
        const { category, index } = tasks[k];
        built[category][index] = result;
        callbacks.onProgress?.({ done: ++done, total: tasks.length, values: { iou: result.figures.iou } });
        if (Object.keys(built[category]).length === countOf(category)) {
          await onClass(category, built[category]);
        }
      },
    });
  } finally {
    pool.close();
  }
  return built;
}
