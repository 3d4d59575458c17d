/**
 * Images of a mesh from around it, for people.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { renderTurntable } from "../rendering/turntable.ts";
import { overColour } from "../core/over_colour.ts";

/** Options of {@link renderViews}. */
export interface RenderViewsOptions {
  /** Views in degrees: 0 shows the front, 90 the object's left side. */
  azimuths?: readonly number[];
  /** Height of the viewer in degrees; positive looks from above. */
  elevation?: number;
  /** Rows and columns of an image. */
  size?: number;
  /** Share of the image that the object's largest view takes. */
  fill?: number;
  /** Logit ζ of the perspective depth. */
  perspective?: number;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  symmetric?: boolean;
  /** How much the surface darkens away from the light, 0 to 1. */
  light?: number;
  /** Background, in [0, 1]. */
  background?: number;
}

/** Defaults of {@link RenderViewsOptions}. */
export const RENDER_VIEWS_DEFAULTS = {
  azimuths: [40, 160, 280],
  elevation: 20,
  size: 144,
  fill: 0.9,
  perspective: 1.5,
  symmetric: true,
  light: 0.3,
  background: 0.5,
} as const satisfies Required<RenderViewsOptions>;

/**
 * Images of a mesh from around it, all at one scale, the object in the middle.
 *
 * @param mesh Mesh in the object frame
 * @param texture Colours in [0, 1], `[h, w, 3]`; null is grey
 * @param options Views and look
 * @returns One image per azimuth, `[S, S, 3]` in [0, 1]
 */
export function renderViews(
  mesh: Mesh,
  texture: FloatImage | null,
  options: RenderViewsOptions = {},
): FloatImage[] {
  const { background, ...turntable } = { ...RENDER_VIEWS_DEFAULTS, ...options };
  const views = renderTurntable(mesh, texture, { ...turntable, supersample: 2, fit: "views" });
  return Array.from(views, (view) => overColour(view, background));
}
