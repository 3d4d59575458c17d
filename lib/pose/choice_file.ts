/**
 * What a report shows of pose step 2 beyond the poses that were kept: the best pose of every photograph, and why some
 * were left out.
 *
 * @module
 */
import * as v from "valibot";
import type { NdArray } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { parseJson } from "../io/json_file.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import type { ChoiceRule } from "./choose.ts";
import type { PoseChoice } from "./step2.ts";
import type { PoseColumns } from "./files.ts";

/** The choice of step 2 for all N photographs. */
export interface PoseChoiceTable extends PoseColumns {
  /** IoU of the parts, `[N]`. */
  readonly miou: Float32Array;
  /** Score that decided, `[N]`. */
  readonly score: Float32Array;
  /** Disagreement of the hypotheses, `[N]`. */
  readonly disagreement: Float32Array;
  /** 1 for photographs that were kept, `[N]`. */
  readonly kept: Uint8Array;
  /** How clear the best pose is, `[N]`; null in older files. */
  readonly margin: Float32Array | null;
  /** 1 for photographs whose pose a person set, 2 for those that a person left out, else 0, `[N]`. */
  readonly corrected: Uint8Array;
  /** By which rule photographs were kept. */
  readonly rule: ChoiceRule;
  /** Score that a kept photograph exceeds; null if none was asked for. */
  readonly threshold: number | null;
}

const RULES = [
  "agreement and score",
  "agreement and margin",
  "agreement, score and margin",
  "all",
  "better half",
] as const satisfies readonly ChoiceRule[];
const HEADER = v.object({
  ids: v.array(v.string()),
  rule: v.picklist(RULES),
  threshold: v.nullable(v.number()),
});
const WIDTHS = {
  rotation: 4,
  scale: 1,
  translation: 2,
  perspective: 1,
  weights: 0, // one per template
  iou: 1,
  miou: 1,
  score: 1,
  disagreement: 1,
} as const;

/**
 * Writes the choice for all photographs.
 *
 * @param path Target
 * @param choice Result of step 2
 */
export async function writePoseChoice(path: string, choice: PoseChoice): Promise<void> {
  const { everyImage, best, scores, kept, rule, threshold } = choice;
  const N = best.length, H = scores.length / N;
  const values = {
    ...everyImage,
    score: Float32Array.from(best, (h, i) => scores[i * H + h]),
    disagreement: choice.disagreement,
  };
  const arrays: Record<string, NdArray> = {
    kept: { data: Uint8Array.from({ length: N }, (_, i) => kept.includes(i) ? 1 : 0), shape: [N] },
    margin: { data: choice.margins, shape: [N] },
    corrected: { data: choice.corrected ?? new Uint8Array(N), shape: [N] },
  };
  for (const name of Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]) {
    const data = values[name];
    arrays[name] = { data, shape: data.length === N && name !== "weights" ? [N] : [N, data.length / N] };
  }
  const header = { ids: everyImage.ids, rule, threshold };
  await writeSafetensors(path, arrays, { choice: JSON.stringify(header) });
}

/**
 * Reads the choice for all photographs.
 *
 * @throws {UserError} If the file is missing, damaged or lacks an array
 */
export async function readPoseChoice(path: string): Promise<PoseChoiceTable> {
  const { arrays, metadata } = await readSafetensors(path);
  const header = parseJson(metadata.choice ?? "null", HEADER, `text "choice" of`, path);
  const N = header.ids.length;
  const found: Record<string, Float32Array> = {};
  for (const [name, width] of Object.entries(WIDTHS)) {
    const data = arrays[name]?.data;
    const fits = data instanceof Float32Array &&
      (width === 0 ? data.length >= N && data.length % Math.max(N, 1) === 0 : data.length === N * width);
    if (!fits) {
      throw new UserError(
        `Cannot read the choice of poses from ${path}: "${name}" must be float32 [${N}, ${
          width || "T"
        }], current ` +
          `value is ${arrays[name] ? `[${arrays[name].shape.join(", ")}]` : "missing"}`,
      );
    }
    found[name] = data;
  }
  const kept = arrays.kept?.data;
  if (!(kept instanceof Uint8Array) || kept.length !== N) {
    throw new UserError(`Cannot read the choice of poses from ${path}: "kept" must be uint8 [${N}]`);
  }
  const margin = arrays.margin?.data, corrected = arrays.corrected?.data;
  return {
    ...(found as Record<keyof typeof WIDTHS, Float32Array>),
    ...header,
    kept,
    margin: margin instanceof Float32Array && margin.length === N ? margin : null,
    corrected: corrected instanceof Uint8Array && corrected.length === N ? corrected : new Uint8Array(N),
  };
}
