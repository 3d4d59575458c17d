/**
 * The part of a surface that a camera sees, as points.
 *
 * @module
 */
import type { FloatArray } from "../../lib/core/arrays.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { quaternionToMatrix } from "../../lib/rendering/quaternion.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";

/** Triangles in the object frame. */
export interface Surface {
  /** Positions, `[V, 3]`. */
  readonly vertices: FloatArray;
  /** Vertex of each corner, `[F, 3]`. */
  readonly faces: Int32Array;
}

/** The nearest point of a surface at each pixel. */
export interface VisibleSurface {
  /** 1 where there is a surface, `[S, S]`. */
  readonly covered: Uint8Array;
  /** The point in object units, turned as the camera sees it (x right, y down, z away), 0 where there is none, `[S, S, 3]`. */
  readonly points: Float64Array;
}

/**
 * Finds what a camera sees of a surface.
 *
 * @param surface Triangles in the object frame
 * @param pose Pose of the object
 * @param size Rows and columns, S
 * @param twoSided Whether faces are seen from behind too, as in meshes whose faces are turned either way
 */
export function visibleSurface(
  surface: Surface,
  pose: Pose,
  size: number,
  twoSided = false,
): VisibleSurface {
  const { vertices } = surface;
  const faces = twoSided ? bothSides(surface.faces) : surface.faces;
  const screen = projectVertices(Float64Array.from(vertices), pose);
  const { faceIndex, barycentric } = rasterize(screen, faces, size, size);
  const turn = quaternionToMatrix(pose.rotation);
  const covered = new Uint8Array(size * size); // [S, S]
  const points = new Float64Array(size * size * 3); // [S, S, 3]
  for (let pixel = 0; pixel < faceIndex.length; pixel++) {
    const face = faceIndex[pixel];
    if (face < 0) continue;
    covered[pixel] = 1;
    for (let corner = 0; corner < 3; corner++) {
      const weight = barycentric[3 * pixel + corner], at = 3 * faces[3 * face + corner];
      for (let row = 0; row < 3; row++) {
        points[3 * pixel + row] += weight * (turn[3 * row] * vertices[at] +
          turn[3 * row + 1] * vertices[at + 1] + turn[3 * row + 2] * vertices[at + 2]);
      }
    }
  }
  return { covered, points };
}

/** Each face, and the same one seen from behind, `[2 F, 3]`. */
function bothSides(faces: Int32Array): Int32Array {
  const both = new Int32Array(2 * faces.length);
  both.set(faces);
  for (let k = 0; k < faces.length; k += 3) {
    both.set([faces[k], faces[k + 2], faces[k + 1]], faces.length + k);
  }
  return both;
}
