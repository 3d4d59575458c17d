/**
 * Speed of a convolution on the active backend.
 *
 * @module
 */
import { type Tensor4D, tf } from "../core/tensor.ts";

/** Size of the measured convolution: square maps and kernels, as many channels out as in. */
export interface ConvolutionSize {
  /** Maps at once. */
  readonly batch: number;
  /** Rows and columns. */
  readonly side: number;
  /** Channels in and out. */
  readonly channels: number;
  /** Rows and columns of the kernel. */
  readonly kernel: number;
}

/** Small enough for every backend. */
export const CONVOLUTION_SIZE: ConvolutionSize = { batch: 2, side: 32, channels: 64, kernel: 3 };

const MIN_ROUNDS = 3;

/**
 * Convolves until the time is up and takes the fastest round.
 *
 * @param size What to convolve
 * @param timeMs How long to measure, ms
 * @returns Thousand millions of multiplications and additions a second
 */
export async function measureConvolution(
  size: ConvolutionSize = CONVOLUTION_SIZE,
  timeMs = 300,
): Promise<number> {
  const { batch, side, channels, kernel } = size;
  const image = tf.ones([batch, side, side, channels]) as Tensor4D;
  const weights = tf.ones([kernel, kernel, channels, channels]) as Tensor4D;
  let fastestMs = Infinity;
  const end = performance.now() + timeMs;
  for (let round = 0; round < MIN_ROUNDS || performance.now() < end; round++) {
    const start = performance.now();
    const result = tf.conv2d(image, weights, 1, "same");
    await result.data(); // waits for backends that work in the background
    fastestMs = Math.min(fastestMs, performance.now() - start);
    result.dispose();
  }
  tf.dispose([image, weights]);
  return 2 * batch * (side * channels * kernel) ** 2 / fastestMs / 1e6;
}
