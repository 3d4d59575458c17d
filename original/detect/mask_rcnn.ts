/**
 * Outputs of Mask R-CNN models: boxes, labels, scores, and masks of the boxes or of the whole input.
 *
 * @module
 */
import { UserError } from "../../lib/core/errors.ts";
import { boxInImage, type Instance, maskOfMap, type Placement } from "../../lib/datasets/detect/instance.ts";
import type { ModelArray } from "../../lib/vision/image_model.ts";

/** The four outputs. */
export interface MaskRcnnOutputs {
  /** x1, y1, x2, y2 in the input, `[N, 4]`. */
  readonly boxes: ModelArray;
  /** Numbers of classes, `[N]`. */
  readonly labels: ModelArray;
  /** `[N]`. */
  readonly scores: ModelArray;
  /** Probabilities, `[N, (1,) h, w]`; of the box if they are small, else of the whole input. */
  readonly masks: ModelArray;
}

/** Largest side of masks that are of boxes. */
const LARGEST_BOX_MASK = 56;

/**
 * Tells the four outputs by their shapes and types; null if they are not those of such a model.
 *
 * @param outputs Outputs by name
 */
export function maskRcnnOutputs(outputs: Readonly<Record<string, ModelArray>>): MaskRcnnOutputs | null {
  const entries = Object.entries(outputs).map(([name, array]) => [name.toLowerCase(), array] as const);
  const rank = (array: ModelArray) => array.shape.length;
  const find = (test: (array: ModelArray) => boolean, word: RegExp) => {
    const fitting = entries.filter(([, array]) => test(array));
    return fitting.find(([name]) => word.test(name))?.[1] ??
      (fitting.length === 1 ? fitting[0][1] : undefined);
  };
  const isWhole = (array: ModelArray) =>
    array.data instanceof BigInt64Array || array.data instanceof Int32Array;
  const boxes = find((array) => rank(array) === 2 && array.shape[1] === 4, /box/);
  const labels = find((array) => rank(array) === 1 && isWhole(array), /label|class/) ??
    find((array) => rank(array) === 1, /label|class/);
  const scores = find((array) => rank(array) === 1 && !isWhole(array), /score|prob/);
  const masks = find((array) => rank(array) === 4 || (rank(array) === 3 && array.shape[1] > 4), /mask/);
  if (!boxes || !labels || !scores || !masks) return null;
  const count = boxes.shape[0];
  const same = [labels, scores, masks].every((array) => array.shape[0] === count);
  return same ? { boxes, labels, scores, masks } : null;
}

/**
 * Objects of an image.
 *
 * @param outputs Outputs of the model
 * @param placement How the image lies in the input
 * @param names Names of the class numbers
 * @param threshold Least score
 * @returns Objects in the order of the model
 * @throws {UserError} If a class has no name
 */
export function maskRcnnInstances(
  { boxes, labels, scores, masks }: MaskRcnnOutputs,
  placement: Placement,
  names: ReadonlyMap<number, string>,
  threshold: number,
): Instance[] {
  const [height, width] = masks.shape.slice(-2);
  const instances: Instance[] = [];
  for (let k = 0; k < boxes.shape[0]; k++) {
    const score = Number(scores.data[k]);
    if (score < threshold) continue;
    const label = Number(labels.data[k]);
    const className = names.get(label);
    if (className === undefined) {
      throw new UserError(
        `Cannot name the class ${label} of the model: known are ${
          [...names.keys()].slice(0, 5).join(", ")
        }, … ; ` +
          `tell how it numbers its classes with 'labels'`,
      );
    }
    const inputBox = Array.from({ length: 4 }, (_, c) => Number(boxes.data[4 * k + c]));
    const box = boxInImage(inputBox, placement);
    if (!(box[2] > box[0] && box[3] > box[1])) continue;
    const map = subarray(masks, k * height * width, height * width);
    const ofBox = Math.max(height, width) <= LARGEST_BOX_MASK;
    const mask = maskOfMap(
      box,
      placement,
      map,
      height,
      width,
      0.5,
      (x, y) =>
        ofBox
          ? [(x - box[0]) / (box[2] - box[0]) * width, (y - box[1]) / (box[3] - box[1]) * height]
          : [x * placement.scale[0] + placement.offset[0], y * placement.scale[1] + placement.offset[1]],
    );
    instances.push({ className, score, box, mask });
  }
  return instances;
}

function subarray({ data }: ModelArray, start: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => Number(data[start + i]));
}
