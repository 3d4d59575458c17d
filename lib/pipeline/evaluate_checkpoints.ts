/**
 * Evaluating the checkpoints of a run, and finding the best one.
 *
 * @module
 */
import { option, type OptionsInput, type OptionsOutput, resolveOptions } from "../core/option.ts";
import { filterClass } from "../gan/sample_options.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { distanceLabel, type FeatureNetwork } from "../metrics/feature_network.ts";
import { sha256 } from "../core/sha256.ts";
import { checkpointTags, hasCheckpoint } from "../training/checkpoint.ts";
import {
  EVALUATE_GENERATOR_OPTIONS,
  evaluateGenerator,
  type EvaluationConfig,
  evaluationConfig,
} from "../gan/evaluate_generator.ts";
import type { GeneratorMaker, GeneratorModel } from "../gan/own_parts.ts";
import type { RealStatistics } from "../gan/real_statistics.ts";
import {
  type EvaluationEntry,
  type EvaluationFile,
  evaluationFile,
  loadGenerator,
  readEvaluations,
} from "../gan/files.ts";
import { rowsOfClass } from "../gan/sampling.ts";
import type { UvDataset } from "../gan/uv_dataset.ts";

/** Options of {@linkcode evaluateCheckpoints}. */
export const EVALUATE_CHECKPOINTS_OPTIONS = {
  ...EVALUATE_GENERATOR_OPTIONS,
  whichEpoch: option.text({
    doc: "Checkpoint: latest, an epoch's number, or best to search all numbered ones.",
    default: "latest",
  }),
  truncationSigma: option.numbers({
    doc:
      "Largest sizes of the latent code's components, one evaluation each; the first decides what is best. auto is 1.",
    above: 0,
    auto: [1],
  }),
  filterClass,
  searchBest: option.boolean({
    flag: null,
    doc: "Whether best searches all numbered checkpoints; else it is the one that training kept.",
    default: true,
  }),
  fresh: option.boolean({ doc: "Ignore stored results.", default: false }),
} as const;

type ResolvedEvaluation = OptionsOutput<typeof EVALUATE_CHECKPOINTS_OPTIONS>;

/** What is compared: a run, its data, and the real side. */
export interface EvaluationInputs {
  /** Folder of the run. */
  readonly folder: string;
  /** Poses and UV maps. */
  readonly dataset: UvDataset;
  /** Names of the classes, for `filterClass`. */
  readonly classNames?: readonly string[];
  /** Statistics of the real images. */
  readonly real: RealStatistics;
  /** Makes the generator where the run was trained with a user's own. */
  readonly makeGenerator?: GeneratorMaker;
  /** Feature network of `real`. */
  readonly network: FeatureNetwork;
}

/**
 * Evaluates a checkpoint of a run, or searches the best one first; results are kept in `evaluation.json`, and used
 * again where config and weights are the same.
 *
 * @param inputs What is compared
 * @param options {@linkcode EVALUATE_CHECKPOINTS_OPTIONS} tells what each is
 * @param callbacks Progress, messages and stop; a stop ends a search with the best so far
 * @returns One result per sigma
 * @throws {UserError} If there is nothing to evaluate
 */
export async function evaluateCheckpoints(
  inputs: EvaluationInputs,
  options: OptionsInput<typeof EVALUATE_CHECKPOINTS_OPTIONS> = {},
  callbacks: StageCallbacks = {},
): Promise<EvaluationEntry[]> {
  const resolved = resolveOptions(EVALUATE_CHECKPOINTS_OPTIONS, options);
  const evaluation = new Evaluation(inputs, resolved, await readEvaluations(inputs.folder), callbacks);
  const whichEpoch = resolved.whichEpoch === "best" && resolved.searchBest
    ? await evaluation.searchBest()
    : resolved.whichEpoch;
  const entries: EvaluationEntry[] = [];
  for (const sigma of resolved.truncationSigma) {
    entries.push(await evaluation.evaluate(whichEpoch, sigma, resolved.hybrids));
  }
  return entries;
}

class Evaluation {
  readonly #inputs: EvaluationInputs;
  readonly #options: ResolvedEvaluation;
  readonly #file: EvaluationFile;
  readonly #callbacks: StageCallbacks;

