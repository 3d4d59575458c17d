/**
 * What the fit of one image comes to, whole or by some of its start views.
 *
 * @module
 */

/** Start views of a template. */
export const VIEWS = 40;

/** Some of the start views. */
export interface ViewRange {
  /** First view. */
  readonly first: number;
  /** View behind the last one. */
  readonly end: number;
}

/** Fitted hypotheses of one image; H is 40 for one template. */
export interface FittedImage {
  /** Unit quaternions, `[H, 4]`. */
  readonly rotation: Float32Array;
  /** Scales, `[H]`. */
  readonly scale: Float32Array;
  /** Translations, y down, `[H, 2]`. */
  readonly translation: Float32Array;
  /** Perspective logits ζ, `[H]`. */
  readonly perspective: Float32Array;
  /** Number of each hypothesis' template, `[H]`. */
  readonly template: Int32Array;
  /** IoU of each silhouette with the mask, `[H]`. */
  readonly iou: Float32Array;
  /** Mean over the hypotheses of the mean squared error of the silhouette. */
  readonly meanSquaredError: number;
}

/**
 * One image from its parts.
 *
 * @param parts Parts in the order of their views
 */
export function joinFitted(parts: readonly FittedImage[]): FittedImage {
  if (parts.length === 1) return parts[0];
  const floats = (of: (part: FittedImage) => Float32Array) =>
    Float32Array.from(parts.flatMap((part) => Array.from(of(part))));
  return {
    rotation: floats((part) => part.rotation),
    scale: floats((part) => part.scale),
    translation: floats((part) => part.translation),
    perspective: floats((part) => part.perspective),
    template: Int32Array.from(parts.flatMap((part) => Array.from(part.template))),
    iou: floats((part) => part.iou),
    meanSquaredError: parts.reduce((sum, part) => sum + part.meanSquaredError, 0) / parts.length,
  };
}
