/**
 * The option that chooses a preset.
 *
 * @module
 */
import { option } from "../core/option.ts";
import type { PresetName } from "./presets.ts";

/** Names of the presets. */
export const PRESET_NAMES = ["demo", "small", "paper"] as const satisfies readonly PresetName[];

/** Sizes of networks and images. */
export const presetOption = (fallback: PresetName) =>
  option.choice({
    doc: "Sizes of networks and images: demo and small for a laptop, paper as the original.",
    choices: PRESET_NAMES,
    default: fallback,
  });