  constructor(
    inputs: EvaluationInputs,
    options: ResolvedEvaluation,
    file: EvaluationFile,
    callbacks: StageCallbacks,
  ) {
    this.#inputs = inputs;
    this.#options = options;
    this.#file = file;
    this.#callbacks = callbacks;
  }

  /** Evaluates all numbered checkpoints, the newest first, and training's best; on a tie the earlier in this order stays. */
  async searchBest(): Promise<string> {
    const { folder } = this.#inputs;
    const tags = (await checkpointTags(folder)).filter((tag) => /^\d+$/.test(tag)).reverse();
    if (tags.length === 0) {
      this.#callbacks.onMessage?.(
        `There is no numbered checkpoint in ${folder}; the latest one is evaluated.`,
      );
      tags.push("latest");
    }
    if (await hasCheckpoint(folder, "best")) tags.push("best"); // it may be of an epoch without a number
    let best: EvaluationEntry | null = null;
    for (const tag of tags) {
      if (best && this.#callbacks.signal?.aborted) break;
      const entry = await this.evaluate(tag, this.#options.truncationSigma[0], false);
      if (!best || entry.combined < best.combined) best = entry;
      this.#callbacks.onMessage?.(
        `Checkpoint ${tag}: ${entry.label} ${entry.combined.toFixed(2)}; best so far ${
          best.combined.toFixed(2)
        } ` +
          `(checkpoint ${best.whichEpoch}).`,
      );
    }
    const { whichEpoch, combined, recipe } = best!;
    this.#file.best = { whichEpoch, combined, recipe };
    await writeJsonAtomic(evaluationFile(folder), this.#file);
    return whichEpoch;
  }

  /** Distances of a checkpoint, from the file if they are there. */
  async evaluate(whichEpoch: string, truncationSigma: number, hybrids: boolean): Promise<EvaluationEntry> {
    const { folder, dataset, real, network, classNames = [], makeGenerator } = this.#inputs;
    const loaded = await loadGenerator(folder, whichEpoch, makeGenerator);
    try {
      const { filterClass } = this.#options, { networks } = loaded.settings;
      const rows = filterClass === undefined
        ? []
        : rowsOfClass(dataset.poses, networks, filterClass, classNames);
      const options = { ...this.#options, truncationSigma, hybrids, rows };
      const config = evaluationConfig(dataset, real, network, options);
      const generatorHash = await hashGenerator(loaded.generator);
      const known = this.#options.fresh
        ? undefined
        : this.#file.entries.find((entry) =>
          entry.generatorHash === generatorHash && JSON.stringify(entry.recipe) === JSON.stringify(config) &&
          (!hybrids || !dataset.hasSamples || networks.textureOnly || entry.meshOnly !== null) &&
          entry.diversity !== undefined
        );
      if (known) return { ...known, whichEpoch };
      const distances = await evaluateGenerator(
        loaded.generator,
        dataset,
        real,
        network,
        options,
        this.#callbacks,
      );
      const entry: EvaluationEntry = {
        whichEpoch,
        epoch: loaded.state.epoch,
        label: distanceLabel(network.name),
        ...distances,
        generatorHash,
        caution: cautionOf(config, network.dimensions),
      };
      this.#file.entries = [
        ...this.#file.entries.filter((other) =>
          other.generatorHash !== generatorHash || JSON.stringify(other.recipe) !== JSON.stringify(config)
        ),
        entry,
      ];
      await writeJsonAtomic(evaluationFile(folder), this.#file);
      return entry;
    } finally {
      loaded.dispose();
    }
  }
}

function cautionOf({ samples, realImages }: EvaluationConfig, dimensions: number): string | null {
  if (Math.min(samples, realImages) > dimensions) return null;
  return `With ${samples} generated and ${realImages} real images for ${dimensions} dimensions the Fréchet distance ` +
    "is biased upwards; compare it only with numbers of equal counts, or use the KID.";
}

async function hashGenerator(generator: GeneratorModel): Promise<string> {
  const arrays = Object.values(await generator.parameters.toArrays());
  const bytes = new Uint8Array(arrays.reduce((sum, { data }) => sum + data.byteLength, 0));
  let offset = 0;
  for (const { data } of arrays) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return await sha256(bytes);
}
