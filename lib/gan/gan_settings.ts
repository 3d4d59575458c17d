/**
 * What a GAN run keeps in its `settings.json`.
 *
 * @module
 */
import type { Mode } from "../core/paths.ts";
import type { GanNetworks } from "./gan_networks.ts";
import type { ResolvedGanOptions } from "./gan_options.ts";

/** Data set of a run that was imported from a file that does not tell it. */
export const UNKNOWN_DATASET = "unknown";

/** What a run keeps in `settings.json`: what evaluation and export need to know about it. */
export interface GanSettings extends ResolvedGanOptions {
  /** Stage that wrote the file. */
  readonly stage: "gan";
  /** Name of the data set. */
  readonly dataset: string;
  /** One template, or several. */
  readonly mode: Mode;
  /** Reconstruction run that made the maps that it learns from; null if none did, not there if that is not known. */
  readonly pseudogtRun?: string | null;
  /** Build of the networks. */
  readonly networks: GanNetworks;
}
