/**
 * Sizes of a convolution.
 *
 * @module
 */
import { tf } from "../../core/tensor.ts";

/** What tfjs tells of a convolution: sizes, strides and padding in numbers. */
export type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/**
 * Sizes of a convolution with channels last.
 *
 * @throws {RangeError} If the channels come first
 */
export function convolutionOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  strides: number | [number, number],
  pad: tf.Conv2DBackpropInputAttrs["pad"],
  dataFormat: "NHWC" | "NCHW",
  rounding?: "floor" | "round" | "ceil",
): ConvolutionInfo {
  if (dataFormat !== "NHWC") {
    throw new RangeError(
      `Cannot convolve with channels other than last (NHWC): current value is ${dataFormat}`,
    );
  }
  type Shape4D = [number, number, number, number];
  return tf.backend_util.computeConv2DInfo(
    [...inputShape] as Shape4D,
    [...filterShape] as Shape4D,
    strides,
    1,
    pad,
    rounding,
  );
}
