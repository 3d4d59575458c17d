/**
 * A loss of a user's own in place of the squared difference of silhouette and mask.
 *
 * @module
 */

/**
 * Compares one silhouette with what it should be, and writes the gradient for its pixels. Covered pixels pass no gradient
 * on.
 *
 * @param silhouette Rendered, 0 to 1, `[S, S]`
 * @param wanted The mask at that size, or with the border of a soft silhouette, `[S, S]`
 * @param gradient Where the derivative of the loss goes, for each pixel of the silhouette, `[S, S]`
 * @returns The loss; that of the paper is a mean over pixels
 */
export type SilhouetteLoss = (
  silhouette: Float32Array,
  wanted: Float32Array,
  gradient: Float32Array,
) => number;

/** A user's own parts of the pose search. */
export interface PoseParts {
  /** What is minimised, beside the image-boundary penalty. */
  readonly loss?: SilhouetteLoss;
}
