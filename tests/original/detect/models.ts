/** Small models whose outputs depend on the image. */
import type { ImageModel } from "../../../lib/vision/image_model.ts";
import type { OnnxGraph } from "../../helpers/onnx_builder.ts";

/** A mask of 4 x 4: the left half of its box. */
export const HALF = Array.from({ length: 16 }, (_, k) => k % 4 < 2 ? 1 : 0);

/**
 * A model with the outputs of Mask R-CNN: a car (COCO's 3) whose score is the mean of the first channel, and a person
 * (1) of 0.95.
 */
export const MASK_RCNN: OnnxGraph = {
  input: { name: "image", shape: [3, "h", "w"] },
  constants: [
    { name: "boxes_in", shape: [2, 4], values: [10, 20, 90, 70, 0, 0, 20, 10] },
    { name: "labels_in", shape: [2], values: [3, 1], type: "int64" },
    { name: "masks_in", shape: [2, 1, 4, 4], values: [...HALF, ...HALF.map(() => 1)] },
    { name: "other", shape: [1], values: [0.95] },
    { name: "first", shape: [1], values: [0], type: "int64" },
  ],
  nodes: [
    { kind: "Gather", inputs: ["image", "first"], outputs: ["red"], attributes: { axis: 0 } },
    { kind: "ReduceMean", inputs: ["red"], outputs: ["mean"], attributes: { axes: [1, 2], keepdims: 0 } },
    { kind: "Concat", inputs: ["mean", "other"], outputs: ["scores"], attributes: { axis: 0 } },
    { kind: "Identity", inputs: ["boxes_in"], outputs: ["boxes"] },
    { kind: "Identity", inputs: ["labels_in"], outputs: ["labels"] },
    { kind: "Identity", inputs: ["masks_in"], outputs: ["masks"] },
  ],
  outputs: [
    { name: "boxes", rank: 2 },
    { name: "labels", rank: 1, type: "int64" },
    { name: "scores", rank: 1 },
    { name: "masks", rank: 4 },
  ],
};

/** Rows of {@link YOLO}: centre, size, scores of 80 classes, weights of 2 maps. */
export const YOLO_ROWS = [
  { box: [32, 32, 40, 24], label: 2, score: 0.97, weights: [8, 0] },
  { box: [33, 32, 40, 24], label: 2, score: 0.95, weights: [8, 0] }, // the same object again
  { box: [32, 32, 40, 24], label: 14, score: 0.99, weights: [0, 8] },
  { box: [10, 10, 4, 4], label: 2, score: 0.2, weights: [8, 8] },
];

const ROWS = 4, COLUMNS = 4 + 80 + 2;

/** Values of the rows, `[1, columns, N]`. */
export const YOLO_VALUES = Array.from({ length: COLUMNS * ROWS }, (_, k) => {
  const column = Math.floor(k / ROWS), { box, label, score, weights } = YOLO_ROWS[k % ROWS];
  if (column < 4) return box[column];
  return column < 84 ? (column - 4 === label ? score : 0) : weights[column - 84];
});

/** Maps of 16 x 16: the left half, and everything. */
export const YOLO_MAPS = Array.from({ length: 2 * 256 }, (_, k) => k >= 256 || k % 16 < 8 ? 1 : -1);

/** A model with the outputs of YOLO version 8 for an input of 64 x 64. */
export const YOLO: OnnxGraph = {
  input: { name: "images", shape: [1, 3, 64, 64] },
  constants: [
    { name: "rows", shape: [1, COLUMNS, ROWS], values: YOLO_VALUES },
    { name: "maps", shape: [1, 2, 16, 16], values: YOLO_MAPS },
  ],
  nodes: [
    { kind: "Identity", inputs: ["rows"], outputs: ["output0"] },
    { kind: "Identity", inputs: ["maps"], outputs: ["output1"] },
  ],
  outputs: [{ name: "output0", rank: 3 }, { name: "output1", rank: 4 }],
};

/** What {@link MASK_RCNN} computes, without a runtime. */
export function maskRcnnModel(seen: { shape?: readonly number[] } = {}): ImageModel {
  return {
    inputShape: [3, null, null],
    run({ data, shape }) {
      seen.shape = shape;
      const pixels = shape[1] * shape[2];
      const mean = data.subarray(0, pixels).reduce((sum, value) => sum + value, 0) / pixels;
      const of = (name: string) => {
        const { values, shape } = MASK_RCNN.constants.find((constant) => constant.name === name)!;
        return { data: Float32Array.from(values), shape };
      };
      const labels = { data: BigInt64Array.of(3n, 1n), shape: [2] };
      const scores = { data: Float32Array.of(mean, 0.95), shape: [2] };
      return Promise.resolve({ boxes: of("boxes_in"), labels, scores, masks: of("masks_in") });
    },
    close: () => Promise.resolve(),
  };
}

/** What {@link YOLO} computes, without a runtime. */
export function yoloModel(): ImageModel {
  return {
    inputShape: [1, 3, 64, 64],
    run: () =>
      Promise.resolve({
        output0: { data: Float32Array.from(YOLO_VALUES), shape: [1, COLUMNS, ROWS] },
        output1: { data: Float32Array.from(YOLO_MAPS), shape: [1, 2, 16, 16] },
      }),
    close: () => Promise.resolve(),
  };
}
