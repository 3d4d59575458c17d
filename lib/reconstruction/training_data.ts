/**
 * From photographs and poses to the tensors of a training step.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { tf } from "../core/tensor.ts";
import type { Dataset, Sample } from "../datasets/dataset.ts";
import type { SampleLoader } from "../datasets/loader.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { type Pose, poseInRow } from "../rendering/cameras.ts";
import { LEAST_HARD_SIZE } from "../rendering/hard_silhouette.ts";
import { SILHOUETTE_DEFAULTS } from "../rendering/soft_silhouette.ts";
import { softTarget } from "../rendering/soft_target.ts";
import type { Template } from "../templates/template_file.ts";
import type { FullReconstructionOptions } from "./options.ts";
import type { PartTables } from "./part_tables.ts";
import type { StepInputs } from "./step_inputs.ts";
import { classTensors, photographTensors, poseTensors } from "./step_tensors.ts";
import { highConfidenceSubset } from "./high_confidence_subset.ts";

/** Numbers that change from step to step. */
export interface StepCoefficients {
  /** Share of its template that every photograph is pulled to. */
  semi: number;
  /** Weight of the normal consistency loss. */
  normalConsistency: number;
  /** Learning rate. */
  learningRate: number;
}

/** Images that are decoded at once. */
const READ_AT_ONCE = 4;

/** Posed photographs as a training sees them. */
export class TrainingData {
  /** Name of the data set. */
  readonly name: string;
  /** Photographs with a pose, N. */
  readonly length: number;
  /** Class of each photograph, `[N]`. */
  readonly classes: Int32Array;
  /** 1 for photographs of the high-confidence subset, `[N]`. */
  readonly highConfidence: Float32Array;
  readonly #dataset: Dataset;
  readonly #poses: PoseEstimates;
  readonly #templates: readonly Template[];
  readonly #tables: PartTables;
  readonly #options: Pick<FullReconstructionOptions, "maskTarget"> & {
    resolution: number;
    sharpness?: number;
  };
  readonly #loader: SampleLoader;
  readonly #targets = new WeakMap<Sample, FloatArray>(); // of the samples that the loader keeps

  /**
   * Checks that poses, photographs and templates belong together.
   *
   * @param inputs Photographs, poses of those that take part, templates of the poses, and which parts each class has
   * @param loader Photographs by number
   * @param options `resolution`: side of the images, r; `sharpness`: exponent factor of the soft silhouettes; what those are
   *   compared with, and share of the high-confidence subset
   * @throws {UserError} If poses, photographs and templates do not belong together
   */
  constructor(
    { dataset, poses, templates, tables }: {
      readonly dataset: Dataset;
      readonly poses: PoseEstimates;
      readonly templates: readonly Template[];
      readonly tables: PartTables;
    },
    loader: SampleLoader,
    { semiFraction, ...options }: Pick<FullReconstructionOptions, "semiFraction" | "maskTarget"> & {
      readonly resolution: number;
      readonly sharpness?: number;
    },
  ) {
    this.#dataset = dataset;
    this.#poses = poses;
    this.#templates = templates;
    this.#tables = tables;
    this.#loader = loader;
    this.#options = options;
    this.name = dataset.name;
    this.length = poses.indices.length;
    if (poses.weights.length !== this.length * templates.length) {
      throw new UserError(
        `Cannot train on ${dataset.name}: its poses were estimated with ${
          poses.weights.length / this.length
        } ` +
          `templates, current value is ${templates.length}; estimate them again, or use the templates of then.`,
      );
    }
    this.classes = Int32Array.from(poses.indices, (record, row) => {
      const found = dataset.records[record];
      if (found?.id !== poses.ids[row]) {
        throw new UserError(
          `Cannot train on ${dataset.name}: its poses name photograph ${
            poses.ids[row]
          } as number ${record}, which ` +
            `is ${found?.id ?? "not there"}; the data set was changed, estimate the poses again.`,
        );
      }
      return found.classIndex;
    });
    this.highConfidence = highConfidenceSubset(
      poses.weights,
      poses.iou,
      templates.length,
      semiFraction,
    );
  }

  /** 1 for the part channels that a class has, `[classes, P + 1]`. */
  get presence(): Float32Array {
    return this.#tables.presence;
  }

  /** Pose of a photograph. */
  pose(row: number): Pose {
    return poseInRow(this.#poses, row);
  }

  /** Photographs, cropped; rows count poses. */
  samples(rows: readonly number[]): Promise<Sample[]> {
    return this.#loader.samples(rows.map((row) => this.#poses.indices[row]));
  }

  /** Masks of at least `LEAST_HARD_SIZE` pixels a side, as the IoU that people are told is measured with. */
  async finerMasks(rows: readonly number[]): Promise<FloatImage[]> {
    if (this.#options.resolution >= LEAST_HARD_SIZE) {
      return (await this.samples(rows)).map(({ mask }) => mask);
    }
    return mapConcurrently(
      rows,
      READ_AT_ONCE,
      async (row) => (await this.#dataset.sample(this.#poses.indices[row], LEAST_HARD_SIZE)).mask,
    );
  }

  /** Starts to read photographs that will be asked for next. */
  readAhead(rows: readonly number[]): void {
    this.#loader.readAhead(rows.map((row) => this.#poses.indices[row]));
  }

  /** Ends the workers that read photographs. */
  dispose(): void {
    this.#loader.close();
  }

  /**
   * The tensors of a step. The caller disposes of them.
   *
   * @param rows Photographs of the batch
   * @param flips Which inputs are mirrored; targets never are
   * @param coefficients Numbers of this step
   */
  async tensors(
    rows: readonly number[],
    flips: readonly boolean[],
    coefficients: StepCoefficients,
  ): Promise<StepInputs> {
    const samples = await this.samples(rows);
    const classCount = this.#dataset.classNames.length;
    return {
      ...photographTensors(
        samples,
        flips,
        this.#tables,
        this.#options.resolution,
        (one) => this.#target(one),
      ),
      ...poseTensors(rows, this.#poses, this.#templates, this.highConfidence),
      semi: tf.scalar(coefficients.semi),
      normalConsistency: tf.scalar(coefficients.normalConsistency),
      learningRate: tf.scalar(coefficients.learningRate),
      ...classCount > 1 && classTensors(rows.map((row) => this.classes[row]), this.#tables, classCount),
    };
  }

  /** What a silhouette is compared with. */
  #target(sample: Sample): FloatArray {
    const { resolution, maskTarget, sharpness = SILHOUETTE_DEFAULTS.sharpness } = this.#options;
    if (maskTarget === "plain") return sample.mask.data;
    const found = this.#targets.get(sample) ??
      softTarget(sample.mask.data, resolution, { ...SILHOUETTE_DEFAULTS, sharpness });
    this.#targets.set(sample, found);
    return found;
  }
}
