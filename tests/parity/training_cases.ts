/**
 * Cases of what surrounds a training step: averages, schedules, momentum, drawing of classes and latent codes.
 *
 * @module
 */
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { BatchOrder } from "../../lib/datasets/batch_order.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { truncatedLatent } from "../../lib/gan/latent.ts";
import { Parameters } from "../../lib/networks/parameters.ts";
import { MomentumDescent } from "../../lib/remeshing/momentum_descent.ts";
import { emaDecay, updateEma } from "../../lib/training/ema.ts";
import {
  halvedRate,
  inEpochs,
  initialFlatWarmup,
  linearDecayRate,
  nextFlatWarmup,
  nextSemiCoefficient,
  planFromIterations,
} from "../../lib/training/schedules.ts";
import { type CaseData, joined } from "./case_data.ts";
import { type Check, close, same } from "./check.ts";

const OF_LARGEST = { ofLargest: 1e-6 };
const RELATIVE = { relative: 1e-6 };
/** What a mean of samples may be off, in standard errors. */
const STANDARD_ERRORS = 4;

/** Momentum as the templates are moved with. */
export function momentumCase(data: CaseData): Check[] {
  const { lr, momentum } = data.entry as { lr: number; momentum: number };
  const descent = new MomentumDescent(data.floats("p0"), null, momentum);
  const steps = data.rows("grads").map((gradient) => {
    descent.step(gradient, lr);
    return descent.values.slice();
  });
  return [close("p", joined(steps), data.floats("p"), OF_LARGEST)];
}

/** The EMA, with its decays by epoch. */
export async function averageCase(data: CaseData): Promise<Check[]> {
  await tf.setBackend("cpu");
  const { alphas, epochs } = data.entry as { alphas: Record<string, number>; epochs: number[] };
  const networks = [0, 1].map(() => new Parameters(new Prng(1, "parity")));
  const [average, current] = networks.map((parameters) => parameters.zeros("p", [...data.shape("start")]));
  average.assign(tf.tensor(Float32Array.from(data.floats("start")), average.shape));
  const states = data.rows("current").map((values, i) => {
    current.assign(tf.tensor(Float32Array.from(values), current.shape));
    updateEma(networks[0], networks[1], tf.scalar(emaDecay(0.999, epochs[i])));
    return average.dataSync().slice();
  });
  networks.forEach((network) => network.dispose());
  const shares = [0, 10, 100].map((epoch) => emaDecay(0.999, epoch));
  return [
    close("avg", joined(states), data.floats("avg"), OF_LARGEST),
    close("alphas", shares, Object.values(alphas), RELATIVE),
  ];
}

/** How `--iters` becomes epochs, in the words of the list. */
interface PlanRow {
  readonly images: number;
  readonly batch: number;
  readonly iters: number;
  readonly iters_per_epoch: number;
  readonly epochs: number;
  readonly evaluate_every: number;
  readonly recon_lr_decay_every: number;
}

/** Learning rates, coefficients and lengths. */
export function schedulesCase(data: CaseData): Check[] {
  const { recon, gan, mesh_regularization: lambda, iters_rule } = data.entry as unknown as {
    recon: { lr: number; every: number; epochs: number };
    gan: { lr: number; after: number; epochs: number };
    mesh_regularization: number;
    iters_rule: PlanRow[];
  };
  const steps = data.shape("flat_coefficient")[0];
  const flat: number[] = [], semi: number[] = [];
  for (let i = 0, warmup = initialFlatWarmup(lambda), share = 1; i < steps; i++) {
    flat.push(lambda * warmup);
    semi.push(share);
    warmup = nextFlatWarmup(warmup, lambda);
    share = nextSemiCoefficient(share);
  }
  const epochs = (count: number) => Array.from({ length: count }, (_, epoch) => epoch);
  const rows = iters_rule.map(({ images, batch, iters }) => {
    const plan = planFromIterations(images, batch, iters);
    const gan = inEpochs(resolveGanOptions({ batchSize: batch, iters }), images);
    return [plan.iterationsPerEpoch, plan.epochs, gan.evaluateFreq, plan.decayEvery];
  });
  const expected = iters_rule.map((row) => [
    row.iters_per_epoch,
    row.epochs,
    row.evaluate_every,
    row.recon_lr_decay_every,
  ]);
  return [
    close(
      "recon",
      epochs(recon.epochs).map((e) => halvedRate(recon.lr, e, recon.every)),
      data.floats("recon"),
      RELATIVE,
    ),
    close(
      "gan",
      epochs(gan.epochs).map((e) => linearDecayRate(gan.lr, e, gan.after, gan.epochs)),
      data.floats("gan"),
      RELATIVE,
    ),
    close("flat_coefficient", flat, data.floats("flat_coefficient"), RELATIVE),
    close("semi_coefficient", semi, data.floats("semi_coefficient"), RELATIVE),
    same("iters_rule", rows.flat(), expected.flat()),
  ];
}

