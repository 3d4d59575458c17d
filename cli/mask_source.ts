/**
 * Where masks of one's own photographs come from, of options.
 *
 * @module
 */
import type { OptionsOutput } from "../lib/core/option.ts";
import type { MaskModelOptions } from "../lib/datasets/background_removal/background_remover.ts";
import type { MASK_MODEL_OPTIONS } from "../lib/datasets/photograph_options.ts";

/** Values of the options. */
export type MaskModelValues = OptionsOutput<typeof MASK_MODEL_OPTIONS>;

/** The fields of a request that tell where masks come from. */
export function masksOf<M extends "given" | "auto">(
  { masks, maskModel: model, maskSize: size, maskMean: mean, maskStd: deviation }: MaskModelValues & {
    readonly masks: M;
  },
): { masks: M; maskModel: MaskModelOptions } {
  return { masks, maskModel: { model, size, mean, deviation } };
}
