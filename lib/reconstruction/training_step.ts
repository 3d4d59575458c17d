/**
 * One training step of the reconstruction: tensors in, tensors out, no value read in between but by `render`.
 *
 * @module
 */
import { type Scalar, type Tensor1D, type Tensor3D, type Tensor4D, tf } from "../core/tensor.ts";
import { normalConsistencyLossTensor } from "../mesh/normal_consistency_loss_tensor.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { VertexDisplacer } from "../mesh/vertex_displacer.ts";
import type { ReconstructionModel, ReconstructionOutput } from "../networks/reconstruction_network.ts";
import { projectTensor } from "../rendering/project_tensor.ts";
import { render } from "../rendering/render.ts";
import type { Adam } from "../training/adam.ts";
import { computeGradients, meanFigures } from "../training/gradients.ts";
import {
  LOSS_WEIGHTS,
  meanIou,
  type PhotometricLoss,
  photometricLoss,
  symmetryLossTensor,
  templateLoss,
} from "./losses.ts";
import type { ReconstructionParts } from "./own_parts.ts";
import type { StepInputs } from "./step_inputs.ts";

/** Figures of a step, in the order in which it returns them. */
export const STEP_FIGURES = [
  "total",
  "recon",
  "colour",
  "alpha",
  "template",
  "normalConsistency",
  "symmetry",
  "iou",
  "covered",
] as const;

/**
 * Figures of a step by name: the weighted total, its first three weighted terms, the terms unweighted, the IoU of
 * the meshes themselves (without soft borders, in the pixels of the training) with the masks, and what the pixels inside
 * the rendered silhouette add to the colour term. The rest of that term is a floor: parts are rendered as 0 outside of the
 * silhouette, where their target is uniform.
 */
export type StepFigures = Record<typeof STEP_FIGURES[number], number>;

/** A step: its figures in the order of `STEP_FIGURES`, `[9]`. */
export type ReconstructionStep = (inputs: StepInputs) => { figures: Tensor1D };

/** What the loss of a network is computed with. */
export class ReconstructionObjective {
  /** The network. */
  readonly network: ReconstructionModel;
  readonly #loss: PhotometricLoss;
  readonly #parts: ReconstructionParts;
  readonly #displacer: VertexDisplacer;
  readonly #positive: Tensor1D; // [V]

  /**
   * Makes the constants.
   *
   * @param network Network to be trained
   * @param loss How images are compared
   * @param parts A user's own objective and renderer
   */
  constructor(network: ReconstructionModel, loss: PhotometricLoss, parts: ReconstructionParts = {}) {
    const topology = sphereTopology();
    this.network = network;
    this.#loss = loss;
    this.#parts = parts;
    this.#displacer = new VertexDisplacer(topology, 32, 32, network.config.symmetric);
    const positive = new Float32Array(topology.vertices.length / 3);
    for (const vertex of topology.positiveIndices) positive[vertex] = 1;
    this.#positive = tf.tensor1d(positive);
  }

