/**
 * One training step of either kind. Noise, rates and shares come in as tensors and no value is read, so that a step
 * can be recorded.
 *
 * @module
 */
import { compileStep } from "../backend/compile_step.ts";
import { type Scalar, type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { normalConsistencyLossTensor } from "../mesh/normal_consistency_loss_tensor.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { VertexDisplacer } from "../mesh/vertex_displacer.ts";
import { updateEma } from "../training/ema.ts";
import { computeGradients, meanFigures } from "../training/gradients.ts";
import { recordWithoutEffect } from "../training/warm_up.ts";
import type { Score } from "./discriminators.ts";
import { discriminatorWeights, ganLoss } from "./gan_losses.ts";
import type { GanModel } from "./gan_model.ts";
import { baseResolution } from "./gan_networks.ts";
import type { ResolvedGanOptions } from "./gan_options.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator_options.ts";
import type { AdversarialLoss } from "./own_parts.ts";
import { PART_MAP_SIDE } from "./part_maps.ts";

/** What both steps take. B samples, R texels a side that discriminators see. */
interface StepInputs {
  /** Latent codes, `[B, Z]`. */
  latent: Tensor2D;
  /** One-hot classes, `[B, classes]`, or null. */
  oneHot: Tensor2D | null;
  /** Part maps, `[B, 128, 128, P]`, or null. */
  parts?: Tensor4D | null;
  /** Alpha masks of real samples, `[B, R, R, 1]`. */
  alpha: Tensor4D;
  /** Learning rate of the networks that are moved. */
  learningRate: Scalar;
}

/** Real samples, which discriminators see. */
interface RealMaps {
  /** Premultiplied textures, `[B, R, R, 3]`. */
  texture: Tensor4D;
  /** Displacement maps, `[B, 32, 32, 3]`. */
  map: Tensor4D;
}

/** The two training steps of a model, recorded and replayed where the backend can. */
export class GanSteps {
  readonly #model: GanModel;
  readonly #options: Pick<ResolvedGanOptions, "loss" | "maskOutput" | "meshRegularization">;
  readonly #ownLoss?: AdversarialLoss;
  readonly #weights: readonly number[];
  readonly #displacer: VertexDisplacer;
  /**
   * Moves the generator, then its EMA by `emaDecay`.
   *
   * @returns The adversarial loss without smoothness, and the smoothness; the caller disposes them
   */
  readonly generatorStep = compileStep((inputs: StepInputs & { emaDecay: Scalar }) =>
    this.#moveGenerator(inputs)
  );
  /**
   * Moves the discriminators; the generator's running statistics and spectral vectors move too.
   *
   * @returns The losses on fakes and on reals; the caller disposes them
   */
  readonly discriminatorStep = compileStep((inputs: StepInputs & RealMaps) =>
    this.#moveDiscriminators(inputs)
  );

  /**
   * Prepares the steps of a model.
   *
   * @param model Networks and optimisers
   * @param options Adversarial loss, whether scores are weighed by the alpha mask, weight of the smoothness of meshes
   * @param ownLoss A user's own adversarial loss, in place of that of the options
   */
  constructor(
    model: GanModel,
    options: Pick<ResolvedGanOptions, "loss" | "maskOutput" | "meshRegularization">,
    ownLoss?: AdversarialLoss,
  ) {
    const { numDiscriminators, symmetric } = model.networks;
    this.#model = model;
    this.#options = options;
    this.#ownLoss = ownLoss;
    this.#weights = discriminatorWeights(numDiscriminators, baseResolution(model.networks));
    this.#displacer = new VertexDisplacer(
      sphereTopology(),
      DISPLACEMENT_RESOLUTION,
      DISPLACEMENT_RESOLUTION,
      symmetric,
    );
  }

  /**
   * Records both steps without effect, so that every step that counts is a replay and a resumed run equals an
   * uninterrupted one to the bit.
   *
   * @param batchSize Samples that this process has of a batch
   */
  async prepare(batchSize: number): Promise<void> {
    const { generator, average, discriminators, optimizerG, optimizerD, networks } = this.#model;
    const { latentDim, classes, parts = 0 } = networks, R = baseResolution(networks);
    const states = [
      generator.parameters,
      average.parameters,
      discriminators.parameters,
      optimizerG,
      optimizerD,
    ];
    const maps = (side: number, channels: number) => tf.ones([batchSize, side, side, channels]) as Tensor4D;
    const common = {
      latent: tf.ones([batchSize, latentDim]) as Tensor2D,
      oneHot: classes > 0 ? tf.ones([batchSize, classes]) as Tensor2D : null,
      parts: parts > 0 ? maps(PART_MAP_SIDE, parts) : null,
      alpha: maps(R, 1),
      learningRate: tf.scalar(0),
    };
    const emaDecay = tf.scalar(0.5), texture = maps(R, 3), map = maps(DISPLACEMENT_RESOLUTION, 3);
    try {
      await recordWithoutEffect(this.generatorStep, { ...common, emaDecay }, states);
      await recordWithoutEffect(this.discriminatorStep, { ...common, texture, map }, states);
    } finally {
      tf.dispose(
        Object.values({ ...common, emaDecay, texture, map }).filter((tensor) => tensor !== null),
      );
    }
  }

  /** Frees constants and recordings; the model stays. */
  dispose(): void {
    this.generatorStep.dispose();
    this.discriminatorStep.dispose();
    this.#displacer.dispose();
  }

  #moveGenerator(
    { latent, oneHot, parts = null, alpha, learningRate, emaDecay }: StepInputs & { emaDecay: Scalar },
  ) {
    const { generator, average, discriminators, optimizerG } = this.#model;
    let loss: Scalar, flat: Scalar;
    const { gradients } = computeGradients(() => {
      const { texture, map } = generator.generate(latent, oneHot, true, parts);
      const scores = discriminators.discriminate(
        { texture: tf.mul(texture, alpha), alpha, map, parts },
        oneHot,
        true,
      );
      loss = tf.keep(this.#loss("generator", scores));
      flat = tf.keep(normalConsistencyLossTensor(this.#displacer.displace(map), sphereTopology()));
      return tf.add(loss, tf.mul(flat, this.#options.meshRegularization));
    }, generator.parameters.trainable);
    optimizerG.apply(gradients, learningRate);
    updateEma(average.parameters, generator.parameters, emaDecay);
    return meanFigures({ loss: loss!, flat: flat! });
  }

  #moveDiscriminators(inputs: StepInputs & RealMaps) {
    const { latent, oneHot, parts = null, texture, alpha, map, learningRate } = inputs;
    const { generator, discriminators, optimizerD } = this.#model;
    const batch = latent.shape[0];
    const generated = generator.generate(latent, oneHot, true, parts);
    const both = {
      texture: tf.concat<Tensor4D>([tf.mul(generated.texture, alpha), texture], 0),
      alpha: tf.concat([alpha, alpha], 0),
      map: tf.concat([generated.map, map], 0),
      parts: parts ? tf.concat([parts, parts], 0) : null,
    };
    const bothOneHot = oneHot ? tf.concat([oneHot, oneHot], 0) : null;
    let fake: Scalar, real: Scalar;
    const { gradients } = computeGradients(() => {
      const scores = discriminators.discriminate(both, bothOneHot, true);
      fake = tf.keep(this.#loss("fake", scores.map((score) => rows(score, 0, batch))));
      real = tf.keep(this.#loss("real", scores.map((score) => rows(score, batch, batch))));
      return tf.add(fake, real);
    }, discriminators.parameters.trainable);
    optimizerD.apply(gradients, learningRate);
    return meanFigures({ fake: fake!, real: real! });
  }

  #loss(role: "generator" | "fake" | "real", scores: readonly Score[]): Scalar {
    const { loss, maskOutput } = this.#options;
    return this.#ownLoss?.(role, scores, this.#weights) ??
      ganLoss(loss, role, scores, this.#weights, maskOutput);
  }
}

function rows({ prediction, mask }: Score, first: number, count: number): Score {
  const part = (x: Tensor4D): Tensor4D => tf.slice(x, [first, 0, 0, 0], [count, -1, -1, -1]);
  return { prediction: part(prediction), mask: part(mask) };
}
