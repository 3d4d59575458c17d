/**
 * A pose benchmark: masks at known poses, with the results that another program has reached on them.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { UserError } from "../../lib/core/errors.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { Dataset, SampleRecord } from "../../lib/datasets/dataset.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { readJson } from "../../lib/io/json_file.ts";
import { readNpz } from "../../lib/io/npz.ts";
import { readObj } from "../../lib/io/obj.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { type PoseErrors, poseErrors } from "../../lib/metrics/pose_error.ts";
import type { Hypotheses } from "../../lib/pose/files.ts";
import { resizeMask } from "../../lib/pose/resize_mask.ts";
import { indexOfLargest } from "../../lib/pose/running_scores.ts";
import type { EstimateOptions } from "../../lib/pose/estimate_options.ts";
import { estimateHypotheses } from "../../lib/pose/step1.ts";
import type { Template } from "../../lib/templates/template_file.ts";

/** One set of a benchmark folder: `<name>_truth.json`, `<name>_template.obj`, `reference_<name>.npz` and its masks. */
export interface PoseBenchmark {
  /** Name, such as "car". */
  readonly name: string;
  /** The masks as a data set with true rotations. */
  readonly dataset: Dataset;
  /** The template that is fitted. */
  readonly template: Template;
  /** What the other program found, with its IoUs. */
  readonly reference: Pick<
    Hypotheses,
    "N" | "H" | "rotation" | "scale" | "translation" | "perspective" | "iou"
  >;
}

/** Errors of the hypotheses with the best IoU. */
export interface BenchmarkFigures extends PoseErrors {
  /** Mean of the best IoUs. */
  readonly meanIou: number;
}

const TRUTHS = v.array(v.object({ file: v.string(), q_wxyz: v.pipe(v.array(v.number()), v.length(4)) }));

/**
 * Names of the sets in a folder.
 *
 * @throws {UserError} If there is none
 */
export async function benchmarkNames(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const names = entries.flatMap(({ name }) => /^(.+)_truth\.json$/.exec(name)?.slice(1) ?? []).sort();
  if (names.length === 0) {
    throw new UserError(`Cannot read a pose benchmark: ${folder} has no file that ends in _truth.json`);
  }
  return names;
}

/**
 * The template of a set.
 *
 * @throws {UserError} If it is not on the sphere topology
 */
export async function benchmarkTemplate(
  folder: string,
  name: string,
): Promise<Template & { faces: Int32Array }> {
  const path = join(folder, `${name}_template.obj`);
  const { vertices, faces } = readObj(await Deno.readTextFile(path));
  const expected = sphereTopology().faces;
  if (faces.length !== expected.length || faces.some((vertex, i) => vertex !== expected[i])) {
    throw new UserError(`Cannot use ${path} as a template: its faces are not those of the sphere topology`);
  }
  return {
    name,
    category: name,
    vertices: Float32Array.from(vertices),
    partLabels: new Uint8Array(vertices.length / 3),
    partNames: [],
    faces: expected,
  };
}

/**
 * Reads one set.
 *
 * @param folder Folder of the benchmark
 * @param name Name of the set
 * @throws {UserError} If a file is missing or damaged
 */
export async function readPoseBenchmark(folder: string, name: string): Promise<PoseBenchmark> {
  const truths = await readJson(join(folder, `${name}_truth.json`), TRUTHS, "true poses");
  const arrays = await readNpz(join(folder, `reference_${name}.npz`));
  const floats = (key: string) => {
    const array = arrays[key];
    if (!array || array.shape[0] !== truths.length) {
      throw new UserError(
        `Cannot read reference_${name}.npz of ${folder}: "${key}" must have ${truths.length} rows, current shape is ` +
          `[${array?.shape ?? "none"}]`,
      );
    }
    return Float32Array.from(array.data, Number);
  };
  const iou = floats("iou");
  return {
    name,
    dataset: maskDataset(
      name,
      truths.map(({ file, q_wxyz }) => ({ path: join(folder, file), rotation: q_wxyz })),
    ),
    template: await benchmarkTemplate(folder, name),
    reference: {
      N: truths.length,
      H: iou.length / truths.length,
      rotation: floats("R"),
      scale: floats("s"),
      translation: floats("t"),
      perspective: floats("z0"),
      iou,
    },
  };
}

/**
 * Fits a set.
 *
 * @param benchmark The set
 * @param options Settings of step 1
 * @param callbacks Progress in images
 */
export function fitBenchmark(
  { dataset, template }: PoseBenchmark,
  options: EstimateOptions = {},
  callbacks: StageCallbacks = {},
): Promise<Hypotheses> {
  return estimateHypotheses(dataset, [template], { silhouetteTarget: "plain", ...options }, callbacks); // as the reference
}

/**
 * Errors of the hypotheses with the best IoU.
 *
 * @param dataset The masks with their truths
 * @param hypotheses Of one program or the other
 */
export function benchmarkFigures(
  { records }: Pick<Dataset, "records">,
  { N, H, rotation, iou }: PoseBenchmark["reference"],
): BenchmarkFigures {
  const best = Array.from({ length: N }, (_, i) => i * H + indexOfLargest(iou.subarray(i * H, (i + 1) * H)));
  const pairs = best.map((at, i) => ({
    estimate: rotation.subarray(4 * at, 4 * at + 4),
    truth: records[i].truePose!.rotation,
  }));
  return { ...poseErrors(pairs), meanIou: best.reduce((sum, at) => sum + iou[at], 0) / N };
}

/** Square mask images with true rotations. */
function maskDataset(
  name: string,
  images: readonly { path: string; rotation: readonly number[] }[],
): Dataset {
  const records = images.map(({ path, rotation }): SampleRecord => ({
    id: path.slice(path.lastIndexOf("/") + 1).replace(/\.png$/, ""),
    imagePath: path,
    maskPath: path,
    maskRuns: null,
    partsPath: null,
    classIndex: 0,
    width: 256,
    height: 256,
    box: [0, 0, 255, 255],
    truePose: { rotation, scale: NaN, translation: [NaN, NaN], perspective: NaN },
  }));
  return {
    name,
    category: name,
    classNames: [name],
    partNames: [],
    length: records.length,
    records,
    async sample(i, side) {
      const { data, height, width, channels } = await readImage(records[i].imagePath);
      if (height !== width) {
        throw new UserError(
          `Cannot use ${records[i].imagePath}: it must be square, current size is ${width} x ${height}`,
        );
      }
      const mask = Float32Array.from({ length: height * width }, (_, p) => data[p * channels] > 0.5 ? 1 : 0);
      return {
        id: records[i].id,
        classIndex: 0,
        image: { data: new Float32Array(3 * side * side), height: side, width: side, channels: 3 },
        mask: { data: resizeMask(mask, height, side), height: side, width: side, channels: 1 },
        parts: null,
        crop: { x: 0, y: 0, size: side },
        truePose: records[i].truePose,
      };
    },
  };
}
