/**
 * Pseudo-ground-truth with its files.
 *
 * @module
 */
import { dataset, mode, optionalName, overwrite, whichEpoch } from "../core/common_options.ts";
import { option, type OptionsInput, resolveOptions } from "../core/option.ts";
import { PRESET_NAMES } from "../networks/preset_option.ts";
import { UserError } from "../core/errors.ts";
import {
  featureStatisticsFile,
  poseMetadataFile,
  pseudoGroundTruthFolder,
  reconstructionFolder,
} from "../core/paths.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { loadFeatureNetwork } from "../metrics/load_feature_network.ts";
import { PRESETS } from "../networks/presets.ts";
import { generatePseudoGroundTruth, type PseudoGroundTruthResult } from "../pseudogt/generate.ts";
import { generateRefinedPseudoGroundTruth } from "../pseudogt/generate_refined.ts";
import { PSEUDO_GROUND_TRUTH_OPTIONS } from "../pseudogt/options.ts";
import { UvStore } from "../pseudogt/uv_store.ts";
import { refinedStore } from "../refinement/refined_store.ts";
import { loadReconstruction } from "../reconstruction/files.ts";
import { realStatisticsOf } from "./feature_statistics.ts";
import { openPosedDataset, type PosedDataset } from "./posed_dataset.ts";
import type { RefineBasis } from "./refine.ts";
import { refinedObjects } from "./refined_objects.ts";

/** Options of the task `generate_pseudogt`. */
export const GENERATE_PSEUDOGT_OPTIONS = {
  name: optionalName(
    "Reconstruction run that refined shapes begin with; without it they begin with the mean shape.",
  ),
  dataset,
  pseudogt: option.choice({
    doc:
      "refined: maps of refined objects; original: the network's shape with the photograph projected onto it.",
    choices: ["refined", "original"],
    default: "refined",
  }),
  whichEpoch,
  preset: option.choice({
    doc: "Sizes where there is no run; else the run's own settings decide.",
    choices: PRESET_NAMES,
    default: "paper",
  }),
  mode,
  folder: option.text({
    flag: "pseudogt_path",
    writes: true,
    doc: "Output folder; if left out that of data set, resolution, mode and run.",
  }),
  ...PSEUDO_GROUND_TRUTH_OPTIONS,
  overwrite,
  statistics: option.boolean({
    doc: "Make the statistics of all photographs too, with which generated images are compared.",
    default: true,
  }),
} as const;

/**
 * Brings a data set's posed photographs to UV space, on all cores if nothing else is asked for. Objects that are not refined
 * yet are refined first.
 *
 * @param request Which photographs, and how; without the `name` of a reconstruction run maps are made of objects that were
 *   refined from the mean shape, without parts
 * @param callbacks Progress and sentences
 * @throws {UserError} If inputs are missing or do not belong together
 */
export async function runPseudoGroundTruth(
  request: Omit<OptionsInput<typeof GENERATE_PSEUDOGT_OPTIONS>, "name"> & { readonly name?: string | null },
  callbacks: StageCallbacks = {},
): Promise<PseudoGroundTruthResult> {
  const { name = null, ...given } = request;
  const { dataset, mode, whichEpoch, statistics, pseudogt, preset, overwrite, ...others } = resolveOptions(
    GENERATE_PSEUDOGT_OPTIONS,
    given,
  );
  const posed = await openPosedDataset(dataset, mode);
  if (name === null && pseudogt === "original") {
    throw new UserError(
      "Cannot make pseudo-ground-truth as the original does without a reconstruction run: give its 'name', or " +
        "'pseudogt: refined'.",
    );
  }
  const trained = name === null ? null : await loadReconstruction(reconstructionFolder(name), whichEpoch);
  const sizes = PRESETS[trained?.network.config.preset ?? preset];
  const resolution = others.pseudogtResolution ?? sizes.textureResolution;
  const { folder = pseudoGroundTruthFolder(dataset, resolution, mode, name) } = others;
  const store = new UvStore(folder, poseMetadataFile(dataset, mode, name), overwrite);
  const options = { ...others, pseudogtResolution: resolution };
  try {
    const result = trained && pseudogt === "original"
      ? await generatePseudoGroundTruth(store, posed.dataset, posed.poses, trained, options, callbacks)
      : await fromRefined(store, posed, { name, trained }, options, overwrite, callbacks);
    if (statistics) await makeStatistics(posed.dataset, callbacks);
    return result;
  } finally {
    trained?.network.dispose();
  }
}

/** Refines objects, or takes those that are refined already, and makes maps of them. */
async function fromRefined(
  store: UvStore,
  posed: PosedDataset,
  basis: RefineBasis,
  options: OptionsInput<typeof PSEUDO_GROUND_TRUTH_OPTIONS>,
  overwrite: boolean,
  callbacks: StageCallbacks,
): Promise<PseudoGroundTruthResult> {
  const { workers, pseudogtResolution: leastResolution } = options, { trained } = basis;
  const symmetric = trained?.network.config.symmetric ?? true;
  const wanted = { shape: true, symmetric, workers, overwrite, leastResolution };
  const { folder } = await refinedObjects(posed, basis, wanted, callbacks);
  const result = await generateRefinedPseudoGroundTruth(
    store,
    posed.dataset,
    posed.poses,
    { refined: refinedStore(folder), symmetric, trained },
    options,
    callbacks,
  );
  callbacks.onMessage?.(
    `Maps show the refined shapes to ${
      result.residual.toFixed(4)
    } half lengths (mean distance of the vertices).`,
  );
  return result;
}

/** Statistics of all photographs, those without a pose too, as the original makes them. */
async function makeStatistics(dataset: Dataset, callbacks: StageCallbacks): Promise<void> {
  const { onMessage, signal } = callbacks;
  const network = await loadFeatureNetwork("auto", callbacks);
  try {
    const { config } = await realStatisticsOf(dataset, network, { onMessage, signal });
    onMessage?.(
      `Statistics of ${config.numImages} photographs: ${featureStatisticsFile(dataset.name, network.name)}`,
    );
  } finally {
    network.dispose();
  }
}
