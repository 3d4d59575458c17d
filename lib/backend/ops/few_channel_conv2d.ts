/**
 * Convolutions to few channels, and from few. Processors compute 16 output channels at once: with fewer, most of the work is
 * lost, so neighbouring columns are taken together.
 *
 * @module
 */
import { type Tensor4D, tf } from "../../core/tensor.ts";
import { conv2d } from "./conv2d.ts";
import { inputGradient, kernelGradient, type Shape4D, withGradients } from "./convolution_passes.ts";

const LANES = 16;

/**
 * A `valid` convolution of stride 1.
 *
 * A kernel k wide on groups of k − 1 columns is a kernel two groups wide, with one set of output channels for each column
 * of a group; nothing but shapes and kernel has to be changed for it. Where there are few channels in, the same serves the
 * input's gradient.
 *
 * @param x Maps, `[B, H, W, I]`
 * @param kernel Kernel, `[k, k, I, O]`
 * @returns Maps, `[B, H - k + 1, W - k + 1, O]`
 */
export function fewChannelConv2d(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  const [k, , I, O] = kernel.shape, W = x.shape[2];
  const columns = k - 1; // columns of a group
  const hasFewChannels = (channels: number) =>
    columns > 1 && W % columns === 0 && columns * channels <= LANES;
  if (hasFewChannels(O)) {
    return withGradients(x, kernel, { forward: convolveGroups, backward: gradientsOfGroups });
  }
  if (hasFewChannels(I)) {
    return withGradients(x, kernel, { forward: conv2d, backward: gradientsToFew });
  }
  return conv2d(x, kernel);
}

/** Groups of neighbouring columns as channels, `[B, H, W, C]` → `[B, H, W / columns, columns C]`. */
function group(maps: Tensor4D, columns: number): Tensor4D {
  const [B, H, W, C] = maps.shape;
  return tf.reshape(maps, [B, H, W / columns, columns * C]);
}

function convolveGroups(maps: Tensor4D, kernel: Tensor4D): Tensor4D {
  const [k, , , O] = kernel.shape, [B, H, W] = maps.shape, columns = k - 1;
  const y = tf.conv2d(group(maps, columns), widenKernel(kernel), 1, "valid"); // [B, H', W' / columns, columns O]
  return tf.reshape(y, [B, H - columns, W - columns, O]);
}

function gradientsOfGroups(dy: Tensor4D, maps: Tensor4D, kernel: Tensor4D): [Tensor4D, Tensor4D] {
  const [k, , I, O] = kernel.shape, columns = k - 1;
  const wide = kernelGradient(group(maps, columns), group(dy, columns), [k, 2, columns * I, columns * O]);
  // The input's gradient has many channels: nothing is lost there.
  return [inputGradient(dy, kernel, maps.shape), narrowKernel(wide, kernel.shape)];
}

/** The input's gradient is a convolution, to few channels, of the output's with the kernel turned around. */
function gradientsToFew(dy: Tensor4D, maps: Tensor4D, kernel: Tensor4D): [Tensor4D, Tensor4D] {
  const border: [number, number] = [kernel.shape[0] - 1, kernel.shape[1] - 1];
  const turned = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]);
  const ofMaps = convolveGroups(tf.pad(dy, [[0, 0], border, border, [0, 0]]), turned);
  return [ofMaps, kernelGradient(maps, dy, kernel.shape)];
}

/** `[k, k, I, O]` → `[k, 2, (k - 1) I, (k - 1) O]`: the kernel once for each column of a group, shifted. */
function widenKernel(kernel: Tensor4D): Tensor4D {
  const [k, , I, O] = kernel.shape, columns = k - 1;
  const shifted = Array.from(
    { length: columns },
    (_, column) => tf.pad(kernel, [[0, 0], [column, columns - 1 - column], [0, 0], [0, 0]]),
  );
  return tf.reshape(tf.concat(shifted, 3), [k, 2, columns * I, columns * O]);
}

/** The gradient of {@linkcode widenKernel}. */
function narrowKernel(wide: Tensor4D, [k, , I, O]: Shape4D): Tensor4D {
  const columns = k - 1;
  const shifted = tf.split<Tensor4D>(tf.reshape(wide, [k, 2 * columns, I, columns * O]), columns, 3);
  return tf.addN(shifted.map((one, column): Tensor4D => tf.slice(one, [0, column, 0, 0], [k, k, I, O])));
}
