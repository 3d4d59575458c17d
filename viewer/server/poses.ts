/**
 * The poses of a data set for a person who checks them: what is in doubt comes first, and what the person says is kept.
 *
 * @module
 */
import { UserError } from "../../lib/core/errors.ts";
import {
  correctionsFile,
  hypothesesFile,
  type Mode,
  poseChoiceFile,
  posesFile,
} from "../../lib/core/paths.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { readCroppedPhotograph } from "../../lib/datasets/read_sample.ts";
import { encodePng } from "../../lib/io/image_file.ts";
import { parseJson } from "../../lib/io/json_file.ts";
import { distinctPoses } from "../../lib/photo/rank_poses.ts";
import type { PhotoPose } from "../../lib/photo/photo_pose.ts";
import { type PoseChoiceTable, readPoseChoice } from "../../lib/pose/choice_file.ts";
import { type Hypotheses, readHypotheses } from "../../lib/pose/files.ts";
import {
  POSE_CORRECTION,
  type PoseCorrection,
  type PoseCorrections,
  readPoseCorrections,
  writePoseCorrections,
} from "../../lib/pose/pose_corrections.ts";
import { poseInRow } from "../../lib/rendering/cameras.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import type { Template } from "../../lib/templates/template_file.ts";
import { exists } from "../../lib/io/exists.ts";

/** Side of the photographs, pixels. */
const SIDE = 256;

/** A photograph whose pose is checked. */
export interface CheckedPose {
  /** Its id. */
  readonly id: string;
  /** Whether step 2 kept it. */
  readonly isKept: boolean;
  /** What a person said; null if nothing. */
  readonly correction: PoseCorrection | null;
}

/** What the page of poses begins with. */
export interface PoseCheck {
  /** Name of the data set. */
  readonly dataset: string;
  /** Its templates. */
  readonly templates: readonly {
    readonly name: string;
    readonly category: string;
    readonly vertices: readonly number[];
  }[];
  /** The photographs, those in doubt first. */
  readonly photographs: readonly CheckedPose[];
}

/** Poses of one data set. */
export class ViewerPoses {
  readonly #dataset: Dataset;
  readonly #templates: readonly Template[];
  readonly #choice: PoseChoiceTable;
  readonly #hypotheses: Hypotheses;
  readonly #rows: ReadonlyMap<string, number>;
  #corrections: PoseCorrections;
  #written: Promise<void> = Promise.resolve();

  private constructor(
    dataset: Dataset,
    templates: readonly Template[],
    choice: PoseChoiceTable,
    hypotheses: Hypotheses,
    corrections: PoseCorrections,
  ) {
    this.#dataset = dataset;
    this.#templates = templates;
    this.#choice = choice;
    this.#hypotheses = hypotheses;
    this.#corrections = corrections;
    this.#rows = new Map(choice.ids.map((id, row) => [id, row]));
  }

  /**
   * Opens the poses of a data set.
   *
   * @param name Its name
   * @param mode Which poses
   * @throws {UserError} If a file is missing or damaged, or they do not belong together
   */
  static async open(name: string, mode: Mode): Promise<ViewerPoses> {
    const dataset = await openDataset(name), choice = await readPoseChoice(poseChoiceFile(name, mode));
    const hypotheses = await readHypotheses(hypothesesFile(name, mode));
    const templates = await loadTemplates(dataset.category, mode);
    const isSame = (ids: readonly string[]) =>
      ids.length === dataset.length && ids.every((id, i) => id === dataset.records[i].id);
    if (!isSame(choice.ids) || !isSame(hypotheses.ids) || hypotheses.T !== templates.length) {
      throw new UserError(
        `Cannot check the poses of ${name}: the data set or its templates were changed since; run pose_step1 and ` +
          `pose_step2 again.`,
      );
    }
    return new ViewerPoses(
      dataset,
      templates,
      choice,
      hypotheses,
      await readPoseCorrections(correctionsFile(name)),
    );
  }

