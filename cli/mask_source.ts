/**
 * Where masks of one's own photographs come from, of flags.
 *
 * @module
 */
import type { MaskModelOptions } from "../lib/datasets/cut_out/object_cutter.ts";
import { tripleOf } from "./training_flags.ts";

/** Values of the flags. */
export interface MaskFlags {
  /** `--masks`. */
  readonly masks: string;
  /** `--mask_model`. */
  readonly maskModel: string;
  /** `--mask_size`. */
  readonly maskSize: number;
  /** `--mask_mean`. */
  readonly maskMean: readonly string[];
  /** `--mask_std`. */
  readonly maskStd: readonly string[];
}

/**
 * The fields of a request that tell where masks come from.
 *
 * @throws {UsageError} If a list is not three numbers
 */
export function masksOf(flags: MaskFlags): { masks: "given" | "auto"; maskModel: MaskModelOptions } {
  const mean = tripleOf("mask_mean", flags.maskMean, -Infinity);
  const deviation = tripleOf("mask_std", flags.maskStd, 0);
  const maskModel = { model: flags.maskModel, size: flags.maskSize, mean, deviation };
  return { masks: flags.masks as "given" | "auto", maskModel };
}
