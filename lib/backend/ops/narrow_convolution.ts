/**
 * Convolutions to few channels. Processors compute 16 output channels at once: with fewer, most of the work is lost, so
 * neighbouring columns are taken together.
 *
 * @module
 */
import { type Tensor, type Tensor4D, tf } from "../../core/tensor.ts";

const LANES = 16;

/**
 * A `valid` convolution of stride 1.
 *
 * A kernel k wide on groups of k − 1 columns is a kernel two groups wide, with one set of output channels for each column
 * of a group; nothing but shapes and kernel has to be changed for it.
 *
 * @param x Maps, `[B, H, W, I]`
 * @param kernel Kernel, `[k, k, I, O]`
 * @returns Maps, `[B, H - k + 1, W - k + 1, O]`
 */
export function narrowConvolution(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  const [k, , I, O] = kernel.shape, [B, H, W] = x.shape;
  const columns = k - 1; // columns of a group
  if (columns < 2 || W % columns !== 0 || columns * O > LANES) return tf.conv2d(x, kernel, 1, "valid");
  const grouped: Shape4D = [B, H, W / columns, columns * I];
  const operation = tf.customGrad((...inputs) => {
    const [maps, weights] = inputs as Tensor4D[];
    const wide = widenKernel(weights);
    const y = tf.conv2d(tf.reshape(maps, grouped) as Tensor4D, wide, 1, "valid"); // [B, H', W' / columns, columns O]
    (inputs[2] as unknown as (tensors: Tensor[]) => void)([maps, weights]);
    return {
      value: tf.reshape(y, [B, H - columns, W - columns, O]),
      gradFunc: (dy, saved) => {
        const [maps, weights] = saved as Tensor4D[];
        const dGroups = tf.reshape(dy, y.shape);
        const dWide = runGradient(tf.Conv2DBackpropFilter, { x: tf.reshape(maps, grouped), dy: dGroups }, {
          filterShape: wide.shape,
        });
        return [
          // The input's gradient has many channels: nothing is lost there.
          runGradient(tf.Conv2DBackpropInput, { dy, filter: weights }, { inputShape: maps.shape }),
          narrowKernel(dWide, weights.shape),
        ];
      },
    };
  });
  return operation(x, kernel) as Tensor4D;
}

type Shape4D = [number, number, number, number];

function runGradient(
  kernelName: string,
  inputs: Readonly<Record<string, Tensor>>,
  shape: Readonly<Record<string, Shape4D>>,
): Tensor4D {
  const attributes = { strides: 1, pad: "valid", dataFormat: "NHWC", ...shape };
  return tf.engine().runKernel(
    kernelName,
    { ...inputs },
    attributes as unknown as tf.NamedAttrMap,
  ) as Tensor4D;
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
