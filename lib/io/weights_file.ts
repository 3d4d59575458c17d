/**
 * Files of a network's weights: arrays by name, as safetensors or in a form that is registered.
 *
 * @module
 */
import { extname } from "@std/path";
import type { NdArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { parseSafetensors } from "./safetensors_bytes.ts";

/** Reads the arrays of a file; `path` is for messages. */
export type WeightsReader = (bytes: Uint8Array<ArrayBuffer>, path: string) => ReadonlyMap<string, NdArray>;

const readers = new Map<string, WeightsReader>([
  [".safetensors", (bytes, path) => new Map(Object.entries(parseSafetensors(bytes, path).arrays))],
]);

/** Lets files of this ending, such as `.pth`, be read as weights. */
export function registerWeightsReader(ending: string, reader: WeightsReader): void {
  readers.set(ending, reader);
}

/**
 * Reads weights.
 *
 * @param bytes The whole file
 * @param path Where the bytes are from; its ending tells the form
 * @returns Arrays by name
 * @throws {UserError} If the file is damaged or of a form that no reader is registered for
 */
export function readWeights(bytes: Uint8Array<ArrayBuffer>, path: string): ReadonlyMap<string, NdArray> {
  const reader = readers.get(extname(path).toLowerCase());
  if (reader) return reader(bytes, path);
  throw new UserError(
    `Cannot use ${path} as weights: its name must end in ${[...readers.keys()].join(" or ")}.`,
  );
}
