/**
 * Sets of photographs of real things with masks, and what is known about each photograph.
 *
 * A set is a folder with `images`, `masks` and `index.json`, a list with one entry an image. Its class is the template
 * category that stands in the folder's name.
 *
 * @module
 */
import { type Option, option } from "../../lib/core/option.ts";
import { join } from "@std/path";
import * as v from "valibot";
import { hashText, Prng } from "../../lib/core/prng.ts";
import { readJson } from "../../lib/io/json_file.ts";
import { BUILT_IN_CLASSES } from "../../lib/templates/built_in_classes.ts";
import { exists } from "../../lib/io/exists.ts";

/** File that lists the images of a set. */
const INDEX_FILE = "index.json";
const INDEX = v.array(v.object({
  name: v.string(),
  car_id: v.optional(v.string()),
  turntable_azimuth_deg: v.optional(v.number()),
  instance: v.optional(v.string()),
  angle1_polar_from_top_deg: v.optional(v.number()),
  angle2_azimuth_deg: v.optional(v.number()),
}));
type Entry = v.InferOutput<typeof INDEX>[number];
/** Names of toys on a turntable: toy, angle from straight above, azimuth; the index may say the same. */
const TOY_NAME = /^(\w+)-(\d{3})-(\d{3})$/;
/** Azimuth of toys that shows the front. */
const TOY_FRONT = 90;

/** What is known about a photograph. */
export interface RealImage {
  /** Its name without folder and ending. */
  readonly name: string;
  /** Object that it shows; photographs of one object share it. */
  readonly group: string;
  /** Azimuth in degrees: 0 shows the front, 90 the front to the image's left; null if it is not known. */
  readonly azimuth: number | null;
  /** Angle from straight above in degrees, 90 is level; null if it is not known. */
  readonly polar: number | null;
  /** Direction from which the object is seen, shared by images of different objects; null if it is not known. */
  readonly direction: string | null;
}

/** A set of photographs. */
export interface RealSet {
  /** Name of its folder. */
  readonly name: string;
  /** Its folder. */
  readonly folder: string;
  /** Class of the things, which chooses the templates. */
  readonly category: string;
  /** The photographs by their names. */
  readonly images: ReadonlyMap<string, RealImage>;
}

/**
 * Finds the sets of a folder.
 *
 * @param folder Folder of sets
 * @param onMessage Told what is left out because there is no template for it
 * @returns Sets by name; none if the folder is missing
 * @throws {UserError} If an index is damaged
 */
export async function findRealSets(
  folder: string,
  onMessage?: (sentence: string) => void,
): Promise<RealSet[]> {
  if (!await exists(folder)) return [];
  const sets: RealSet[] = [];
  for (const { name, isFile } of [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = join(folder, name);
    if (isFile || !await exists(join(path, INDEX_FILE))) continue;
    const category = categoryOf(name);
    if (category === null) {
      onMessage?.(`${path} is left out: its name has no class with a template in it.`);
      continue;
    }
    const entries = await readJson(join(path, INDEX_FILE), INDEX, "index of photographs");
    const images = new Map(entries.map((entry) => [entry.name, realImage(entry)]));
    sets.push({ name, folder: path, category, images });
  }
  return sets;
}

/** The longest template category in a name; null if there is none. */
function categoryOf(name: string): string | null {
  const found = BUILT_IN_CLASSES.filter((category) => name.includes(category));
  return found.sort((a, b) => b.length - a.length)[0] ?? null;
}

function realImage(entry: Entry): RealImage {
  const { name, car_id, instance, turntable_azimuth_deg } = entry, toy = TOY_NAME.exec(name);
  const polar = entry.angle1_polar_from_top_deg ?? (toy ? Number(toy[2]) : null);
  const turn = entry.angle2_azimuth_deg ?? (toy ? Number(toy[3]) : null);
  const group = car_id ?? instance ?? toy?.[1] ?? name;
  if (polar !== null && turn !== null) {
    const direction = [polar, turn].map((angle) => String(angle).padStart(3, "0")).join("-");
    return { name, group, azimuth: turn - TOY_FRONT, polar, direction };
  }
  const azimuth = turntable_azimuth_deg ?? null;
  return { name, group, azimuth, polar: null, direction: azimuth === null ? null : `${azimuth}°` };
}

/** Sets that are measured. */
export const sets: Option<readonly string[], "default"> = option.list({
  doc: "Folders under TEXMESH_REAL that are evaluated; all takes every one that is there.",
  default: ["all"],
});

/** Which photographs of a set are taken. */
export interface RealSelection {
  /** Number of objects, 0 for all. */
  readonly objects: number;
  /** Least angle from straight above in degrees, for photographs whose angle is known. */
  readonly leastPolar: number;
  /** Seed of the choice of objects. */
  readonly seed: number;
}

/**
 * Chooses photographs: all of some objects.
 *
 * @returns Names in the order of the index
 */
export function selectImages(
  { images }: RealSet,
  { objects, leastPolar, seed }: RealSelection,
): string[] {
  const seen = [...images.values()].filter(({ polar }) => polar === null || polar >= leastPolar);
  const groups = [...new Set(seen.map(({ group }) => group))];
  const count = objects === 0 ? groups.length : Math.min(objects, groups.length);
  const order = new Prng(seed, "real sets", "objects").permutation(groups.length);
  const taken = new Set(order.slice(0, count).map((i) => groups[i]));
  return seen.filter(({ group }) => taken.has(group)).map(({ name }) => name);
}

/** Name of the data set of a selection; another selection, or a set in another folder, has another name. */
export function realDatasetName({ name, folder }: RealSet, names: readonly string[], limit: number): string {
  const hash = hashText(JSON.stringify([Deno.realPathSync(folder), names, limit]));
  return `real_${name}_${hash.toString(16).padStart(8, "0")}`;
}
