/**
 * Displacement map to vertices, on typed arrays.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { displacementSampling } from "./displacement_sampling.ts";
import type { SphereTopology } from "./sphere_topology.ts";

/**
 * Moves the sphere's vertices along (normal, tangent, bitangent) by what they read from a map.
 *
 * @param topology The sphere
 * @param displacementMap Lengths along the three directions, `[H, W, 3]`
 * @param height Rows, H
 * @param width Columns, W (the full circle)
 * @param options `symmetric`: whether the side x < 0 mirrors the side x > 0, true by default
 * @returns Vertices, `[V, 3]`, float32 or float64 as the map is
 * @throws {TypeError} If the map's size is not H × W × 3
 */
export function displaceVertices(
  topology: SphereTopology,
  displacementMap: FloatArray,
  height: number,
  width: number,
  { symmetric = true }: { readonly symmetric?: boolean } = {},
): FloatArray {
  checkShapes("displace vertices", { displacementMap: [displacementMap, [height, width, 3]] });
  const { texels, weights, frames } = displacementSampling(topology, height, width, symmetric);
  const vertices = zerosLike(displacementMap, topology.vertices.length); // [V, 3]
  for (let i = 0; i < vertices.length / 3; i++) {
    let [x, y, z] = [topology.vertices[3 * i], topology.vertices[3 * i + 1], topology.vertices[3 * i + 2]];
    for (let channel = 0; channel < 3; channel++) {
      let length = 0;
      for (let corner = 4 * i; corner < 4 * i + 4; corner++) {
        length += weights[corner] * displacementMap[3 * texels[corner] + channel];
      }
      const direction = 9 * i + 3 * channel;
      x += length * frames[direction];
      y += length * frames[direction + 1];
      z += length * frames[direction + 2];
    }
    vertices[3 * i] = x;
    vertices[3 * i + 1] = y;
    vertices[3 * i + 2] = z;
  }
  return vertices;
}

/**
 * The gradient of `displaceVertices` with respect to the map.
 *
 * @param topology The sphere
 * @param gradientVertices Gradient with respect to the vertices, `[V, 3]`
 * @param height Rows, H
 * @param width Columns, W
 * @param options As given to `displaceVertices`
 * @param gradientMap Where the gradient is added, `[H, W, 3]`; made of zeros if left out
 * @returns `gradientMap`
 * @throws {TypeError} If a shape does not match
 */
export function displaceVerticesBackward(
  topology: SphereTopology,
  gradientVertices: FloatArray,
  height: number,
  width: number,
  { symmetric = true }: { readonly symmetric?: boolean } = {},
  gradientMap: FloatArray = zerosLike(gradientVertices, height * width * 3),
): FloatArray {
  checkShapes("differentiate displaced vertices", {
    gradientVertices: [gradientVertices, [topology.vertices.length / 3, 3]],
    gradientMap: [gradientMap, [height, width, 3]],
  });
  const { texels, weights, frames } = displacementSampling(topology, height, width, symmetric);
  for (let i = 0; i < gradientVertices.length / 3; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const direction = 9 * i + 3 * channel;
      const along = gradientVertices[3 * i] * frames[direction] +
        gradientVertices[3 * i + 1] * frames[direction + 1] +
        gradientVertices[3 * i + 2] * frames[direction + 2];
      for (let corner = 4 * i; corner < 4 * i + 4; corner++) {
        gradientMap[3 * texels[corner] + channel] += weights[corner] * along;
      }
    }
  }
  return gradientMap;
}
