/**
 * What a pipeline is asked for.
 *
 * @module
 */
import type { ActiveBackend } from "../backend/select_backend.ts";
import type { PipelineSizes } from "./sizes.ts";
import type { Refinement } from "../refinement/refinement.ts";
import type { MaskModelOptions } from "../datasets/cut_out/object_cutter.ts";
import type { PatchModelOptions } from "../vision/patch_model.ts";
import type { PartsKind } from "../pose/choose_options.ts";
import type { Mode } from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";

/** What a pipeline is run on. */
export interface PipelineRequest {
  /** Name of the run, and of its data set. */
  readonly name: string;
  /** Folder of photographs. */
  readonly images: string;
  /** Category, which chooses the template. */
  readonly category: string;
  /** One template or several. */
  readonly mode: Mode;
  /** Sizes of the stages. */
  readonly sizes: PipelineSizes;
  /** Number of photographs to take; 0 takes all. */
  readonly limit: number;
  /** Seed of all randomness. */
  readonly seed: number;
  /** Leave out photographs that cannot be used. */
  readonly skipInvalid: boolean;
  /** Where masks come from: `given` ones only if left out, or cut out where there is none (`auto`). */
  readonly masks?: "given" | "auto";
  /** Which model cuts them out; the one that setup fetched, if it is there. */
  readonly maskModel?: MaskModelOptions;
  /** Parts that poses are chosen by; the data set's and clusters if left out. */
  readonly parts?: PartsKind;
  /** Folder of a few photographs with part labels, which are spread to all. */
  readonly partsFrom?: string;
  /** The vision model that finds features for these. */
  readonly featureModel?: PatchModelOptions;
  /** Train networks on few photographs too. */
  readonly train?: boolean;
  /** What the exported reconstructions and the report show; refined in full if left out. */
  readonly refine?: Refinement;
  /** Workers of pose estimation and refinement; null is one per core. */
  readonly workers: number | null;
  /** Backend that computes the networks. */
  readonly backend: ActiveBackend;
}

/** What a pipeline calls: callbacks for each stage by its name. */
export type CallbacksOf = (stage: string) => StageCallbacks;
