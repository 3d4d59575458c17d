/**
 * Pictures of a mesh from around it, for people.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { renderPicture } from "../rendering/render_picture.ts";
import { turntableRotation } from "../rendering/turntable_rotation.ts";
import { overColour } from "./tile.ts";

/** Options of {@link spinPictures}. */
export interface SpinOptions {
  /** Views in degrees: 0 shows the front, 90 the object's left side. */
  azimuths?: readonly number[];
  /** Height of the viewer in degrees; positive looks from above. */
  elevation?: number;
  /** Rows and columns of a picture. */
  size?: number;
  /** Share of the picture that the object's largest view takes. */
  fill?: number;
  /** Logit ζ of the perspective depth. */
  perspective?: number;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  symmetric?: boolean;
  /** How much the surface darkens away from the light, 0 to 1. */
  light?: number;
  /** Ground, in [0, 1]. */
  ground?: number;
}

/** Defaults of {@link SpinOptions}. */
export const SPIN_DEFAULTS = {
  azimuths: [40, 160, 280],
  elevation: 20,
  size: 144,
  fill: 0.9,
  perspective: 1.5,
  symmetric: true,
  light: 0.3,
  ground: 0.5,
} as const satisfies Required<SpinOptions>;

/**
 * Pictures of a mesh from around it, all at one scale, the object in the middle.
 *
 * @param mesh Mesh in the object frame
 * @param texture Colours in [0, 1], `[h, w, 3]`; null is grey
 * @param options Views and look
 * @returns One picture per azimuth, `[S, S, 3]` in [0, 1]
 */
export function spinPictures(
  mesh: Mesh,
  texture: FloatImage | null,
  options: SpinOptions = {},
): FloatImage[] {
  const { azimuths, elevation, size, fill, perspective, symmetric, light, ground } = {
    ...SPIN_DEFAULTS,
    ...options,
  };
  const centred = centre(mesh.vertices);
  const views = azimuths.map((azimuth): Pose => ({
    rotation: turntableRotation(azimuth, elevation),
    scale: 1 / radiusOf(centred),
    translation: [0, 0],
    perspective,
  }));
  const boxes = views.map((pose) => screenBox(projectVertices(centred, pose)));
  const half = Math.max(...boxes.map(([x1, y1, x2, y2]) => Math.max(x2 - x1, y2 - y1) / 2), 1e-6);
  return views.map((pose, v) => {
    const [x1, y1, x2, y2] = boxes[v];
    const screen = projectVertices(centred, pose);
    for (let o = 0; o < screen.length; o += 3) {
      screen[o] = (screen[o] - (x1 + x2) / 2) * fill / half;
      screen[o + 1] = (screen[o + 1] - (y1 + y2) / 2) * fill / half;
      screen[o + 2] *= fill / half;
    }
    const picture = renderPicture({ ...mesh, vertices: screen }, texture, {
      size,
      supersample: 2,
      symmetric,
      light,
    });
    return overColour(picture, ground);
  });
}

/** Vertices with the middle of their box at the origin, `[V, 3]`. */
function centre(vertices: FloatArray): Float32Array {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  vertices.forEach((value, i) => {
    low[i % 3] = Math.min(low[i % 3], value);
    high[i % 3] = Math.max(high[i % 3], value);
  });
  return Float32Array.from(vertices, (value, i) => value - (low[i % 3] + high[i % 3]) / 2);
}

/** Largest distance from the origin. */
function radiusOf(vertices: FloatArray): number {
  let largest = 1e-12;
  for (let o = 0; o < vertices.length; o += 3) {
    largest = Math.max(largest, Math.hypot(vertices[o], vertices[o + 1], vertices[o + 2]));
  }
  return largest;
}

/** Box of screen positions: x1, y1, x2, y2. */
function screenBox(screen: FloatArray): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let o = 0; o < screen.length; o += 3) {
    box[0] = Math.min(box[0], screen[o]);
    box[1] = Math.min(box[1], screen[o + 1]);
    box[2] = Math.max(box[2], screen[o]);
    box[3] = Math.max(box[3], screen[o + 1]);
  }
  return box;
}
