/**
 * The meshes of a run that a viewer shows.
 *
 * @module
 */
import { basename, join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../../lib/core/errors.ts";
import { reconstructionsFolder } from "../../lib/core/paths.ts";
import { readJson } from "../../lib/io/json_file.ts";
import type { Refinement } from "../../lib/refinement/refinement.ts";
import type { ViewerItem } from "./manifest.ts";
import { exists } from "../../lib/io/exists.ts";

/** A mesh and the file that it is copied from. */
export interface FoundItem {
  /** As the manifest lists it. */
  readonly item: ViewerItem;
  /** Its GLB. */
  readonly source: string;
}

const SAMPLES = v.array(v.object({
  name: v.string(),
  seed: v.number(),
  classIndex: v.number(),
  truncation: v.optional(v.number(), 1), // files of older versions do not say it
  checkpoint: v.optional(v.string()),
}));

/** What a run exported. */
export interface FoundItems {
  /** Its meshes. */
  readonly items: readonly FoundItem[];
  /** Checkpoint that the generated ones were made with; null if there are none, or an older version wrote them. */
  readonly checkpoint: string | null;
}

/**
 * Finds generated meshes and reconstructions among what a run exported.
 *
 * @param output Folder of the exports
 * @param refine Which reconstructions
 * @returns Generated ones by number, then reconstructions by name
 * @throws {UserError} If no reconstructions were exported in another than the default way
 */
export async function findViewerItems(output: string, refine: Refinement = "full"): Promise<FoundItems> {
  const samplesFile = join(output, "samples.json");
  const samples = await exists(samplesFile) ? await readJson(samplesFile, SAMPLES, "list of samples") : [];
  const sampleOf = new Map(samples.map((sample) => [sample.name, sample]));
  const generated = (await glbNames(output)).map((name): FoundItem => {
    const index = Number(/^mesh_(\d+)$/.exec(name)?.[1] ?? NaN);
    const known = Number.isInteger(index) ? sampleOf.get(name) : undefined;
    const sample = known
      ? { seed: known.seed, index, truncation: known.truncation, classIndex: known.classIndex }
      : null;
    const title = Number.isInteger(index) ? `Sample ${index}` : name;
    return {
      item: { title, kind: "generated", file: `meshes/generated/${name}.glb`, sample },
      source: join(output, `${name}.glb`),
    };
  });
  const folder = join(output, basename(reconstructionsFolder("", refine)));
  if (refine !== "full" && !await exists(folder)) {
    throw new UserError(
      `Cannot show reconstructions as 'refine: ${refine}': there is no ${folder}; write them with ` +
        `deno task export_reconstructions --refine ${refine}.`,
    );
  }
  const reconstructed = (await glbNames(folder)).map((name): FoundItem => ({
    item: { title: name, kind: "reconstruction", file: `meshes/reconstructions/${name}.glb`, sample: null },
    source: join(folder, `${name}.glb`),
  }));
  return { items: [...generated, ...reconstructed], checkpoint: samples[0]?.checkpoint ?? null };
}

/** Names of a folder's GLB files without their ending, numbers in their order. */
async function glbNames(folder: string): Promise<string[]> {
  if (!await exists(folder)) return [];
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.endsWith(".glb")) names.push(name.slice(0, -4));
  }
  return names.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
