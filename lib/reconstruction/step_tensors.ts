/**
 * Tensors of a training step, made of photographs, poses and part tables.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { type Tensor2D, tf } from "../core/tensor.ts";
import type { Sample } from "../datasets/dataset.ts";
import { writeInput } from "../networks/reconstruct_images.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { Template } from "../templates/template_file.ts";
import { type PartTables, writePartTarget } from "./part_tables.ts";

/**
 * What a step sees of photographs, and what it is compared with.
 *
 * @param samples Photographs of the batch
 * @param flips Which inputs are mirrored; targets never are
 * @param tables Which parts each class has
 * @param resolution Side of the images, r
 * @param silhouetteOf What the silhouette of a photograph is compared with, `[r, r]`
 */
export function photographTensors(
  samples: readonly Sample[],
  flips: readonly boolean[],
  tables: PartTables,
  resolution: number,
  silhouetteOf: (sample: Sample) => FloatArray,
) {
  const r = resolution, B = samples.length, pixels = r * r;
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
    silhouette.set(silhouetteOf(sample), b * pixels);
  });
  return {
    image: tf.tensor4d(image, [B, r, r, 4]),
    target: tf.tensor4d(target, [B, r, r, channels]),
    weight: tf.tensor4d(weight, [B, 1, 1, channels]),
    mask: tf.tensor4d(mask, [B, r, r, 1]),
    silhouette: tf.tensor4d(silhouette, [B, r, r, 1]),
  };
}

/**
 * Poses of a batch, and the templates that they were estimated with.
 *
 * @param rows Rows of the poses
 * @param poses Poses of all photographs
 * @param templates Templates, T
 * @param highConfidence 1 for photographs of the high-confidence subset, `[N]`
 */
export function poseTensors(
  rows: readonly number[],
  poses: PoseEstimates,
  templates: readonly Template[],
  highConfidence: Float32Array,
) {
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
    highConfidence: tf.tensor1d(rows.map((row) => highConfidence[row])),
  };
}

/**
 * Classes of a batch, and the parts that they have.
 *
 * @param classes Class of each photograph, `[B]`
 * @param tables Which parts each class has
 * @param count Number of classes, C
 */
export function classTensors(classes: readonly number[], tables: PartTables, count: number) {
  const { localChannels, globalChannels } = tables;
  const B = classes.length, C = count;
  const selection = gatherRows(tables.selection, classes, localChannels * globalChannels);
  return {
    classes: tf.tensor2d(classes.map((c) => Array.from({ length: C }, (_, i) => i === c ? 1 : 0)), [B, C]),
    presence: tf.tensor2d(gatherRows(tables.presence, classes, globalChannels), [B, globalChannels]),
    selection: tf.tensor3d(selection, [B, localChannels, globalChannels]),
  };
}

/** Some rows of a table, `[rows, columns]`. */
function gatherRows(table: Float32Array, rows: readonly number[], columns: number): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...table.subarray(row * columns, (row + 1) * columns)]));
}
