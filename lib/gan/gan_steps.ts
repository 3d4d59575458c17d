/**
 * One training step of either kind. Noise, rates and shares come in as tensors and no value is read, so that a step
 * can be recorded.
 *
 * @module
 */
import { type Scalar, type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { flatLossTensor } from "../mesh/flat_loss_tensor.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { VertexDisplacer } from "../mesh/vertex_displacer.ts";
import { updateAverage } from "../training/ema.ts";
import { computeGradients } from "../training/gradients.ts";
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

/** The two training steps of a model. */
export class GanSteps {
  readonly #model: GanModel;
  readonly #options: GanStepOptions;
  readonly #weights: readonly number[];
  readonly #displacer: VertexDisplacer;

  /**
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
  }

  /**
   * Moves the generator, then its running average.
   *
   * @returns The adversarial loss without smoothness, and the smoothness
   */
  generatorStep(inputs: GeneratorStepInputs): { loss: Scalar; flat: Scalar } {
    const { latent, oneHot, alpha, learningRate, averageShare } = inputs;
    const { generator, average, discriminators, optimizerG } = this.#model;
    const { meshRegularization } = this.#options;
    return tf.tidy(() => {
      let loss: Scalar | undefined, flat: Scalar | undefined;
      const { gradients } = computeGradients(() => {
        const { texture, map } = generator.generate(latent, oneHot, true);
        const scores = discriminators.discriminate(
          { texture: tf.mul(texture, alpha), alpha, map },
          oneHot,
          true,
        );
        loss = tf.keep(this.#loss("generator", scores));
        flat = tf.keep(flatLossTensor(this.#displacer.displace(map), sphereTopology()));
        return tf.add(loss, tf.mul(flat, meshRegularization));
      }, generator.parameters.trainable);
      optimizerG.apply(gradients, learningRate);
      updateAverage(average.parameters, generator.parameters, averageShare);
      return { loss: loss!, flat: flat! };
    });
  }

  /**
   * Moves the discriminators; the generator's running statistics and spectral vectors move too.
   *
   * @returns The losses on fakes and on reals
   */
  discriminatorStep(inputs: DiscriminatorStepInputs): { fake: Scalar; real: Scalar } {
    const { latent, oneHot, texture, alpha, map, learningRate } = inputs;
    const { generator, discriminators, optimizerD } = this.#model;
    const batch = latent.shape[0];
    return tf.tidy(() => {
      const generated = generator.generate(latent, oneHot, true);
      const both = {
        texture: tf.concat<Tensor4D>([tf.mul(generated.texture, alpha), texture], 0),
        alpha: tf.concat([alpha, alpha], 0),
        map: tf.concat([generated.map, map], 0),
      };
      const bothOneHot = oneHot ? tf.concat([oneHot, oneHot], 0) : null;
      let fake: Scalar | undefined, real: Scalar | undefined;
      const { gradients } = computeGradients(() => {
        const scores = discriminators.discriminate(both, bothOneHot, true);
        fake = tf.keep(this.#loss("fake", scores.map((score) => rows(score, 0, batch))));
        real = tf.keep(this.#loss("real", scores.map((score) => rows(score, batch, batch))));
        return tf.add(fake, real);
      }, discriminators.parameters.trainable);
      optimizerD.apply(gradients, learningRate);
      return { fake: fake!, real: real! };
    });
  }

  /** Frees constants; the model stays. */
  dispose(): void {
    this.#displacer.dispose();
  }

  #loss(role: "generator" | "fake" | "real", scores: readonly Score[]): Scalar {
    return ganLoss(this.#options.loss, role, scores, this.#weights, this.#options.maskOutput);
  }
}

function rows({ prediction, mask }: Score, first: number, count: number): Score {
  const part = (x: Tensor4D): Tensor4D => tf.slice(x, [first, 0, 0, 0], [count, -1, -1, -1]);
  return { prediction: part(prediction), mask: part(mask) };
}
