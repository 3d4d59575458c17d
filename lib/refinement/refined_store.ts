/**
 * The folder that refinement fills: what each round comes to, for the process that asks and for workers that write.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { hashText } from "../core/prng.ts";
import { agree } from "../core/process_group.ts";
import { removeIfThere } from "../io/remove_if_there.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import { beginStage, type Origin, originFile } from "../io/stage_folder.ts";
import {
  FITS,
  fittedFile,
  type ObjectFiles,
  readFittedObject,
  readRefinedObject,
  REFINED_FILES,
  refinedFile,
  type RefinedReader,
} from "./files.ts";

/** The objects of a data set while refinement makes them. */
export interface RefinedStore extends RefinedReader {
  /**
   * Notes what the objects are made from, or checks it where there are some. Of several processes one does so.
   *
   * @throws {UserError} If there are objects of another origin, which may not be replaced
   */
  begin(origin: Origin): Promise<void>;
  /** Makes a place for a round of fits. */
  openFits(round?: number): Promise<void>;
  /** Removes a round of fits. */
  removeFits(round: number): Promise<void>;
  /** Mean shapes of a round, each `[V, 3]`, as they are kept; null if they are not, or of another size. */
  readMeanShapes(round: number, count: number, length: number): Promise<Float32Array[] | null>;
  /** Keeps the mean shapes of a round. */
  writeMeanShapes(round: number, shapes: readonly Float32Array[]): Promise<void>;
}

/**
 * The store in a folder; nothing is read or written before refinement begins.
 *
 * @param folder Path of the folder
 * @param overwrite Whether objects of another origin are removed
 */
export function refinedStore(folder: string, overwrite = false): RefinedStore {
  const nameOf = (round?: number) => round === undefined ? FITS : `${FITS}_${round}`;
  const meanFile = (round: number) => join(folder, `mean_${round}.safetensors`);
  return {
    begin: (origin) => beginStage(folder, origin, REFINED_FILES, overwrite),
    origin: async () => hashText(await Deno.readTextFile(originFile(folder))).toString(16),
    place: (id) => refinedFile(folder, id),
    read: (id) => readRefinedObject(refinedFile(folder, id)),
    fits(round) {
      const place = (id: string) => fittedFile(folder, id, nameOf(round));
      return { place, read: (id) => readFittedObject(place(id)) };
    },
    openFits: (round) => Deno.mkdir(join(folder, nameOf(round)), { recursive: true }),
    removeFits: (round) => removeIfThere(join(folder, nameOf(round))),
    async readMeanShapes(round, count, length) {
      const file = await readSafetensors(meanFile(round)).catch(nullIfUnusable);
      const data = file?.arrays.vertices?.data;
      if (!(data instanceof Float32Array) || data.length !== count * length) return null;
      return Array.from({ length: count }, (_, t) => data.slice(t * length, (t + 1) * length));
    },
    async writeMeanShapes(round, shapes) {
      const data = Float32Array.from(shapes.flatMap((shape) => Array.from(shape)));
      const shape = [shapes.length, shapes[0].length / 3, 3];
      await writeSafetensors(meanFile(round), { vertices: { data, shape } });
    },
  };
}

/**
 * Rows whose object is not there or damaged; of several processes the first one looks.
 *
 * @param objects The objects
 * @param ids Ids of the rows
 */
export function missingRows(
  { read }: ObjectFiles<{ readonly id: string }>,
  ids: readonly string[],
): Promise<number[]> {
  return agree(async () => {
    const missing: number[] = [];
    for (const [row, id] of ids.entries()) {
      if ((await read(id).catch(nullIfUnusable))?.id !== id) missing.push(row);
    }
    return missing;
  });
}

function nullIfUnusable(error: unknown): null {
  if (error instanceof UserError) return null;
  throw error;
}