/** Classes drawn equally often, with replacement. */
export function classBalanceCase(data: CaseData): Check[] {
  const { class_sizes: sizes, draws_per_epoch: draws, probability_per_class: shares } = data.entry as {
    class_sizes: number[];
    draws_per_epoch: number;
    probability_per_class: number[];
  };
  const classes = sizes.flatMap((size, c) => new Array<number>(size).fill(c));
  const batch = 30, epochs = 400, perEpoch = Math.floor(draws / batch);
  const order = new BatchOrder(classes.length, { batch, seed: 5, balance: classes });
  const counts = sizes.map(() => 0), images = classes.map(() => 0);
  for (let i = 0; i < epochs * perEpoch; i++) {
    for (const index of order.batch(Math.floor(i / order.batchesPerEpoch), i % order.batchesPerEpoch)) {
      counts[classes[index]]++;
      images[index]++;
    }
  }
  const total = epochs * perEpoch * batch;
  const probabilities = data.entry.probability_per_image as number[];
  const wanted = classes.map((c) => probabilities[c]);
  return [
    same("batches of an epoch", [order.batchesPerEpoch], [perEpoch]),
    proportions("classes", counts, shares, total, STANDARD_ERRORS),
    proportions("images", images, wanted, total, STANDARD_ERRORS),
  ];
}

/** Largest distance of counts from their expectation in standard errors, as a share of what is allowed. */
function proportions(
  what: string,
  counts: readonly number[],
  shares: readonly number[],
  total: number,
  allowed: number,
): Check {
  const errors = counts.map((count, i) =>
    Math.abs(count / total - shares[i]) / Math.sqrt(shares[i] * (1 - shares[i]) / total)
  );
  return { what, share: Math.max(...errors) / allowed, error: Math.max(...errors) };
}

/** What the list says of the numbers below one sigma. */
interface TruncationRow {
  readonly sigma: number;
  readonly var: number;
  readonly excess_kurtosis: number;
  readonly quantiles: Readonly<Record<string, number>>;
}

/** Moments and quantiles of truncated latent codes. */
export function truncatedCase(data: CaseData): Check[] {
  const count = 200_000;
  return (data.entry.rows as TruncationRow[]).flatMap((row) => {
    const values = truncatedLatent(3, 0, count, row.sigma);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const square = values.reduce((sum, value) => sum + value * value, 0) / count;
    const fourth = row.var ** 2 * (row.excess_kurtosis + 3);
    const beyond = Object.entries(row.quantiles).map(([share, limit]) =>
      [Number(share), values.reduce((sum, value) => sum + (value <= limit ? 1 : 0), 0)] as const
    );
    const errors = [
      mean / Math.sqrt(row.var / count),
      (square - row.var) / Math.sqrt((fourth - row.var ** 2) / count),
    ];
    const worst = Math.max(...errors.map(Math.abs));
    const outside = values.reduce((sum, value) => sum + (Math.abs(value) > row.sigma ? 1 : 0), 0);
    return [
      { what: `moments at ${row.sigma}`, share: worst / STANDARD_ERRORS, error: worst },
      proportions(
        `quantiles at ${row.sigma}`,
        beyond.map(([, below]) => below),
        beyond.map(([share]) => share),
        count,
        STANDARD_ERRORS,
      ),
      same(`beyond ${row.sigma}`, [outside], [0]),
    ];
  });
}
