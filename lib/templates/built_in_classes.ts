/**
 * The classes whose templates the package brings.
 *
 * @module
 */

/** Names in the original's order of classes. */
export const BUILT_IN_CLASSES: readonly string[] = [
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
];
