/**
 * Outputs of YOLO models for segmentation: rows of box, class scores and mask weights, and the maps that these weigh.
 *
 * @module
 */
import { UserError } from "../../lib/core/errors.ts";
import { boxInImage, type Instance, maskOfMap, type Placement } from "../../lib/datasets/detect/instance.ts";
import type { ModelArray } from "../../lib/vision/image_model.ts";

/** IoU of boxes from which on the less sure one of the same class is left out. */
const MOST_IOU = 0.7;
/** Most objects of an image. */
const MOST_OBJECTS = 300;

/** How rows are laid out. */
export type YoloRows =
  /** Centre and size, class scores (version 8 and later). */
  | "scores"
  /** Centre and size, whether there is an object, class scores (version 5). */
  | "objectness"
  /** Corners, score and class, sorted out already. */
  | "finished";

/** The two outputs, understood. */
export interface YoloOutputs {
  /** Rows, `[N, columns]`, by a function. */
  readonly rows: ModelArray;
  /** Whether a row is a column of the array. */
  readonly transposed: boolean;
  /** Number of rows, N. */
  readonly count: number;
  /** Values of a row. */
  readonly columns: number;
  /** Layout of the rows. */
  readonly layout: YoloRows;
  /** Maps, `[1, M, h, w]`. */
  readonly maps: ModelArray;
}

/**
 * Tells the two outputs by their shapes; null if they are not those of such a model.
 *
 * @param outputs Outputs by name
 * @param classCount Number of classes
 */
export function yoloOutputs(
  outputs: Readonly<Record<string, ModelArray>>,
  classCount: number,
): YoloOutputs | null {
  const arrays = Object.values(outputs);
  const maps = arrays.find(({ shape }) => shape.length === 4);
  const rows = arrays.find(({ shape }) => shape.length === 3);
  if (!maps || !rows || arrays.length !== 2) return null;
  const weights = maps.shape[1];
  const layouts: Record<YoloRows, number> = {
    scores: 4 + classCount + weights,
    objectness: 5 + classCount + weights,
    finished: 6 + weights,
  };
  const orders: [boolean, YoloRows[]][] = [[true, ["scores", "objectness"]], [false, [
    "finished",
    "objectness",
    "scores",
  ]]];
  for (const [transposed, order] of orders) {
    const columns = rows.shape[transposed ? 1 : 2], count = rows.shape[transposed ? 2 : 1];
    const layout = order.find((name) => layouts[name] === columns);
    if (layout) return { rows, transposed, count, columns, layout, maps };
  }
  throw new UserError(
    `Cannot understand the model's output [${rows.shape}]: with ${classCount} classes and ${weights} mask weights a row ` +
      `must have ${layouts.scores}, ${layouts.objectness} or ${layouts.finished} values; give its classes with 'labels'`,
  );
}

/** A row above the threshold. */
interface Candidate {
  readonly row: number;
  readonly score: number;
  readonly label: number;
  /** Corners in the input. */
  readonly box: readonly [number, number, number, number];
}

/**
 * Objects of an image, the surest first; of boxes of one class that overlap the surest is taken.
 *
 * @param outputs Outputs of the model
 * @param placement How the image lies in the input
 * @param inputSides Rows and columns of the input
 * @param names Names of the class numbers
 * @param threshold Least score
 */
export function yoloInstances(
  outputs: YoloOutputs,
  placement: Placement,
  inputSides: readonly [number, number],
  names: ReadonlyMap<number, string>,
  threshold: number,
): Instance[] {
  const { layout, columns, maps } = outputs;
  const [weights, height, width] = maps.shape.slice(1);
  const candidates = candidatesOf(outputs, names.size, threshold).sort((a, b) =>
    b.score - a.score || a.row - b.row
  );
  const kept = layout === "finished" ? candidates : withoutOverlaps(candidates);
  return kept.slice(0, MOST_OBJECTS).flatMap(({ row, score, label, box: inputBox }): Instance[] => {
    const box = boxInImage(inputBox, placement);
    const className = names.get(label);
    if (className === undefined || !(box[2] > box[0] && box[3] > box[1])) return [];
    const map = new Float64Array(height * width); // [h, w]
    for (let m = 0; m < weights; m++) {
      const weight = valueOf(outputs, row, columns - weights + m);
      for (let p = 0; p < map.length; p++) map[p] += weight * Number(maps.data[m * map.length + p]);
    }
    const mask = maskOfMap(box, placement, map, height, width, 0, (x, y) => [
      (x * placement.scale[0] + placement.offset[0]) * width / inputSides[1],
      (y * placement.scale[1] + placement.offset[1]) * height / inputSides[0],
    ]);
    return [{ className, score, box, mask }];
  });
}

function candidatesOf(outputs: YoloOutputs, classCount: number, threshold: number): Candidate[] {
  const { count, layout } = outputs;
  const candidates: Candidate[] = [];
  for (let row = 0; row < count; row++) {
    const value = (column: number) => valueOf(outputs, row, column);
    if (layout === "finished") {
      const score = value(4);
      if (score < threshold || score <= 0) continue;
      candidates.push({
        row,
        score,
        label: Math.round(value(5)),
        box: [value(0), value(1), value(2), value(3)],
      });
      continue;
    }
    const first = layout === "scores" ? 4 : 5;
    let label = 0;
    for (let c = 1; c < classCount; c++) if (value(first + c) > value(first + label)) label = c;
    const score = value(first + label) * (layout === "scores" ? 1 : value(4));
    if (score < threshold || score <= 0) continue;
    const [x, y, w, h] = [value(0), value(1), value(2), value(3)];
    candidates.push({ row, score, label, box: [x - w / 2, y - h / 2, x + w / 2, y + h / 2] });
  }
  return candidates;
}

function valueOf({ rows, transposed, count, columns }: YoloOutputs, row: number, column: number): number {
  return Number(rows.data[transposed ? column * count + row : row * columns + column]);
}

function withoutOverlaps(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    if (kept.length >= MOST_OBJECTS) break;
    const covered = kept.some(({ label, box }) =>
      label === candidate.label && iou(box, candidate.box) > MOST_IOU
    );
    if (!covered) kept.push(candidate);
  }
  return kept;
}

function iou(a: Candidate["box"], b: Candidate["box"]): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Candidate["box"]) => (box[2] - box[0]) * (box[3] - box[1]);
  return width * height / (area(a) + area(b) - width * height);
}
