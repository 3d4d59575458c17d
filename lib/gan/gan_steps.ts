/**
 * One training step of either kind. Noise, rates and shares come in as tensors and no value is read, so that a step
 * can be recorded.
 *
 * @module
 */
import { type CompiledStepControls, compileStep } from "../backend/native/compile.ts";
import { type Scalar, type Tensor, type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { flatLossTensor } from "../mesh/flat_loss_tensor.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { VertexDisplacer } from "../mesh/vertex_displacer.ts";
import { updateAverage } from "../training/ema.ts";
import { computeGradients, meanFigures } from "../training/gradients.ts";
import { recordWithoutEffect } from "../training/warm_up.ts";
import type { Score } from "./discriminators.ts";
import { discriminatorWeights, ganLoss, type GanLossKind } from "./gan_losses.ts";
import type { GanModel } from "./gan_model.ts";
import { DISPLACEMENT_RESOLUTION } from "./generator.ts";

/** Options of {@linkcode GanSteps}. */
export interface GanStepOptions {
  /** Adversarial loss. */
  loss: GanLossKind;
  /** Whether scores are weighed by the alpha mask. */
  maskOutput: boolean;
  /** Weight of the smoothness of generated meshes. */
  meshRegularization: number;
}

/** Inputs of a generator step. */
export interface GeneratorStepInputs {
  /** Latent codes, `[B, Z]`. */
  latent: Tensor2D;
  /** One-hot classes, `[B, classes]`, or null. */
  oneHot: Tensor2D | null;
  /** Alpha masks of real samples, `[B, R, R, 1]`. */
  alpha: Tensor4D;
  /** Learning rate of the generator. */
  learningRate: Scalar;
  /** Share of the average in the running average. */
  averageShare: Scalar;
}

/** Inputs of a discriminator step. */
export interface DiscriminatorStepInputs {
  /** Latent codes, `[B, Z]`. */
  latent: Tensor2D;
  /** One-hot classes, `[B, classes]`, or null. */
  oneHot: Tensor2D | null;
  /** Real, premultiplied textures, `[B, R, R, 3]`. */
  texture: Tensor4D;
  /** Their alpha masks, `[B, R, R, 1]`. */
  alpha: Tensor4D;
  /** Real displacement maps, `[B, 32, 32, 3]`. */
  map: Tensor4D;
  /** Learning rate of the discriminators. */
  learningRate: Scalar;
}

type GeneratorStep = (
  latent: Tensor2D,
  alpha: Tensor4D,
  learningRate: Scalar,
  averageShare: Scalar,
  ...oneHot: Tensor2D[]
) => Tensor[];

type DiscriminatorStep = (
  latent: Tensor2D,
  alpha: Tensor4D,
  learningRate: Scalar,
  texture: Tensor4D,
  map: Tensor4D,
  ...oneHot: Tensor2D[]
) => Tensor[];

type AnyStep = (...tensors: Tensor[]) => Tensor[];

/** The two training steps of a model, recorded and replayed where the backend can. */
export class GanSteps {
  readonly #model: GanModel;
  readonly #options: GanStepOptions;
  readonly #weights: readonly number[];
  readonly #displacer: VertexDisplacer;
  readonly #generatorStep: GeneratorStep & CompiledStepControls;
  readonly #discriminatorStep: DiscriminatorStep & CompiledStepControls;

  /**
   * Prepares the steps of a model.
   *
   * @param model Networks and optimisers
   * @param options See {@linkcode GanStepOptions}
   */
  constructor(model: GanModel, options: GanStepOptions) {
    const { numDiscriminators, textureResolution, symmetric } = model.networks;
    this.#model = model;
    this.#options = options;
    this.#weights = discriminatorWeights(numDiscriminators, textureResolution);
    this.#displacer = new VertexDisplacer(
      sphereTopology(),
      DISPLACEMENT_RESOLUTION,
      DISPLACEMENT_RESOLUTION,
      symmetric,
    );
    this.#generatorStep = compileStep<GeneratorStep>((...inputs) => this.#moveGenerator(...inputs));
    this.#discriminatorStep = compileStep<DiscriminatorStep>((...inputs) =>
      this.#moveDiscriminators(...inputs)
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
    const { textureResolution: R, latentDim, classes } = networks;
    const states = [
      generator.parameters,
      average.parameters,
      discriminators.parameters,
      optimizerG,
      optimizerD,
    ];
    const ones = (...shape: number[]) => tf.ones(shape);
    const latent = ones(batchSize, latentDim), alpha = ones(batchSize, R, R, 1), rate = tf.scalar(0);
    const texture = ones(batchSize, R, R, 3), share = tf.scalar(0.5);
    const map = ones(batchSize, DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, 3);
    const oneHot = classes > 0 ? [ones(batchSize, classes)] : [];
    const generatorInputs = [latent, alpha, rate, share, ...oneHot];
    const discriminatorInputs = [latent, alpha, rate, texture, map, ...oneHot];
    try {
      await recordWithoutEffect(this.#generatorStep as AnyStep, generatorInputs, states);
      await recordWithoutEffect(this.#discriminatorStep as AnyStep, discriminatorInputs, states);
    } finally {
      tf.dispose([...generatorInputs, texture, map]);
    }
  }

  /**
   * Moves the generator, then its running average.
   *
   * @returns The adversarial loss without smoothness, and the smoothness; the caller disposes them
   */
  generatorStep(inputs: GeneratorStepInputs): { loss: Scalar; flat: Scalar } {
    const { latent, oneHot, alpha, learningRate, averageShare } = inputs;
    const [loss, flat] = this.#generatorStep(
      latent,
      alpha,
      learningRate,
      averageShare,
      ...oneHot ? [oneHot] : [],
    );
    return { loss: loss as Scalar, flat: flat as Scalar };
  }

  /**
   * Moves the discriminators; the generator's running statistics and spectral vectors move too.
   *
   * @returns The losses on fakes and on reals; the caller disposes them
   */
  discriminatorStep(inputs: DiscriminatorStepInputs): { fake: Scalar; real: Scalar } {
    const { latent, oneHot, texture, alpha, map, learningRate } = inputs;
    const [fake, real] = this.#discriminatorStep(
      latent,
      alpha,
      learningRate,
      texture,
      map,
      ...oneHot ? [oneHot] : [],
    );
    return { fake: fake as Scalar, real: real as Scalar };
  }

  /** Frees constants and recordings; the model stays. */
  dispose(): void {
    this.#generatorStep.dispose();
    this.#discriminatorStep.dispose();
    this.#displacer.dispose();
  }

  #moveGenerator(...inputs: Parameters<GeneratorStep>): Tensor[] {
    const [latent, alpha, learningRate, averageShare, oneHot = null] = inputs;
    const { generator, average, discriminators, optimizerG } = this.#model;
    let loss: Scalar, flat: Scalar;
    const { gradients } = computeGradients(() => {
      const { texture, map } = generator.generate(latent, oneHot, true);
      const scores = discriminators.discriminate(
        { texture: tf.mul(texture, alpha), alpha, map },
        oneHot,
        true,
      );
      loss = tf.keep(this.#loss("generator", scores));
      flat = tf.keep(flatLossTensor(this.#displacer.displace(map), sphereTopology()));
      return tf.add(loss, tf.mul(flat, this.#options.meshRegularization));
    }, generator.parameters.trainable);
    optimizerG.apply(gradients, learningRate);
    updateAverage(average.parameters, generator.parameters, averageShare);
    return meanFigures([loss!, flat!]);
  }

  #moveDiscriminators(...inputs: Parameters<DiscriminatorStep>): Tensor[] {
    const [latent, alpha, learningRate, texture, map, oneHot = null] = inputs;
    const { generator, discriminators, optimizerD } = this.#model;
    const batch = latent.shape[0];
    const generated = generator.generate(latent, oneHot, true);
    const both = {
      texture: tf.concat<Tensor4D>([tf.mul(generated.texture, alpha), texture], 0),
      alpha: tf.concat([alpha, alpha], 0),
      map: tf.concat([generated.map, map], 0),
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
    return meanFigures([fake!, real!]);
  }

  #loss(role: "generator" | "fake" | "real", scores: readonly Score[]): Scalar {
    return ganLoss(this.#options.loss, role, scores, this.#weights, this.#options.maskOutput);
  }
}

function rows({ prediction, mask }: Score, first: number, count: number): Score {
  const part = (x: Tensor4D): Tensor4D => tf.slice(x, [first, 0, 0, 0], [count, -1, -1, -1]);
  return { prediction: part(prediction), mask: part(mask) };
}
