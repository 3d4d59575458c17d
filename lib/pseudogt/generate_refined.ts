/**
 * Pseudo-ground-truth from refined objects: maps fitted to their shapes, what the photographs show of them as their
 * confidence tells, and their completed textures.
 *
 * @module
 */
import { type OptionsInput, resolveOptions } from "../core/option.ts";
import { hashText } from "../core/prng.ts";
import type { StageCallbacks } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { checkSum, type Origin } from "../io/stage_folder.ts";
import { PRESETS } from "../networks/presets.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { TrainedReconstruction } from "../reconstruction/files.ts";
import type { FittedObject, ObjectFiles, RefinedReader } from "../refinement/files.ts";
import { DisplacementFitter, type FittedMap } from "./displacement_fitter.ts";
import { predictRows } from "./generate.ts";
import { PSEUDO_GROUND_TRUTH_OPTIONS } from "./options.ts";
import { makeUvFiles, type PseudoGroundTruthResult } from "./make_uv_files.ts";
import type { UvStore } from "./uv_store.ts";
import { REFINED_UV_KIND, type RefinedUvTask } from "./refined_task.ts";

/** Objects that maps are made from. */
export interface RefinedObjects {
  /** What refinement made, an object for each pose. */
  readonly refined: RefinedReader;
  /** Whether maps are even reflections, as the refined shapes and textures are. */
  readonly symmetric: boolean;
  /** Network whose predicted parts the maps keep; null leaves them without parts. */
  readonly trained: TrainedReconstruction | null;
}

/** What was made from refined objects. */
export interface RefinedPseudoGroundTruthResult extends PseudoGroundTruthResult {
  /** Mean distance of a displaced vertex from that of its refined shape, in the templates' half lengths. */
  readonly residual: number;
}

/** Shapes and poses of refinement. */
interface RefinedShapes {
  /** The poses, moved to where refinement has the objects. */
  readonly poses: PoseEstimates;
  /** A map for each row. */
  readonly maps: readonly FittedMap[];
  /** Changes with all shapes. */
  readonly checkSum: string;
}

/**
 * Makes one file of UV maps per refined object, and the table of their poses. See `makeUvFiles` for what is kept and shared.
 *
 * @param store Where the maps are kept
 * @param dataset Photographs
 * @param poses The poses that refinement began with
 * @param objects What refinement made of them
 * @param options {@linkcode PSEUDO_GROUND_TRUTH_OPTIONS} tells what each is; without a resolution that of the network's
 *   preset, or of the preset `paper`
 * @param callbacks Progress in photographs
 * @throws {UserError} If inputs do not belong together, a refined object is missing or shows nothing
 * @throws {StoppedError} If it was stopped
 */
export async function generateRefinedPseudoGroundTruth(
  store: UvStore,
  dataset: Dataset,
  poses: PoseEstimates,
  { refined, symmetric, trained }: RefinedObjects,
  options: OptionsInput<typeof PSEUDO_GROUND_TRUTH_OPTIONS> = {},
  callbacks: StageCallbacks = {},
): Promise<RefinedPseudoGroundTruthResult> {
  const settings = resolveOptions(PSEUDO_GROUND_TRUTH_OPTIONS, options);
  const preset = PRESETS[trained?.network.config.preset ?? "paper"];
  const resolution = settings.pseudogtResolution ?? preset.textureResolution;
  const shapes = await readShapes(refined.fits(), poses, symmetric);
  const withParts = trained && predictsParts(trained) ? trained : null;
  const result = await makeUvFiles(
    store,
    dataset,
    {
      way: "refined",
      origin: {
        pseudogt: "refined",
        dataset: dataset.name,
        refinement: await refined.origin(),
        shapes: shapes.checkSum,
        parts: withParts ? await weightsOf(withParts) : "none",
        resolution,
        symmetric: String(symmetric),
      } satisfies Origin,
      poses: shapes.poses,
      kind: REFINED_UV_KIND,
      shared: { resolution, symmetric },
      prepare: async (rows) => {
        const predicted = withParts ? await predictRows(withParts, dataset, poses, rows) : null;
        return (row, file): RefinedUvTask => ({
          id: poses.ids[row],
          classIndex: dataset.records[poses.indices[row]].classIndex,
          refined: refined.place(poses.ids[row]),
          displacementMap: shapes.maps[row].displacementMap,
          parts: predicted?.[rows.indexOf(row)].parts ?? null,
          file,
        });
      },
    },
    { ...settings, resolution },
    callbacks,
  );
  const residual = shapes.maps.reduce((sum, map) => sum + map.residual, 0) / Math.max(1, shapes.maps.length);
  return { ...result, residual };
}

/** Reads where refinement has the objects, and fits maps to their shapes. */
async function readShapes(
  fits: ObjectFiles<FittedObject>,
  poses: PoseEstimates,
  symmetric: boolean,
): Promise<RefinedShapes> {
  const { ids } = poses, fitter = new DisplacementFitter(symmetric), maps: FittedMap[] = [];
  const moved = {
    rotation: new Float32Array(4 * ids.length),
    scale: new Float32Array(ids.length),
    translation: new Float32Array(2 * ids.length),
    perspective: new Float32Array(ids.length),
  };
  const sums: string[] = [];
  for (const [row, id] of ids.entries()) {
    const { rest, pose } = await fits.read(id);
    maps.push(fitter.fit(rest));
    moved.rotation.set(pose.rotation, 4 * row);
    moved.scale[row] = pose.scale;
    moved.translation.set(pose.translation, 2 * row);
    moved.perspective[row] = pose.perspective;
    sums.push(checkSum([rest]));
  }
  const all = checkSum(Object.values(moved)) + sums.join();
  return { poses: { ...poses, ...moved }, maps, checkSum: hashText(all).toString(16) };
}

function predictsParts({ network: { config } }: TrainedReconstruction): boolean {
  return config.predictionType === "semantics" || config.predictionType === "both";
}

async function weightsOf({ network }: TrainedReconstruction): Promise<string> {
  return checkSum(Object.values(await network.parameters.toArrays()).map(({ data }) => data));
}
