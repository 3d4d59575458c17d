/**
 * The original's data sets: names, classes, synsets, and the parts that its detector knows.
 *
 * @module
 */
import { CLASS_NAMES } from "../../lib/templates/built_in_classes.ts";

export { CLASS_NAMES };

/** Name of a class. */
export type ClassName = (typeof CLASS_NAMES)[number];

/** Name of the data set that joins the default ones of all classes. */
export const ALL_CLASSES = "all";

/** The default data set of each class, in the order of their ids. */
export const DEFAULT_DATASETS: readonly string[] = CLASS_NAMES.map((name) =>
  name === "bird" ? "cub" : `imagenet_${name}`
);

/** Class of each of the original's data sets. */
export const DATASET_CLASSES: Readonly<Record<string, ClassName>> = {
  ...Object.fromEntries(DEFAULT_DATASETS.map((dataset, i) => [dataset, CLASS_NAMES[i]])),
  p3d_car: "car",
  p3d_airplane: "airplane",
};

/** Folders of ImageNet's images by class. */
export const IMAGENET_SYNSETS: Readonly<Partial<Record<ClassName, readonly string[]>>> = {
  motorcycle: ["n03790512", "n03791053", "n04466871"],
  bus: ["n04146614", "n02924116"],
  truck: ["n03345487", "n03417042", "n03796401"],
  car: [
    "n02814533",
    "n02958343",
    "n03498781",
    "n03770085",
    "n03770679",
    "n03930630",
    "n04037443",
    "n04166281",
    "n04285965",
  ],
  airplane: ["n02690373", "n02691156", "n03335030", "n04012084"],
  sheep: ["n10588074", "n02411705", "n02413050", "n02412210"],
  elephant: ["n02504013", "n02504458"],
  zebra: ["n02391049", "n02391234", "n02391373", "n02391508"],
  horse: ["n02381460", "n02374451"],
  cow: ["n01887787", "n02402425"],
  bear: ["n02132136", "n02133161", "n02131653", "n02134084"],
  giraffe: ["n02439033"],
};

/** Parts in the order of their names (their place is their id), with their numbers among the detector's classes. */
export const PARTS: readonly (readonly [name: string, ...detectorClasses: number[]])[] = [
  ["beak", 282],
  ["bumper", 444],
  ["cockpit", 680],
  ["door", 922],
  ["ear", 972],
  ["engine", 1011],
  ["eye", 1041],
  ["face", 1049],
  ["feather", 1067],
  ["fender", 1078],
  ["foot", 1163],
  ["gas_tank", 1225],
  ["grillroom", 1292],
  ["handlebar", 1334],
  ["head", 1349],
  ["headlight", 1354],
  ["hoof", 1398],
  ["horn", 1404],
  ["landing_gear", 1541],
  ["leg", 1568],
  ["license_plate", 1579],
  ["light", 1586, 1587, 1588],
  ["mane", 1654],
  ["mirror", 1714],
  ["mouth", 1750],
  ["neck", 1774],
  ["nose", 1793],
  ["seat", 2299],
  ["tail", 2660],
  ["trunk", 2797],
  ["wheel", 2927],
  ["window", 2947],
  ["windshield", 2953],
  ["wing", 2958],
];

/** Parts from the lowest to the highest: where two overlap, the later one is seen. */
const PART_ORDER = [
  "wing",
  "engine",
  "fender",
  "seat",
  "gas_tank",
  "handlebar",
  "door",
  "bumper",
  "grillroom",
  "license_plate",
  "wheel",
  "window",
  "windshield",
  "mirror",
  "light",
  "headlight",
  "landing_gear",
  "feather",
  "tail",
  "leg",
  "foot",
  "hoof",
  "neck",
  "mane",
  "head",
  "face",
  "mouth",
  "nose",
  "cockpit",
  "trunk",
  "horn",
  "ear",
  "eye",
  "beak",
];

/** Rank of a part, 1 to 34; where two overlap the higher one is seen. 0 of an unknown name. */
export function partPriority(name: string): number {
  return PART_ORDER.indexOf(name) + 1;
}

/** Number of each part by its number among the detector's classes. */
export const PART_OF_DETECTOR_CLASS: ReadonlyMap<number, number> = new Map(
  PARTS.flatMap(([, ...numbers], part) => numbers.map((number) => [number, part] as const)),
);
