/**
 * From photographs and poses to the tensors of a training step.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { type Tensor2D, tf } from "../core/tensor.ts";
import type { Dataset, Sample } from "../datasets/dataset.ts";
import type { SampleLoader } from "../datasets/loader.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import { writeInput } from "../networks/reconstruct_images.ts";
import type { PoseEstimates } from "../pose/files.ts";
import { type Pose, poseInRow } from "../rendering/cameras.ts";
import { LEAST_HARD_SIZE } from "../rendering/hard_silhouette.ts";
import { SILHOUETTE_DEFAULTS } from "../rendering/soft_silhouette.ts";
import { softTarget } from "../rendering/soft_target.ts";
import type { Template } from "../templates/template_file.ts";
import type { MaskTarget } from "./options.ts";
import { type PartTables, writePartTarget } from "./part_tables.ts";
import type { StepInputs } from "./step_inputs.ts";
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

/** What the data of a training is made of. */
export interface TrainingDataInputs {
  /** Photographs. */
  dataset: Dataset;
  /** Poses of the photographs that take part. */
  poses: PoseEstimates;
  /** Templates, T. */
  templates: readonly Template[];
  /** Which parts each class has. */
  tables: PartTables;
}

/** Options of {@link TrainingData}. */
export interface TrainingDataOptions {
  /** Side of the images, r. */
  resolution: number;
  /** Share of the high-confidence subset. */
  semiFraction: number;
  /** What silhouettes are compared with. */
  maskTarget: MaskTarget;
  /** Exponent factor of the soft silhouettes that are compared with them. */
  sharpness?: number;
}

/** Images that are decoded at once. */
const READ_AT_ONCE = 4;

/** Posed photographs as a training sees them. */
export class TrainingData {
  /** Photographs with a pose, N. */
  readonly length: number;
  /** Class of each photograph, `[N]`. */
  readonly classes: Int32Array;
  /** 1 for photographs of the high-confidence subset, `[N]`. */
  readonly highConfidence: Float32Array;
  readonly #inputs: TrainingDataInputs;
  readonly #options: TrainingDataOptions;
  readonly #loader: SampleLoader;
  readonly #targets = new WeakMap<Sample, FloatArray>(); // of the samples that the loader keeps

