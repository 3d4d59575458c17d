/**
 * What detection finds objects with: a model, or the results of another tool.
 *
 * @module
 */
import { UserError } from "../../lib/core/errors.ts";
import { readCocoResults } from "./coco_results.ts";
import type { ClassNumbering } from "./coco_names.ts";
import { Detector, type DetectorOptions } from "./detector.ts";
import type { FindObjects } from "../../lib/datasets/detect/instance.ts";
import { loadOnnxModel } from "../../lib/vision/onnx_model.ts";

/** A source of objects; close it when done. */
export interface DetectSource {
  /** Finds objects. */
  readonly find: FindObjects;
  /** Frees what it holds. */
  close(): Promise<void>;
}

/**
 * Objects found by a model.
 *
 * @param path Model in ONNX's format
 * @param options Kind of the model
 * @throws {UserError} If it cannot be loaded
 */
export async function modelSource(path: string, options: DetectorOptions): Promise<DetectSource> {
  const model = await loadOnnxModel(path, { fetch: true });
  const detector = new Detector(model, options);
  return {
    find: async (_, image, threshold) => await detector.find(image, threshold),
    close: () => model.close(),
  };
}

/**
 * Objects found by another tool.
 *
 * @param results File in COCO's form
 * @param annotations File with images and categories; null if the results hold them
 * @param onMessage Told what was left out
 * @throws {UserError} If a file is missing or damaged
 */
export async function resultsSource(
  results: string,
  annotations: string | null,
  onMessage?: (sentence: string) => void,
): Promise<DetectSource> {
  const found = await readCocoResults(results, annotations, onMessage);
  return {
    find: (path, { height, width }, threshold, among = [path]) =>
      Promise.resolve(found.instances(path, among, height, width, threshold)),
    close: () => Promise.resolve(),
  };
}

/**
 * How a model numbers its classes.
 *
 * @param labels `coco80`, `coco80_from_1`, `coco91`, `auto` or a file with one name a line
 * @returns The numbering; null for `auto`
 * @throws {UserError} If there is no such file
 */
export async function readNumbering(labels: string): Promise<ClassNumbering | null> {
  if (labels === "auto") return null;
  if (labels === "coco80" || labels === "coco80_from_1" || labels === "coco91") return labels;
  const text = await Deno.readTextFile(labels).catch(() => {
    throw new UserError(
      `Cannot read the classes ${labels}: it must be coco80, coco80_from_1, coco91, auto or a file with one name a line`,
    );
  });
  return text.split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) => line !== "");
}
