/**
 * The run whose generator a task takes, and what a command line says about it.
 *
 * @module
 */
import { modeOrAutodetect, skipInvalid } from "../lib/core/common_options.ts";
import { option, type OptionsOutput } from "../lib/core/option.ts";
import { OWN_IMAGES_OPTIONS } from "../lib/datasets/photograph_options.ts";
import { TRAIN_GAN_OPTIONS } from "../lib/pipeline/train_gan.ts";
import { requireRun } from "./stored_run.ts";

/** Options that must agree with the run's settings. */
export const GENERATOR_OPTIONS = {
  mode: modeOrAutodetect,
  conditionalClass: option.boolean({
    doc: "Whether the networks are told the class; the run's settings say it, a given value must agree.",
  }),
} as const;

/** A line of `train_gan` with `--evaluate` or `--export_sample` carries options that only training has. */
export const OF_TRAINING = {
  options: { ...TRAIN_GAN_OPTIONS, ...OWN_IMAGES_OPTIONS, skipInvalid },
  why: "the run's own settings decide.",
} as const;

/** Values that tell of a run. */
interface GeneratorValues extends OptionsOutput<typeof GENERATOR_OPTIONS> {
  readonly name: string;
  readonly dataset?: string;
  readonly pseudogtRun?: string;
}

/**
 * Makes sure that a run is there, and that what is said of it is so.
 *
 * @throws {UserError} If there is no such run, or its settings differ
 */
export async function requireGenerator(values: GeneratorValues): Promise<void> {
  const { name, dataset, mode, conditionalClass, pseudogtRun } = values;
  const given = { dataset, conditionalClass, pseudogtRun, mode: mode === "autodetect" ? undefined : mode };
  await requireRun("gan", name, given);
}