  /**
   * Checks that poses, photographs and templates belong together.
   *
   * @param inputs What belongs together
   * @param loader Photographs by number
   * @param options Resolution, share of the high-confidence subset
   * @throws {UserError} If poses, photographs and templates do not belong together
   */
  constructor(inputs: TrainingDataInputs, loader: SampleLoader, options: TrainingDataOptions) {
    const { dataset, poses, templates } = inputs;
    this.#inputs = inputs;
    this.#loader = loader;
    this.#options = options;
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
      options.semiFraction,
    );
  }

  /** 1 for the part channels that a class has, `[classes, P + 1]`. */
  get presence(): Float32Array {
    return this.#inputs.tables.presence;
  }

  /** Pose of a photograph. */
  pose(row: number): Pose {
    return poseInRow(this.#inputs.poses, row);
  }

  /** Photographs, cropped; rows count poses. */
  samples(rows: readonly number[]): Promise<Sample[]> {
    return this.#loader.samples(rows.map((row) => this.#inputs.poses.indices[row]));
  }

  /** Masks of at least `LEAST_HARD_SIZE` pixels a side, as the IoU that people are told is measured with. */
  async finerMasks(rows: readonly number[]): Promise<FloatImage[]> {
    const { dataset, poses } = this.#inputs;
    if (this.#options.resolution >= LEAST_HARD_SIZE) {
      return (await this.samples(rows)).map(({ mask }) => mask);
    }
    return mapConcurrently(
      rows,
      READ_AT_ONCE,
      async (row) => (await dataset.sample(poses.indices[row], LEAST_HARD_SIZE)).mask,
    );
  }

  /** Starts to read photographs that will be asked for next. */
  readAhead(rows: readonly number[]): void {
    this.#loader.readAhead(rows.map((row) => this.#inputs.poses.indices[row]));
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
    const several = this.#inputs.dataset.classNames.length > 1;
    return {
      ...this.#images(samples, flips),
      ...this.#poses(rows),
      semi: tf.scalar(coefficients.semi),
      normalConsistency: tf.scalar(coefficients.normalConsistency),
      learningRate: tf.scalar(coefficients.learningRate),
      ...several && this.#tables(rows.map((row) => this.classes[row])),
    };
  }

  #images(samples: readonly Sample[], flips: readonly boolean[]) {
    const { tables } = this.#inputs;
    const r = this.#options.resolution, B = samples.length, pixels = r * r;
    const partChannels = tables.localChannels, channels = partChannels + 3;
    const image = new Float32Array(B * pixels * 4); // [B, r, r, 4]
    const target = new Float32Array(B * pixels * channels); // [B, r, r, P + 4]
    const mask = new Float32Array(B * pixels); // [B, r, r, 1]
    const silhouette = new Float32Array(B * pixels); // [B, r, r, 1]
    const weight = new Float32Array(B * channels).fill(1); // [B, 1, 1, P + 4]
    samples.forEach((sample, b) => {
      writeInput(sample, flips[b], image, b * pixels * 4);
      const offset = b * pixels * channels;
      const parts = sample.parts?.data ?? null;
      writePartTarget(tables, sample.classIndex, parts, pixels, target, offset, channels);
      if (!parts && tables.localChannels > 1) weight.fill(0, b * channels, b * channels + partChannels);
      const colours = sample.image.data;
      for (let i = 0, at = offset + partChannels; i < pixels; i++, at += channels) {
        for (let c = 0; c < 3; c++) target[at + c] = colours[i * 3 + c];
      }
      mask.set(sample.mask.data, b * pixels);
      silhouette.set(this.#silhouetteTarget(sample), b * pixels);
    });
    return {
      image: tf.tensor4d(image, [B, r, r, 4]),
      target: tf.tensor4d(target, [B, r, r, channels]),
      weight: tf.tensor4d(weight, [B, 1, 1, channels]),
      mask: tf.tensor4d(mask, [B, r, r, 1]),
      silhouette: tf.tensor4d(silhouette, [B, r, r, 1]),
    };
  }

  #silhouetteTarget(sample: Sample): FloatArray {
    const { resolution, maskTarget, sharpness = SILHOUETTE_DEFAULTS.sharpness } = this.#options;
    if (maskTarget === "plain") return sample.mask.data;
    const found = this.#targets.get(sample) ??
      softTarget(sample.mask.data, resolution, { ...SILHOUETTE_DEFAULTS, sharpness });
    this.#targets.set(sample, found);
    return found;
  }

  #poses(rows: readonly number[]) {
    const { poses, templates } = this.#inputs;
    const B = rows.length, T = templates.length, length = templates[0].vertices.length;
    const gather = (values: Float32Array, columns: number): Tensor2D =>
      tf.tensor2d(gatherRows(values, rows, columns), [B, columns]);
    const mixed = new Float32Array(B * length); // [B, V, 3]
    rows.forEach((row, b) =>
      templates.forEach(({ vertices }, k) => {
        const weight = poses.weights[row * T + k];
        if (weight === 0) return;
        for (let i = 0; i < length; i++) mixed[b * length + i] += weight * vertices[i];
      })
    );
    return {
      rotation: gather(poses.rotation, 4),
      scale: gather(poses.scale, 1),
      translation: gather(poses.translation, 2),
      perspective: gather(poses.perspective, 1),
      template: tf.tensor3d(mixed, [B, length / 3, 3]),
      highConfidence: tf.tensor1d(rows.map((row) => this.highConfidence[row])),
    };
  }

  #tables(classes: readonly number[]) {
    const { tables, dataset } = this.#inputs;
    const { localChannels, globalChannels } = tables;
    const B = classes.length, C = dataset.classNames.length;
    const selection = gatherRows(tables.selection, classes, localChannels * globalChannels);
    return {
      classes: tf.tensor2d(classes.map((c) => Array.from({ length: C }, (_, i) => i === c ? 1 : 0)), [B, C]),
      presence: tf.tensor2d(gatherRows(tables.presence, classes, globalChannels), [B, globalChannels]),
      selection: tf.tensor3d(selection, [B, localChannels, globalChannels]),
    };
  }
}

/** Some rows of a table, `[rows, columns]`. */
function gatherRows(table: Float32Array, rows: readonly number[], columns: number): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...table.subarray(row * columns, (row + 1) * columns)]));
}
