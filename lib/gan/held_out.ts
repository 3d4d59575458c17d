/**
 * Photographs that a training does not learn from, by which memorisation is seen while it trains.
 *
 * @module
 */
import { Prng } from "../core/prng.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import type { PoseMetadata } from "../pseudogt/files.ts";
import type { GanModel } from "./gan_model.ts";
import { isOriginal, type ResolvedGanOptions } from "./gan_options.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator_options.ts";
import { truncatedLatent } from "./latent.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** Share that is held out if nothing else is asked for, of how many objects at least, and how many at most. */
const SHARE = 0.1, FEWEST_OBJECTS = 200, MOST = 64;
/** Objects that networks look at at once. */
const BATCH = 8;

/** What the discriminators make of objects. */
export interface DiscriminatorAccuracy {
  /** Share of pairs of a real object of the training and a generated one in which the real one scores higher. */
  readonly training: number;
  /** The same of objects that are held out; far below that of the training they were memorised. */
  readonly heldOut: number;
}

/**
 * Rows that are held out, ascending.
 *
 * @param options Options of the run
 * @param objects Objects of the data set, N
 */
export function heldOutRows(options: ResolvedGanOptions, objects: number): number[] {
  const { heldOut, seed, conditionalSemantics } = options;
  const isWatched = !isOriginal(options) && objects >= FEWEST_OBJECTS && !conditionalSemantics;
  const share = heldOut >= 0 ? heldOut : isWatched ? SHARE : 0;
  const count = Math.min(MOST, Math.round(share * objects));
  return new Prng(seed, "gan", "held out").permutation(objects).slice(0, count).sort((a, b) => a - b);
}

/**
 * Divides a data set into what is learned from and what is held out.
 *
 * @param dataset All objects
 * @param options Options of the run
 */
export function divideObjects(
  dataset: UvDataset,
  options: ResolvedGanOptions,
): { readonly training: UvDataset; readonly heldOut: UvDataset } {
  const held = heldOutRows(options, dataset.length), isHeld = new Set(held);
  const others = Array.from({ length: dataset.length }, (_, row) => row).filter((row) => !isHeld.has(row));
  return { training: takeRows(dataset, others), heldOut: takeRows(dataset, held) };
}

/**
 * A data set of some rows of another.
 *
 * @param dataset The other, N objects
 * @param rows Which of them, in the order of the new data set
 */
export function takeRows(dataset: UvDataset, rows: readonly number[]): UvDataset {
  return {
    ...dataset,
    length: rows.length,
    poses: posesOfRows(dataset.poses, rows),
    sample: (index) => dataset.sample(rows[index]),
  };
}

function posesOfRows(poses: PoseMetadata, rows: readonly number[]): PoseMetadata {
  const take = (values: Float32Array, width: number) =>
    Float32Array.from(rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]));
  return {
    ...poses,
    scale: take(poses.scale, 1),
    translation: take(poses.translation, 2),
    rotation: take(poses.rotation, 4),
    perspective: take(poses.perspective, 1),
    classIndex: Int32Array.from(rows, (row) => poses.classIndex[row]),
    ids: rows.map((row) => poses.ids[row]),
  };
}

/**
 * How well discriminators tell real objects from generated ones: of those that they learned from, and of others.
 *
 * @param model Networks
 * @param training Objects of the training, with the texels that discriminators see
 * @param heldOut Objects that are held out, H; as many of the training are taken, evenly spread
 * @param seed Seed of the generated objects
 */
export async function discriminatorAccuracy(
  model: GanModel,
  training: UvDataset,
  heldOut: UvDataset,
  seed: number,
): Promise<DiscriminatorAccuracy> {
  const H = heldOut.length;
  const shown = takeRows(
    training,
    Array.from({ length: Math.min(H, training.length) }, (_, k) => Math.floor(k * training.length / H)),
  );
  const known = await scoresOf(model, shown, seed), unknown = await scoresOf(model, heldOut, seed);
  const generated = [...known.generated, ...unknown.generated];
  return {
    training: shareAbove(known.real, generated),
    heldOut: shareAbove(unknown.real, generated),
  };
}

/** Mean scores of real objects, and of generated ones behind the same alpha masks. */
async function scoresOf(model: GanModel, dataset: UvDataset, seed: number) {
  const real: number[] = [], generated: number[] = [];
  const { latentDim, classes } = model.networks, R = dataset.resolution, M = DISPLACEMENT_RESOLUTION;
  for (let start = 0; start < dataset.length; start += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, dataset.length - start) }, (_, i) => start + i);
    const samples = await Promise.all(indices.map((index) => dataset.sample(index))), B = samples.length;
    const joined = (arrays: readonly ArrayLike<number>[], shape: [number, number, number]) =>
      tf.tensor4d(Float32Array.from(arrays.flatMap((array) => Array.from(array))), [B, ...shape]);
    const both = tf.tidy(() => {
      const oneHot = classes > 0
        ? tf.cast(tf.oneHot(samples.map(({ classIndex }) => classIndex), classes), "float32") as Tensor2D
        : null;
      const latents = indices.map((index) => truncatedLatent(seed, index, latentDim, 1));
      const latent = tf.tensor2d(Float32Array.from(latents.flatMap((code) => [...code])), [B, latentDim]);
      const alpha = joined(samples.map(({ alpha }) => alpha.data), [R, R, 1]);
      const fake = model.average.generate(latent, oneHot, false);
      const pooled = tf.avgPool(fake.texture, fake.texture.shape[1] / R, fake.texture.shape[1] / R, "valid");
      const score = (texture: Tensor4D, map: Tensor4D) => meanScore(model, { texture, alpha, map }, oneHot);
      return [
        score(
          joined(samples.map(({ texture }) => texture.data), [R, R, 3]),
          joined(samples.map(({ displacementMap }) => displacementMap), [M, M, 3]),
        ),
        score(tf.mul(pooled, alpha), fake.map),
      ];
    });
    for (const [k, list] of [real, generated].entries()) list.push(...await both[k].data());
    tf.dispose(both);
  }
  return { real, generated };
}

/** Mean over discriminators of the mean score of what is seen, `[B]`. */
function meanScore(
  { discriminators }: GanModel,
  input: Parameters<GanModel["discriminators"]["discriminate"]>[0],
  oneHot: Tensor2D | null,
) {
  const scores = discriminators.discriminate(input, oneHot, false).map(({ prediction, mask }) =>
    tf.div(tf.sum(tf.mul(prediction, mask), [1, 2, 3]), tf.add(tf.sum(mask, [1, 2, 3]), 1e-6))
  );
  return tf.mean(tf.stack(scores), 0);
}

/** Share of pairs in which the first is larger; equal ones count half. */
function shareAbove(first: readonly number[], second: readonly number[]): number {
  let sum = 0;
  for (const a of first) for (const b of second) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / (first.length * second.length);
}
