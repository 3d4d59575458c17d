/**
 * What a person said about the poses of a data set: right ones, and photographs that are left out.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { readJson } from "../io/json_file.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { iou } from "../metrics/iou.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import type { Template } from "../templates/template_file.ts";
import type { PoseEstimates } from "./files.ts";
import { selectPoses } from "./select_poses.ts";
import type { PoseChoice } from "./step2.ts";
import { exists } from "../io/exists.ts";

const NUMBER = v.pipe(v.number(), v.finite());
/** What a person says about a photograph. */
export const POSE_CORRECTION = v.variant("kind", [
  v.object({ kind: v.literal("exclude") }),
  v.object({
    kind: v.literal("pose"),
    /** Unit quaternion (w, x, y, z), `[4]`. */
    rotation: v.pipe(v.array(NUMBER), v.length(4)),
    /** Scale. */
    scale: v.pipe(NUMBER, v.minValue(1e-3)),
    /** Translation, y down, `[2]`. */
    translation: v.pipe(v.array(NUMBER), v.length(2)),
    /** Perspective logit ζ. */
    perspective: NUMBER,
    /** Name of the template. */
    template: v.string(),
  }),
]);
const FILE = v.object({ version: v.literal(1), corrections: v.record(v.string(), POSE_CORRECTION) });

/** What a person says about a photograph: its right pose, or that it is to be left out. */
export type PoseCorrection = v.InferOutput<typeof POSE_CORRECTION>;
/** Corrections by the photographs' ids. */
export type PoseCorrections = Readonly<Record<string, PoseCorrection>>;

/** Side of the silhouettes by which the IoU of a corrected pose is measured, pixels. */
const SIDE = 128;

/**
 * Reads the corrections of a data set.
 *
 * @param path Their file
 * @returns None if there is no such file
 * @throws {UserError} If the file is damaged
 */
export async function readPoseCorrections(path: string): Promise<PoseCorrections> {
  if (!await exists(path)) return {};
  return (await readJson(path, FILE, "corrections of poses")).corrections;
}

/** Writes the corrections of a data set, as a whole. */
export async function writePoseCorrections(path: string, corrections: PoseCorrections): Promise<void> {
  await writeJsonAtomic(path, { version: 1, corrections });
}

/** Counts corrections, in words; null without any. */
export function describeCorrections(corrections: PoseCorrections): string | null {
  const kinds = Object.values(corrections).map(({ kind }) => kind);
  const posed = kinds.filter((kind) => kind === "pose").length, excluded = kinds.length - posed;
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  return kinds.length === 0
    ? null
    : `${counted(posed, "pose")} set by a person, ${counted(excluded, "photograph")} left out`;
}

/** Corrections of photographs that a data set does not hold. */
export function strayCorrections(
  corrections: PoseCorrections,
  { records }: Pick<Dataset, "records">,
): string[] {
  const ids = new Set(records.map(({ id }) => id));
  return Object.keys(corrections).filter((id) => !ids.has(id));
}

/** Names of templates that corrected poses have and that are not in use, each once. */
export function foreignTemplates(corrections: PoseCorrections, templates: readonly Template[]): string[] {
  const names = new Set(templates.map(({ name }) => name));
  const used = Object.values(corrections).flatMap((found) => found.kind === "pose" ? [found.template] : []);
  return [...new Set(used)].filter((name) => !names.has(name));
}

/**
 * Puts a person's word over a choice: corrected poses are taken and kept, excluded photographs are left out.
 *
 * @param choice Choice of step 2
 * @param corrections What a person said
 * @param dataset The photographs
 * @param templates Templates of the choice; a name that is not among them stands for the first one
 * @returns The choice with `corrected` for each photograph: 1 with a person's pose, 2 left out by a person, else 0
 * @throws {UserError} If a rotation is none
 */
export async function applyPoseCorrections(
  choice: PoseChoice,
  corrections: PoseCorrections,
  dataset: Dataset,
  templates: readonly Template[],
): Promise<PoseChoice> {
  if (Object.keys(corrections).length === 0) return choice;
  const { everyImage: all } = choice, corrected = new Uint8Array(dataset.length);
  const kept = new Set(choice.kept), topology = sphereTopology();
  const silhouette = new SoftSilhouette(topology.faces, topology.vertices.length / 3, SIDE);
  for (const [i, { id }] of dataset.records.entries()) {
    const correction = corrections[id];
    if (correction === undefined) continue;
    if (correction.kind === "exclude") {
      corrected[i] = 2;
      kept.delete(i);
      continue;
    }
    corrected[i] = 1;
    kept.add(i);
    const pose = poseOf(correction, id), T = templates.length;
    const template = Math.max(0, templates.findIndex(({ name }) => name === correction.template));
    setRow(all, i, pose, template, T);
    const { mask } = await dataset.sample(i, SIDE);
    silhouette.forward(projectVertices(Float64Array.from(templates[template].vertices), pose));
    all.iou[i] = iou(silhouette.image(), mask.data);
  }
  const indices = Int32Array.from([...kept].sort((a, b) => a - b));
  const ids = new Set(Array.from(indices, (i) => all.ids[i]));
  return { ...choice, kept: indices, corrected, estimates: selectPoses(all, (id) => ids.has(id)) };
}

function poseOf({ rotation, ...pose }: Extract<PoseCorrection, { kind: "pose" }>, id: string): Pose {
  const length = Math.hypot(...rotation);
  if (length < 1e-6) {
    throw new UserError(`Cannot use the correction of ${id}: its rotation is [${rotation}], which is none.`);
  }
  return { ...pose, rotation: rotation.map((value) => value / length) };
}

function setRow(rows: PoseEstimates, row: number, pose: Pose, template: number, T: number): void {
  rows.rotation.set(Array.from(pose.rotation), 4 * row);
  rows.scale[row] = pose.scale;
  rows.translation.set(Array.from(pose.translation), 2 * row);
  rows.perspective[row] = pose.perspective;
  rows.weights.fill(0, T * row, T * row + T)[T * row + template] = 1;
}
