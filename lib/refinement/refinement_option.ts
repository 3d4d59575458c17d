/**
 * The option that tells what reconstructions show.
 *
 * @module
 */
import { option } from "../core/option.ts";
import { REFINEMENTS } from "./refinement.ts";

/** What reconstructions show. */
export const refine = option.choice({
  doc:
    "What is shown: the network's prediction (none), the photograph on the predicted shape (texture), or shape, pose and " +
    "texture refined to the photograph (full).",
  choices: REFINEMENTS,
  default: "full",
});
