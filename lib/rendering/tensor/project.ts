/**
 * Cameras for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor2D, Tensor3D } from "../../core/tensor.ts";
import { CAMERA_PARAMETERS, type Projection } from "../camera.ts";
import { projectToScreen, projectToScreenBackward } from "../project_camera.ts";
import { batchEntry, hostGradientOp } from "./_host_gradient_op.ts";

/**
 * Projects vertices by a batch of cameras. Differentiable in both.
 *
 * @param vertices Object frame, `[V, 3]` for one mesh seen by all cameras, or `[B, V, 3]`
 * @param cameras Parameters of the cameras (`stackCameras`), `[B, P]`
 * @param projection What the parameters mean
 * @returns Screen positions: x, y, z = −distance, and 1 / w, `[B, V, 4]`
 * @throws {TypeError} If a shape does not match
 */
export function project(
  vertices: Tensor2D | Tensor3D,
  cameras: Tensor2D,
  projection: Projection,
): Tensor3D {
  const P = CAMERA_PARAMETERS[projection];
  const { B, V } = checkShapes("project vertices", {
    cameras: [cameras, ["B", P]],
    vertices: vertices.rank === 2 ? [vertices, ["V", 3]] : [vertices, ["B", "V", 3]],
  });
  const each = (visit: (b: number) => void) => {
    for (let b = 0; b < B; b++) visit(b);
  };
  return hostGradientOp({
    name: "project",
    inputs: [vertices, cameras],
    shape: [B, V, 4],
    forward([points, rows], screen) {
      each((b) => {
        const parameters = batchEntry(rows, b, P);
        screen.set(projectToScreen(batchEntry(points, b, 3 * V), { projection, parameters }), 4 * V * b);
      });
    },
    backward([points, rows], gradient, [ofPoints, ofRows]) {
      each((b) => {
        const camera = { projection, parameters: batchEntry(rows, b, P) };
        projectToScreenBackward(batchEntry(points, b, 3 * V), camera, batchEntry(gradient, b, 4 * V), {
          vertices: batchEntry(ofPoints, b, 3 * V),
          parameters: batchEntry(ofRows, b, P),
        });
      });
    },
  }) as Tensor3D;
}
