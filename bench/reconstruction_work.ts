/**
 * The work of the reconstruction bench: a whole training step at the paper's sizes, and the renderer's part of it.
 *
 * @module
 */
import { compileStep } from "../lib/backend/compile_step.ts";
import { Prng } from "../lib/core/prng.ts";
import {
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tf,
} from "../lib/core/tensor.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import { reconstructionConfig } from "../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../lib/networks/reconstruction_network.ts";
import { projectTensor } from "../lib/rendering/project_tensor.ts";
import { render } from "../lib/rendering/render.ts";
import { makeReconstructionStep, ReconstructionObjective } from "../lib/reconstruction/training_step.ts";
import { Adam } from "../lib/training/adam.ts";

const PARTS = 4;

/** Runs that wait for their results. */
export interface ReconstructionWork {
  /** One whole training step. */
  train(): void;
  /** The renderer forwards and back. */
  render(): void;
}

/** Makes the work on the active backend, for `batch` photographs of `size` x `size` pixels. */
export function reconstructionWork(size: number, batch: number): ReconstructionWork {
  const prng = new Prng(1, "bench"), topology = sphereTopology();
  const random = (low: number, high: number, ...shape: number[]): Tensor =>
    tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => prng.uniform(low, high)),
      shape,
    );
  const constant = (values: readonly number[]) => tf.tile(tf.tensor2d([[...values]]), [batch, 1]) as Tensor2D;
  const rotation = constant([Math.SQRT1_2, -Math.SQRT1_2, 0, 0]); // [B, 4]
  const scale = constant([0.7]), translation = constant([0, 0]), perspective = constant([2]);
  const vertices = tf.tensor3d(Float32Array.from(topology.vertices), [1, topology.vertices.length / 3, 3]);
  const sphere = tf.tile(vertices, [batch, 1, 1]) as Tensor3D; // [B, V, 3]

  const config = reconstructionConfig("paper", { imageResolution: size, partChannels: PARTS + 1 });
  const network = new ReconstructionNetwork(config, new Prng(1, "weights"));
  const objective = new ReconstructionObjective(network, "mse");
  const optimizer = new Adam(network.parameters.trainable, { name: "bench" });
  const step = compileStep(makeReconstructionStep(network, objective, optimizer));
  const mask = random(0, 1, batch, size, size, 1) as Tensor4D;
  const inputs = {
    ...{ mask, silhouette: mask, rotation, scale, translation, perspective, template: sphere },
    image: random(-1, 1, batch, size, size, 4) as Tensor4D,
    target: random(0, 1, batch, size, size, PARTS + 4) as Tensor4D,
    weight: tf.ones([batch, 1, 1, PARTS + 4]) as Tensor4D,
    highConfidence: tf.ones([batch]) as Tensor1D,
    ...{ semi: tf.scalar(0), normalConsistency: tf.scalar(5e-5) },
    learningRate: tf.scalar(0), // the sphere stays as it is
  };
  const surface = random(0, 1, batch, 128, 128, PARTS + 4) as Tensor4D;
  const screen = projectTensor(sphere, rotation, scale, translation, perspective);
  const renderGradients = tf.grads((vertices: Tensor, texture: Tensor) => {
    const options = { size, symmetric: true };
    const { image, silhouette } = render(vertices as Tensor3D, texture as Tensor4D, topology, options);
    return tf.add(tf.sum(image), tf.sum(silhouette));
  });
  return {
    train() {
      const { figures } = step(inputs);
      figures.dataSync();
      tf.dispose(figures);
    },
    render() {
      const gradients = renderGradients([screen, surface]);
      gradients.forEach((gradient) => gradient.dataSync());
      tf.dispose(gradients);
    },
  };
}