  /** All photographs: first those in doubt, by how little their best pose leads; those that a person saw come last. */
  list(): PoseCheck {
    const { ids, margin, kept, disagreement } = this.#choice;
    const doubtOf = (row: number) => margin ? -margin[row] : disagreement[row];
    const rank = (row: number) => this.#corrections[ids[row]] ? 2 : kept[row] === 1 ? 1 : 0;
    const order = [...ids.keys()].sort((a, b) => rank(a) - rank(b) || doubtOf(b) - doubtOf(a) || a - b);
    return {
      dataset: this.#dataset.name,
      templates: this.#templates.map(({ name, category, vertices }) => ({
        ...{ name, category },
        vertices: Array.from(vertices, (value) => Number(value.toPrecision(7))),
      })),
      photographs: order.map((row) => ({
        id: ids[row],
        isKept: kept[row] === 1,
        correction: this.#corrections[ids[row]] ?? null,
      })),
    };
  }

  /** Poses of a photograph: the chosen one first, then the best that look elsewhere. */
  posesOf(id: string): PhotoPose[] {
    const row = this.#rowOf(id), { H, iou, weights, T } = this.#hypotheses;
    const chosen = poseOfRow(this.#choice, row, this.#choice.weights, T, this.#choice.iou[row]);
    const others = Array.from({ length: H }, (_, h) => {
      const at = row * H + h;
      return poseOfRow(this.#hypotheses, at, weights, T, iou[at]);
    });
    return distinctPoses([chosen, ...others.sort((a, b) => b.score - a.score)]);
  }

  /** A photograph's crop as PNG, with its background (`photograph`), or its mask (`mask`). */
  async image(id: string, kind: "photograph" | "mask"): Promise<Uint8Array> {
    const { colours, mask } = await readCroppedPhotograph(this.#dataset.records[this.#rowOf(id)], SIDE);
    return await encodePng(kind === "mask" ? mask : colours);
  }

  /**
   * Keeps what a person says about a photograph; null takes it back.
   *
   * @throws {UserError} If it is no correction
   */
  async correct(id: string, text: string | null): Promise<void> {
    this.#rowOf(id);
    const { [id]: _, ...others } = this.#corrections;
    const said = text === null ? {} : { [id]: parseJson(text, POSE_CORRECTION, "correction of", id) };
    this.#corrections = { ...others, ...said };
    const corrections = this.#corrections;
    this.#written = this.#written.catch(() => {}).then(() =>
      writePoseCorrections(correctionsFile(this.#dataset.name), corrections)
    );
    await this.#written;
  }

  #rowOf(id: string): number {
    const row = this.#rows.get(id);
    if (row === undefined) throw new UserError(`There is no photograph ${id} in ${this.#dataset.name}.`);
    return row;
  }
}

function poseOfRow(
  table: Parameters<typeof poseInRow>[0],
  row: number,
  weights: Float32Array,
  T: number,
  iou: number,
): PhotoPose {
  const { rotation, scale, translation, perspective } = poseInRow(table, row);
  return {
    pose: { rotation: Array.from(rotation), scale, translation: Array.from(translation), perspective },
    template: Math.max(0, weights.subarray(T * row, T * row + T).indexOf(1)),
    iou,
    score: iou,
  };
}

/** The mode in which a data set has poses, the newer one of two; null if it has none. */
export async function modeWithPoses(dataset: string): Promise<Mode | null> {
  let found: Mode | null = null, newest = -Infinity;
  for (const mode of ["singletpl", "multitpl"] as const) {
    const files = [posesFile(dataset, mode), poseChoiceFile(dataset, mode), hypothesesFile(dataset, mode)];
    if (!(await Promise.all(files.map(exists))).every(Boolean)) continue;
    const time = (await Deno.stat(files[0])).mtime?.getTime() ?? 0;
    if (time > newest) [found, newest] = [mode, time];
  }
  return found;
}

/**
 * Opens the poses of a data set where there are any.
 *
 * @param dataset Its name; empty for none
 * @param isWanted Whether it is an error if there are none, or they cannot be used
 * @param onMessage Told why poses are left out that cannot be used
 * @returns Null if there are none
 * @throws {UserError} If there are none although they are wanted
 */
export async function openViewerPoses(
  dataset: string,
  isWanted: boolean,
  onMessage?: (sentence: string) => void,
): Promise<ViewerPoses | null> {
  const mode = dataset === "" ? null : await modeWithPoses(dataset);
  if (mode === null && isWanted) {
    throw new UserError(
      `There are no poses of ${dataset}: run deno task pose_step1 --dataset ${dataset} and pose_step2, or the pipeline.`,
    );
  }
  if (mode === null) return null;
  try {
    return await ViewerPoses.open(dataset, mode);
  } catch (error) {
    if (isWanted || !(error instanceof UserError)) throw error;
    onMessage?.(`The page Poses is left out: ${error.message}`);
    return null;
  }
}
