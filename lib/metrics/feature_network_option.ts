/**
 * The option that chooses a feature network.
 *
 * @module
 */
import { option } from "../core/option.ts";
import { FEATURE_NETWORK_NAMES } from "./feature_network.ts";

/** Feature network. */
export const featureNetwork = option.choice({
  doc: "Feature network; auto takes inception_v3 where its weights are, else mobilenet_v2_nsfwjs.",
  choices: ["auto", ...FEATURE_NETWORK_NAMES],
  default: "auto",
});
