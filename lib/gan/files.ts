/**
 * What GAN training hands on: settings and generators of a run, its exemplars, and its evaluations.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { Prng } from "../core/prng.ts";
import { readSafetensors } from "../io/safetensors.ts";
import { hasCheckpoint, loadCheckpoint, takePrefix } from "../training/checkpoint.ts";
import { readRunSettings } from "../training/run_settings.ts";
import type { EvaluationConfig, GeneratorDistances } from "./evaluate_generator.ts";
import { type Exemplars, exemplarsOf } from "./exemplars/exemplars.ts";
import { checkGanState, type GanState } from "./gan_model.ts";
import { type GanSettings, UNKNOWN_DATASET } from "./gan_settings.ts";
import { makeGenerator } from "./make_generator.ts";
import type { GeneratorMaker, GeneratorModel } from "./own_parts.ts";

/** A generator loaded from a run. */
export interface LoadedGenerator {
  /** The EMA of the run's generator. */
  readonly generator: GeneratorModel;
  /** Settings of the run. */
  readonly settings: GanSettings;
  /** Position of the checkpoint. */
  readonly state: GanState;
  /** Frees the generator. */
  dispose(): void;
}

/**
 * Settings of a GAN run.
 *
 * @param folder Folder of the run
 * @param dataset Data set of a run that was imported without its name
 * @throws {UserError} If the folder holds no run of this stage
 */
export async function readGanSettings(folder: string, dataset?: string): Promise<GanSettings> {
  const settings = await readRunSettings(folder);
  if (settings.stage !== "gan" || typeof settings.networks !== "object") {
    throw new UserError(`The folder ${folder} holds a run of stage ${settings.stage}, not of a GAN.`);
  }
  const named = settings as unknown as GanSettings;
  return named.dataset === UNKNOWN_DATASET && dataset ? { ...named, dataset } : named;
}

/**
 * Loads the EMA of a run's generator.
 *
 * @param folder Folder of the run
 * @param whichEpoch Tag of the checkpoint
 * @param make Makes the generator where the run was trained with a user's own
 * @throws {UserError} If run or checkpoint are missing or damaged
 */
export async function loadGenerator(
  folder: string,
  whichEpoch: string,
  make: GeneratorMaker = makeGenerator,
): Promise<LoadedGenerator> {
  const settings = await readGanSettings(folder);
  const checkpoint = await loadCheckpoint(folder, whichEpoch);
  const source = `checkpoint ${whichEpoch} of ${folder}`;
  const state = checkGanState(checkpoint, settings.networks, source);
  const generator = make(settings.networks, new Prng(1, "gan", "loaded"));
  generator.parameters.load(takePrefix("generator_running_avg", checkpoint.arrays), source);
  if (settings.networks.exemplars) await generator.setExemplars?.(await readExemplars(folder), false);
  return { generator, settings, state, dispose: () => generator.dispose() };
}

/**
 * Reads the exemplars of a run.
 *
 * @param folder Folder of the run
 * @throws {UserError} If the file is missing or damaged
 */
export async function readExemplars(folder: string): Promise<Exemplars> {
  const path = join(folder, "exemplars.safetensors");
  return exemplarsOf((await readSafetensors(path)).arrays, path);
}

/** A stored result. */
export interface EvaluationEntry extends GeneratorDistances {
  /** Tag of the checkpoint. */
  readonly whichEpoch: string;
  /** Epochs that it has finished. */
  readonly epoch: number;
  /** SHA-256 of the generator's values. */
  readonly generatorHash: string;
  /** What to call the distances. */
  readonly label: string;
  /** A caution, if the numbers deserve one. */
  readonly caution: string | null;
}

/** Content of `evaluation.json`. */
export interface EvaluationFile {
  /** Results, newest last. */
  entries: EvaluationEntry[];
  /** Best checkpoint that a search has found, or null. */
  best: { whichEpoch: string; combined: number; recipe: EvaluationConfig } | null;
}

/** File of a run's evaluations. */
export function evaluationFile(folder: string): string {
  return join(folder, "evaluation.json");
}

/** Image grid of generated objects above the objects that they are nearest to, in the folder of a run. */
export const NEAREST_GRID = "nearest.png";

/** File of a run's figures on photographs that it has not seen. */
export function heldOutFile(folder: string): string {
  return join(folder, "judgement.json");
}

/** Reads a run's evaluations; a missing file is an empty one. */
export async function readEvaluations(folder: string): Promise<EvaluationFile> {
  try {
    return JSON.parse(await Deno.readTextFile(evaluationFile(folder)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { entries: [], best: null };
    if (error instanceof SyntaxError) {
      throw new UserError(
        `Cannot read ${evaluationFile(folder)}: it is damaged; delete it to evaluate from scratch.`,
      );
    }
    throw error;
  }
}

/**
 * Tag of the checkpoint that `best` stands for: what a search has recorded, else what training kept.
 *
 * @throws {UserError} If neither is there
 */
export async function bestCheckpoint(folder: string): Promise<string> {
  const { best } = await readEvaluations(folder);
  if (best && await hasCheckpoint(folder, best.whichEpoch)) return best.whichEpoch;
  if (await hasCheckpoint(folder, "best")) return "best";
  throw new UserError(
    `No best checkpoint is recorded in ${folder} (checkpoint_best.safetensors); run evaluate --which_epoch best first, or give an epoch.`,
  );
}
