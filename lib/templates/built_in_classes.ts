/**
 * The classes whose templates the package brings.
 *
 * @module
 */

/** Names in the original's order of classes. */
export const CLASS_NAMES = [
  "motorcycle",
  "bus",
  "truck",
  "car",
  "airplane",
  "bird",
  "sheep",
  "elephant",
  "zebra",
  "horse",
  "cow",
  "bear",
  "giraffe",
] as const;

/** The same as texts, among which any other is looked for. */
export const BUILT_IN_CLASSES: readonly string[] = CLASS_NAMES;