  /**
   * Total loss, the figures, and where the meshes lie.
   *
   * @param inputs Tensors of the step
   * @param training Whether batch statistics are used and running ones moved
   * @returns The total, the figures `[9]`, and screen positions `[B, V, 3]`
   */
  evaluate(
    inputs: StepInputs,
    training: boolean,
  ): { total: Scalar; figures: Tensor1D; screen: Tensor3D } {
    const { imageResolution, symmetric } = this.network.config;
    const { image, mask, classes, presence, rotation, scale, translation, perspective } = inputs;
    const prediction = this.network.predict({ image, classes, partPresence: presence }, training);
    const vertices = this.#displacer.displace(prediction.displacementMap);
    const screen = projectTensor(vertices, rotation, scale, translation, perspective);
    const surface = this.#surface(prediction, inputs.selection);
    const topology = sphereTopology();
    const { image: rendered, silhouette, coverage } = render(screen, surface, topology, {
      size: imageResolution,
      symmetric,
      sharpness: this.#parts.renderer?.sharpness,
    });
    const target = this.#select(inputs.target), channelWeight = this.#select(inputs.weight);
    const difference = tf.mul(tf.sub(rendered, target), channelWeight);
    const colour = photometricLoss(difference, this.#loss);
    const alpha = photometricLoss(tf.sub(silhouette, inputs.silhouette), this.#loss);
    const share = tf.minimum(tf.add(inputs.highConfidence, inputs.semi), 1) as Tensor1D;
    const template = templateLoss(vertices, inputs.template, share);
    const normalConsistency = normalConsistencyLossTensor(vertices, topology);
    const symmetry = symmetryLossTensor(vertices, this.#positive);
    const recon = tf.add(
      tf.mul(template, LOSS_WEIGHTS.template),
      tf.add(tf.mul(colour, LOSS_WEIGHTS.colour), tf.mul(alpha, LOSS_WEIGHTS.alpha)),
    );
    const weighed: Scalar = tf.add(
      recon,
      tf.add(
        tf.mul(normalConsistency, inputs.normalConsistency),
        tf.mul(symmetry, LOSS_WEIGHTS.symmetry),
      ),
    );
    const total = this.#parts.objective?.({
      ...{ total: weighed, colour, alpha, template, normalConsistency, symmetry },
      normalConsistencyWeight: inputs.normalConsistency,
      ...{ prediction, vertices, image: rendered, silhouette, target, mask },
    }) ?? weighed;
    const iou = meanIou(coverage, mask);
    const inside = tf.cast(tf.greater(silhouette, 0.5), "float32");
    const covered = photometricLoss(tf.mul(difference, inside), this.#loss);
    const terms = [colour, alpha, template, normalConsistency, symmetry];
    const figures = tf.stack([total, recon, ...terms, iou, covered]) as Tensor1D;
    return { total, figures, screen };
  }

  /** Frees the constants. */
  dispose(): void {
    this.#displacer.dispose();
    this.#positive.dispose();
  }

  /** What is rendered: parts of the class, then colours, `[B, R, R, channels]`. */
  #surface({ texture, parts }: ReconstructionOutput, selection: Tensor3D | undefined): Tensor4D {
    if (!parts) return texture!;
    const local = selection ? selectParts(parts, selection) : parts;
    return texture ? tf.concat([local, texture], 3) : local;
  }

  /** Those channels of the target (parts, then colours) that the network predicts. */
  #select(target: Tensor4D): Tensor4D {
    const { predictionType } = this.network.config;
    if (predictionType === "both") return target;
    const [B, H, W, C] = target.shape;
    return predictionType === "texture"
      ? tf.slice(target, [0, 0, 0, C - 3], [B, H, W, 3])
      : tf.slice(target, [0, 0, 0, 0], [B, H, W, C - 3]);
  }
}

/** Local part channels from global ones: each map times the transposed table of its class. */
export function selectParts(parts: Tensor4D, selection: Tensor3D): Tensor4D {
  const [B, H, W, G] = parts.shape;
  const pixels = tf.reshape(parts, [B, H * W, G]) as Tensor3D;
  const local = tf.matMul(pixels, selection, false, true);
  return tf.reshape(local, [B, H, W, selection.shape[1]]);
}

/**
 * Makes the training step of a network.
 *
 * @param network Network to be trained
 * @param objective Its losses
 * @param optimizer Its optimiser
 */
export function makeReconstructionStep(
  network: ReconstructionModel,
  objective: ReconstructionObjective,
  optimizer: Adam,
): ReconstructionStep {
  return (inputs) =>
    tf.tidy(() => {
      let figures: Tensor1D | undefined;
      const { gradients } = computeGradients(() => {
        const result = objective.evaluate(inputs, true);
        figures = tf.keep(result.figures);
        return result.total;
      }, network.parameters.trainable);
      optimizer.apply(gradients, inputs.learningRate);
      return meanFigures({ figures: figures! });
    });
}

/** Figures by name from the values of `[9]`. */
export function nameFigures(values: ArrayLike<number>): StepFigures {
  return Object.fromEntries(STEP_FIGURES.map((name, i) => [name, values[i]])) as StepFigures;
}
