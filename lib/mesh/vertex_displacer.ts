/**
 * Displacement map to vertices, on tensors.
 *
 * @module
 */
import { checkShapes } from "../core/shapes.ts";
import { type Tensor2D, type Tensor3D, type Tensor4D, tf } from "../core/tensor.ts";
import { displacementSampling } from "./displacement_sampling.ts";
import type { SphereTopology } from "./sphere_topology.ts";

/**
 * Moves the sphere's vertices by batches of displacement maps. Sampling is one product with a constant matrix, so it
 * is differentiable on every backend and can be recorded. Call `dispose` when done.
 */
export class VertexDisplacer {
  readonly #height: number;
  readonly #width: number;
  readonly #sampling: Tensor2D; // [H·W, V]
  readonly #frames: Tensor4D; // [1, V, 3, 3]
  readonly #sphere: Tensor3D; // [1, V, 3]

  /**
   * Makes the constants of one map size.
   *
   * @param topology The sphere
   * @param height Rows of the maps, H
   * @param width Columns of the maps, W (the full circle)
   * @param symmetric Whether the side x < 0 mirrors the side x > 0
   */
  constructor(topology: SphereTopology, height = 32, width = 32, symmetric = true) {
    const { texels, weights, frames } = displacementSampling(topology, height, width, symmetric);
    const vertexCount = topology.vertices.length / 3;
    const matrix = new Float32Array(height * width * vertexCount); // [H·W, V]
    texels.forEach((texel, corner) => matrix[texel * vertexCount + (corner >> 2)] += weights[corner]);
    this.#height = height;
    this.#width = width;
    this.#sampling = tf.tensor2d(matrix, [height * width, vertexCount]);
    this.#frames = tf.tensor4d(Float32Array.from(frames), [1, vertexCount, 3, 3]);
    this.#sphere = tf.tensor3d(Float32Array.from(topology.vertices), [1, vertexCount, 3]);
  }

  /**
   * Displaced vertices of each map.
   *
   * @param map Lengths along (normal, tangent, bitangent), `[B, H, W, 3]`
   * @returns Vertices, `[B, V, 3]`
   * @throws {TypeError} If the maps have another size
   */
  displace(map: Tensor4D): Tensor3D {
    checkShapes("displace vertices", { map: [map, ["B", this.#height, this.#width, 3]] });
    return tf.tidy(() => {
      const batch = map.shape[0];
      const vertexCount = this.#sphere.shape[1];
      const byChannel = map.transpose([0, 3, 1, 2]).reshape([batch * 3, -1]); // [B·3, H·W]
      const lengths = tf.matMul(byChannel as Tensor2D, this.#sampling) // [B·3, V]
        .reshape([batch, 3, vertexCount]).transpose([0, 2, 1]) // [B, V, 3]
        .reshape([batch, vertexCount, 3, 1]);
      return lengths.mul(this.#frames).sum<Tensor3D>(2).add(this.#sphere);
    });
  }

  /** Frees the constants. */
  dispose(): void {
    tf.dispose([this.#sampling, this.#frames, this.#sphere]);
  }
}
