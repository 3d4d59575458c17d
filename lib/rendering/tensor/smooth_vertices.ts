/**
 * Vertices as smooth functions of parameters, for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor2D } from "../../core/tensor.ts";
import type { SmoothSteps } from "../../mesh/smooth_steps.ts";
import { hostGradientOp } from "./_host_gradient_op.ts";

/**
 * Vertices x = (I + λ L)⁻¹ u. Differentiable in the parameters u, which are optimised in place of the vertices, so that
 * an optimiser's steps are smooth.
 *
 * @param parameters u, `[V, 3]`; `steps.parametersOf(vertices)` to begin with
 * @param steps The mesh's matrix
 * @returns Vertices, `[V, 3]`
 * @throws {TypeError} If a shape does not match
 */
export function smoothVertices(parameters: Tensor2D, steps: SmoothSteps): Tensor2D {
  checkShapes("smooth vertices", { parameters: [parameters, ["V", 3]] });
  return hostGradientOp({
    name: "smoothVertices",
    inputs: [parameters],
    shape: parameters.shape,
    forward([values], vertices) {
      vertices.set(steps.verticesOf(values));
    },
    backward(_values, gradient, [ofParameters]) {
      steps.verticesOf(gradient).forEach((value, i) => ofParameters[i] += value);
    },
  }) as Tensor2D;
}
