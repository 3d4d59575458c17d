/**
 * Gradient of a convolution in its kernel.
 *
 * @module
 */
import { type Tensor2D, type Tensor4D, tf } from "../../core/tensor.ts";
import { convolutionOf } from "./convolution_info.ts";

/**
 * The gradient is a convolution too: channels of the input act as the batch, the batch as channels, the gradient of the
 * output as the kernel, and a stride becomes a dilation.
 */
export const conv2dBackpropFilter: tf.KernelFunc = ({ inputs, attrs }) => {
  const { x, dy } = inputs as Record<string, Tensor4D>;
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } =
    attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const info = convolutionOf(x.shape, filterShape, strides, pad, dataFormat, dimRoundingMode);
  const { filterHeight, filterWidth, inChannels, outChannels, strideHeight, strideWidth, padInfo } = info;
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  return tf.tidy(() => {
    if (filterHeight * filterWidth * strideHeight * strideWidth === 1) {
      const features = tf.reshape(x, [pixels, inChannels]) as Tensor2D;
      const gradient = tf.reshape(dy, [pixels, outChannels]) as Tensor2D;
      return tf.reshape(tf.matMul(features, gradient, true), filterShape);
    }
    const { top, bottom, left, right } = padInfo;
    const padded = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]);
    const image = tf.transpose(padded, [3, 1, 2, 0]) as Tensor4D; // [Cin, H, W, B]
    const kernel = tf.transpose(dy, [1, 2, 0, 3]) as Tensor4D; // [Hout, Wout, B, Cout]
    const all = tf.conv2d(image, kernel, 1, "valid", "NHWC", [strideHeight, strideWidth]);
    const used = tf.slice(all, [0, 0, 0, 0], [inChannels, filterHeight, filterWidth, outChannels]);
    return tf.transpose(used, [1, 2, 0, 3]); // [h, w, Cin, Cout]
  });
};
