/**
 * Quantities that change while training, as plain numbers.
 *
 * @module
 */

/**
 * A learning rate that is halved whenever the number of finished epochs is a multiple of `every`.
 *
 * @param initial Rate of the first epochs
 * @param finishedEpochs Epochs finished so far
 * @param every Epochs between halvings
 */
export function halvedRate(initial: number, finishedEpochs: number, every: number): number {
  return initial / 2 ** Math.floor(finishedEpochs / every);
}

/**
 * A learning rate that falls linearly to 0 at the end.
 *
 * @param initial Rate before the decay
 * @param finishedEpochs Epochs finished so far
 * @param decayAfter Epoch from which it falls
 * @param epochs Epochs in all
 */
export function linearDecayRate(
  initial: number,
  finishedEpochs: number,
  decayAfter: number,
  epochs: number,
): number {
  if (finishedEpochs < decayAfter || finishedEpochs >= epochs) return initial;
  return initial * (1 - (finishedEpochs - decayAfter) / (epochs - decayAfter));
}

/** Flatness coefficient at the first iteration, whatever the final one. */
const FIRST_FLATNESS = 5e-4;

/** Factor ω of the flatness coefficient c = λω at the first iteration. */
export function initialFlatWarmup(meshRegularization: number): number {
  return FIRST_FLATNESS / meshRegularization;
}

/** Factor ω after one more iteration: it falls by a hundredth of its first value and stops at 1. */
export function nextFlatWarmup(warmup: number, meshRegularization: number): number {
  return Math.max(warmup - FIRST_FLATNESS / meshRegularization / 100, 1);
}

/** Share of its template that every image is pulled to, after one more iteration. */
export function nextSemiCoefficient(coefficient: number): number {
  return 0.99 * coefficient;
}

/** Length and periods that follow from a number of iterations. */
export interface EpochPlan {
  /** Iterations in an epoch; an incomplete batch is dropped. */
  readonly iterationsPerEpoch: number;
  /** Epochs in all. */
  readonly epochs: number;
  /** Epochs between numbered checkpoints, images and evaluations. */
  readonly period: number;
  /** Epochs between halvings of the learning rate. */
  readonly decayEvery: number;
}

/**
 * Turns a number of iterations into whole epochs and periods: 30 checkpoints, images and evaluations, four decays.
 *
 * @param samples Samples in the data set
 * @param batchSize Samples in a batch
 * @param iterations Iterations wanted
 * @throws {RangeError} If there are fewer samples than a batch, or fewer iterations than an epoch
 */
export function planFromIterations(samples: number, batchSize: number, iterations: number): EpochPlan {
  const iterationsPerEpoch = Math.floor(samples / batchSize);
  const epochs = iterationsPerEpoch > 0 ? Math.floor(iterations / iterationsPerEpoch) : 0;
  if (epochs < 1) {
    throw new RangeError(
      `Cannot plan the training as it must have at least one epoch: current value is ${iterations} iterations of ` +
        `${batchSize} samples with ${samples} samples; lower the batch size or raise the iterations`,
    );
  }
  const [period, decayEvery] = [30, 4].map((count) => Math.max(1, Math.floor(epochs / count)));
  return { iterationsPerEpoch, epochs, period, decayEvery };
}

/** Length and periods of a stage that counts in epochs; a stage has those periods that it needs. */
export interface EpochOptions {
  /** Samples in a batch. */
  readonly batchSize: number;
  /** Length in epochs. */
  readonly epochs: number;
  /** Length in iterations, in place of `epochs`; 0 and less: not used. */
  readonly iters: number;
  /** Epochs between numbered checkpoints. */
  readonly checkpointFreq: number;
  /** Epochs between evaluations. */
  readonly evaluateFreq?: number;
  /** Epochs between images. */
  readonly imageFreq?: number;
  /** Epochs between halvings of the learning rate. */
  readonly lrDecayEvery?: number;
}

/**
 * Options in which a length in iterations is one in epochs, with the periods that follow; others as they are.
 *
 * @param options Options of a stage
 * @param samples Samples that it trains on
 * @throws {RangeError} If there are fewer iterations than an epoch has
 */
export function inEpochs<Options extends EpochOptions>(options: Options, samples: number): Options {
  if (options.iters <= 0) return options;
  const { epochs, period, decayEvery } = planFromIterations(samples, options.batchSize, options.iters);
  const periods = {
    checkpointFreq: period,
    evaluateFreq: period,
    imageFreq: period,
    lrDecayEvery: decayEvery,
  };
  const used = Object.entries(periods).filter(([name]) => name in options);
  return { ...options, epochs, ...Object.fromEntries(used) };
}
