/**
 * Finding objects in images with a model.
 *
 * @module
 */
import { option } from "../../lib/core/option.ts";
import { UserError } from "../../lib/core/errors.ts";
import type { ByteImage } from "../../lib/io/byte_image.ts";
import { classNamesOf, type ClassNumbering } from "./coco_names.ts";
import type { Instance } from "../../lib/datasets/detect/instance.ts";
import { maskRcnnInstances, maskRcnnOutputs } from "./mask_rcnn.ts";
import {
  MODEL_INPUT_DEFAULTS,
  modelInput,
  type ModelInputOptions,
} from "../../lib/datasets/detect/model_input.ts";
import type { ImageModel } from "../../lib/vision/image_model.ts";
import { yoloInstances, yoloOutputs } from "./yolo_outputs.ts";

/** Kinds of models, by their outputs. */
export type ModelLayout = "mask_rcnn" | "yolo";

/** Options of the command line that describe a detector's model. */
export const DETECTOR_OPTIONS = {
  layout: option.choice({
    doc: "Kind of the model, by its outputs.",
    choices: ["mask_rcnn", "yolo"],
    default: "mask_rcnn",
  }),
  labels: option.text({
    doc: "How the model numbers classes: coco80, coco80_from_1, coco91, or a file with one name a line; " +
      "auto is coco91 of mask_rcnn and coco80 of yolo.",
    default: "auto",
  }),
  inputSize: option.integer({
    doc: "Shorter side of the model's input in pixels where it takes any; 0 is the image's.",
    default: MODEL_INPUT_DEFAULTS.size,
    minimum: 0,
  }),
  bgr: option.boolean({ doc: "The model takes blue, green, red.", default: MODEL_INPUT_DEFAULTS.bgr }),
  inputMean: option.triple({
    doc: "What is subtracted from values 0 to 255, three numbers in the order of the model's channels.",
    default: MODEL_INPUT_DEFAULTS.mean,
  }),
  inputStd: option.triple({
    doc: "What values are divided by then.",
    default: MODEL_INPUT_DEFAULTS.deviation,
    above: 0,
  }),
} as const;

/** Options of {@link Detector}. */
export interface DetectorOptions extends Omit<ModelInputOptions, "letterbox"> {
  /** Kind of model. */
  layout: ModelLayout;
  /** How it numbers its classes; null takes that of its kind: `coco91` of Mask R-CNN, `coco80` of YOLO. */
  classes?: ClassNumbering | null;
}

/** A model that finds objects. */
export class Detector {
  readonly #model: ImageModel;
  readonly #options: DetectorOptions;
  readonly #names: ReadonlyMap<number, string>;

  /**
   * @param model Model of a known kind
   * @param options Which kind
   */
  constructor(model: ImageModel, options: DetectorOptions) {
    this.#model = model;
    this.#options = options;
    this.#names = classNamesOf(options.classes ?? (options.layout === "yolo" ? "coco80" : "coco91"));
  }

  /** Names of all classes. */
  get classNames(): string[] {
    return [...this.#names.values()];
  }

  /**
   * Finds objects of all classes.
   *
   * @param image Image, `[H, W, C]`
   * @param threshold Least score
   * @returns Objects
   * @throws {UserError} If the model's outputs are not of its kind
   */
  async find(image: ByteImage, threshold: number): Promise<Instance[]> {
    const { layout, classes: _, ...input } = this.#options;
    const { data, shape, placement } = modelInput(image, this.#model.inputShape, {
      ...input,
      letterbox: layout === "yolo",
    });
    const outputs = await this.#model.run({ data, shape });
    if (layout === "mask_rcnn") {
      const found = maskRcnnOutputs(outputs);
      if (found) return maskRcnnInstances(found, placement, this.#names, threshold);
    } else {
      const found = yoloOutputs(outputs, this.#names.size);
      const [rows, columns] = shape.slice(-2);
      if (found) return yoloInstances(found, placement, [rows, columns], this.#names, threshold);
    }
    const shapes = Object.entries(outputs).map(([name, { shape }]) => `${name} [${shape}]`).join(", ");
    throw new UserError(
      `Cannot understand the model's outputs as those of ${
        layout === "yolo"
          ? "YOLO for segmentation (rows and maps)"
          : "Mask R-CNN (boxes, labels, scores, masks)"
      }: they are ${shapes}; choose another 'layout'`,
    );
  }
}
