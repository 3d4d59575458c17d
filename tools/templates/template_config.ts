/**
 * What a built-in template is made by.
 *
 * @module
 */
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import type { ShrinkWrapOptions } from "../../lib/templates/shrink_wrap.ts";

/** A built-in template before it is wrapped. */
export interface TemplateConfig {
  /** Name within its category. */
  readonly name: string;
  /** Makes the solid. */
  readonly shape: () => ParametricShape;
  /** How it is wrapped, where the defaults are not best. */
  readonly wrap?: ShrinkWrapOptions;
  /** Whether the wrapped sphere is then fitted to the silhouettes of the solid: of shapes with thin parts. */
  readonly isFitted?: boolean;
}

/** How shapes with limbs are wrapped: limbs grow slowly, so that vertices have the time to follow. */
export const LIMBED: ShrinkWrapOptions = {
  inflation: 1.15,
  morphSteps: 800,
  spreadSteps: 250,
  smoothing: 0.6,
};
