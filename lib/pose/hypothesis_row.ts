/**
 * All hypotheses of one image as one row of numbers.
 *
 * @module
 */
import type { Hypotheses } from "./files.ts";
import type { FittedImage } from "./fitted_image.ts";

/** How many hypotheses of how many images there are. */
export type HypothesisCounts = Pick<Hypotheses, "N" | "H" | "T">;

/** An array of the hypotheses. */
export type HypothesisField = "rotation" | "scale" | "translation" | "perspective" | "weights" | "iou";

/** Where a row holds a field. */
export interface RowPart {
  /** The field. */
  readonly field: HypothesisField;
  /** First value in the row. */
  readonly offset: number;
  /** Number of values, H times those of one hypothesis. */
  readonly length: number;
}

/** The parts of a row, in the order of their values, which is that of the fields in the result's file. */
export function rowParts({ H, T }: Pick<HypothesisCounts, "H" | "T">): RowPart[] {
  const widths: Readonly<Record<HypothesisField, number>> = {
    rotation: 4,
    scale: 1,
    translation: 2,
    perspective: 1,
    weights: T,
    iou: 1,
  };
  let offset = 0;
  return Object.entries(widths).map(([field, width]) => {
    const part = { field: field as HypothesisField, offset, length: H * width };
    offset += part.length;
    return part;
  });
}

/** Number of values in a row. */
export function rowLength(counts: Pick<HypothesisCounts, "H" | "T">): number {
  return rowParts(counts).reduce((sum, { length }) => sum + length, 0);
}

/**
 * The row of an image.
 *
 * @param fitted Its hypotheses
 * @param counts Number of hypotheses and templates
 */
export function rowOf(fitted: FittedImage, counts: Pick<HypothesisCounts, "H" | "T">): Float32Array {
  const row = new Float32Array(rowLength(counts));
  for (const { field, offset } of rowParts(counts)) {
    if (field !== "weights") row.set(fitted[field], offset);
    else fitted.template.forEach((t, h) => row[offset + h * counts.T + t] = 1);
  }
  return row;
}
