/**
 * How far reconstructions are refined before a person sees them.
 *
 * @module
 */

/** What is shown of a photograph: a network's prediction, the photograph on the predicted shape, or a fitted shape with it. */
export const REFINEMENTS = ["none", "texture", "full"] as const;

/** How far a reconstruction is refined. */
export type Refinement = typeof REFINEMENTS[number];

/** What people read beside reconstructions. */
export const REFINEMENT_WORDS = {
  none: "the network's predictions",
  texture: "predicted shapes with the photographs projected onto them and completed",
  full: "shape, pose and texture refined to each photograph",
} as const satisfies Record<Refinement, string>;
