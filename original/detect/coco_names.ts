/**
 * Names of COCO's classes, in the order that most detectors number them.
 *
 * @module
 */

/** The 80 classes. */
export const COCO_NAMES: readonly string[] = [
  "person",
  "bicycle",
  "car",
  "motorcycle",
  "airplane",
  "bus",
  "train",
  "truck",
  "boat",
  "traffic light",
  "fire hydrant",
  "stop sign",
  "parking meter",
  "bench",
  "bird",
  "cat",
  "dog",
  "horse",
  "sheep",
  "cow",
  "elephant",
  "bear",
  "zebra",
  "giraffe",
  "backpack",
  "umbrella",
  "handbag",
  "tie",
  "suitcase",
  "frisbee",
  "skis",
  "snowboard",
  "sports ball",
  "kite",
  "baseball bat",
  "baseball glove",
  "skateboard",
  "surfboard",
  "tennis racket",
  "bottle",
  "wine glass",
  "cup",
  "fork",
  "knife",
  "spoon",
  "bowl",
  "banana",
  "apple",
  "sandwich",
  "orange",
  "broccoli",
  "carrot",
  "hot dog",
  "pizza",
  "donut",
  "cake",
  "chair",
  "couch",
  "potted plant",
  "bed",
  "dining table",
  "toilet",
  "tv",
  "laptop",
  "mouse",
  "remote",
  "keyboard",
  "cell phone",
  "microwave",
  "oven",
  "toaster",
  "sink",
  "refrigerator",
  "book",
  "clock",
  "vase",
  "scissors",
  "teddy bear",
  "hair drier",
  "toothbrush",
];

/** Numbers from 1 to 90 that COCO's annotation files leave out. */
const UNUSED_IDS = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);

/**
 * How a model numbers its classes: the 80 names from 0 or from 1 on, or COCO's own numbers from 1 to 90, or names of its
 * own from 0 on.
 */
export type ClassNumbering = "coco80" | "coco80_from_1" | "coco91" | readonly string[];

/** Name of each number of a numbering. */
export function classNamesOf(numbering: ClassNumbering): ReadonlyMap<number, string> {
  if (typeof numbering !== "string") return new Map(numbering.map((name, i) => [i, name]));
  if (numbering === "coco80") return new Map(COCO_NAMES.map((name, i) => [i, name]));
  if (numbering === "coco80_from_1") return new Map(COCO_NAMES.map((name, i) => [i + 1, name]));
  const ids = Array.from({ length: 90 }, (_, i) => i + 1).filter((id) => !UNUSED_IDS.has(id));
  return new Map(COCO_NAMES.map((name, i) => [ids[i], name]));
}
