/**
 * Whose pseudo-ground-truth a GAN learns from.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { cacheFolder, type Mode, poseMetadataFile, pseudoGroundTruthFolder } from "../core/paths.ts";
import type { GanSettings } from "../gan/gan_settings.ts";
import { openUvDataset, type UvDataset } from "../gan/uv_dataset.ts";
import { exists } from "../io/exists.ts";

/**
 * Reconstruction runs that made pseudo-ground-truth of a data set.
 *
 * @returns Names of the runs; null stands for maps that no run made
 */
export async function pseudoGroundTruthRuns(dataset: string, mode: Mode): Promise<(string | null)[]> {
  const pattern = new RegExp(`^poses_metadata_${mode}(?:_(.+))?\\.safetensors$`);
  const runs: (string | null)[] = [];
  try {
    for await (const { name } of Deno.readDir(cacheFolder(dataset))) {
      const match = pattern.exec(name);
      if (match) runs.push(match[1] ?? null);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return runs.sort((a, b) => (a ?? "") < (b ?? "") ? -1 : 1);
}

/**
 * The run whose maps a GAN learns from: the one that is wanted; else that of the GAN's own name, or maps that no run made.
 * Maps of other runs are never taken.
 *
 * @param dataset Name of the data set
 * @param mode One template or several
 * @param gan Name of the GAN's run
 * @param wanted Run whose maps are wanted; null for the choice above
 * @returns The run; null for maps that no run made
 * @throws {UserError} If there are no such maps, naming those that there are
 */
export async function pseudoGroundTruthRun(
  dataset: string,
  mode: Mode,
  gan: string,
  wanted: string | null,
): Promise<string | null> {
  const choices = wanted === null ? [gan, null] : [wanted];
  for (const run of choices) if (await exists(poseMetadataFile(dataset, mode, run))) return run;
  const others = (await pseudoGroundTruthRuns(dataset, mode)).filter((run) => run !== null);
  const made = others.length > 0
    ? `; there is that of ${others.join(", ")}: take it with 'pseudogtRun: ${others[0]}'`
    : "";
  throw new UserError(
    `There is no pseudo-ground-truth of the run ${wanted ?? gan} for the data set ${dataset} ` +
      `(${poseMetadataFile(dataset, mode, wanted ?? gan)}): run deno task generate_pseudogt --name ${
        wanted ?? gan
      } ` +
      `--dataset ${dataset} --mode ${mode} first${made}`,
  );
}

/** What tells whose maps a GAN learnt from. */
type GanOrigin = Pick<GanSettings, "dataset" | "mode" | "pseudogtRun">;

/**
 * The run whose maps a trained GAN learnt from. A GAN that was imported does not tell: maps that no run made are taken then,
 * else those of the GAN's own name.
 *
 * @param settings What the GAN's run keeps
 * @param gan Name of the GAN's run
 * @param wanted Run whose maps are wanted of a GAN that does not tell; null for the choice above
 * @returns The run; null for maps that no run made
 * @throws {UserError} If there are no such maps, naming those that there are
 */
export async function recordedRun(
  { dataset, mode, pseudogtRun }: GanOrigin,
  gan: string,
  wanted: string | null = null,
): Promise<string | null> {
  if (pseudogtRun !== undefined) return pseudogtRun;
  if (wanted === null && await exists(poseMetadataFile(dataset, mode))) return null;
  return await pseudoGroundTruthRun(dataset, mode, gan, wanted);
}

/**
 * Opens pseudo-ground-truth in the folder of its data set.
 *
 * @param dataset Name of the data set
 * @param mode One template, or several
 * @param resolution Side of the textures, R
 * @param run Reconstruction run that made the maps; null if none did
 * @throws {UserError} If the table is missing, or the maps are not those of its rows
 */
export function openPseudoGroundTruth(
  dataset: string,
  mode: Mode,
  resolution: number,
  run: string | null = null,
): Promise<UvDataset> {
  const folder = pseudoGroundTruthFolder(dataset, resolution, mode, run);
  return openUvDataset(dataset, mode, resolution, {
    metadata: poseMetadataFile(dataset, mode, run),
    folder,
    run,
  });
}

/**
 * The pseudo-ground-truth of a run's data set.
 *
 * @param settings What the GAN's run keeps
 * @param run Reconstruction run that made the maps; null if none did
 * @throws {UserError} If its files are missing
 */
export function openUvDatasetOf(
  { dataset, mode, networks }: Pick<GanSettings, "dataset" | "mode" | "networks">,
  run: string | null,
): Promise<UvDataset> {
  return openPseudoGroundTruth(dataset, mode, networks.textureResolution, run);
}
