/**
 * Options that evaluation and export of a generator share.
 *
 * @module
 */
import { option } from "../core/option.ts";

/** Perspective of the renders. */
export const perspective = option.boolean({ doc: "Render with each pose's perspective.", default: false });

/** One class. */
export const filterClass = option.text({
  doc: "One category of a run that was trained with 'conditionalClass'; all if left out.",
});

/** Checkpoint of a generator. */
export const generatorEpoch = (fallback: string) =>
  option.text({ doc: "Checkpoint to load: latest, best or an epoch's number.", default: fallback });

/** Weights of Inception v3. */
export const featureWeights = option.text({
  reads: true,
  doc: "File of torchvision's Inception v3 weights, for FID; else cache/inception_v3_google-0cc3c7bd.pth.",
});
