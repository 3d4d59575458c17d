/**
 * A 3×3 convolution of a map upsampled by 2 with nearest neighbours, without making the upsampled map.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import { type Tensor, type Tensor2D, type Tensor4D, tf } from "../../core/tensor.ts";
import { ATTRIBUTE_KINDS } from "../native/data_types.ts";
import { activeNativeBackend } from "../native/active.ts";
import { conv2d } from "./conv2d.ts";
import { CHANNELS_LAST, FLOAT_TYPE, runOperation } from "./native_operation.ts";

/**
 * Which rows t of the kernel fall on row q of two rows of the small map, for outputs of kind a: the first kind lies above
 * the middle between the two rows, the second below. `[a][q][t]`
 */
const ROWS_THAT_FALL = [[[1, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 1]]];

/** The same for both axes: rows (ay, ax, qy, qx), columns (ty, tx), `[16, 9]`. */
const COMBINATION = Float32Array.from(
  ROWS_THAT_FALL.flatMap((above) =>
    ROWS_THAT_FALL.flatMap((left) =>
      above.flatMap((rows) =>
        left.flatMap((columns) => rows.flatMap((row) => columns.map((column) => row * column)))
      )
    )
  ),
);

/**
 * Convolves a map upsampled by 2 with nearest neighbours. Of the nine products per value of the result those
 * that meet the same value of the small map are taken together: four are left.
 *
 * @param padded Small map with a border of one value on all sides, `[B, H + 2, W + 2, I]`
 * @param kernel Kernel for the upsampled map, `[3, 3, I, O]`
 * @returns What a `valid` convolution of the upsampled map with a border of one value gives, `[B, 2H, 2W, O]`
 * @throws {TypeError} If a shape does not match
 */
export function upsampleConv2d(padded: Tensor4D, kernel: Tensor4D): Tensor4D {
  const { I } = checkShapes("convolve an upsampled map", { padded: [padded, ["B", "H", "W", "I"]] });
  checkShapes("convolve an upsampled map", { kernel: [kernel, [3, 3, I, "O"]] });
  return joinParts(conv2d(padded, combineKernel(kernel)));
}

/** Kernels of the four places within a block, side by side: `[3, 3, I, O]` → `[2, 2, I, 4 O]`. */
function combineKernel(kernel: Tensor4D): Tensor4D {
  const [, , I, O] = kernel.shape;
  const taps = tf.matMul(tf.tensor2d(COMBINATION, [16, 9]), tf.reshape(kernel, [9, I * O]) as Tensor2D);
  return tf.concat(tf.split(tf.reshape(taps, [8, 2, I, O]) as Tensor4D, 4), 3);
}

/**
 * Puts the values of the four places where they belong, and cuts off the border: `[B, h, w, 4 O]` →
 * `[B, 2h - 2, 2w - 2, O]`.
 */
function joinParts(parts: Tensor4D): Tensor4D {
  const operation = tf.customGrad((input) => {
    const upsampled = depthToSpace(input as Tensor4D);
    const [B, height, width, O] = upsampled.shape;
    return {
      value: tf.slice(upsampled, [0, 1, 1, 0], [B, height - 2, width - 2, O]),
      gradFunc: (dy: Tensor) => spaceToDepth(tf.pad(dy as Tensor4D, [[0, 0], [1, 1], [1, 1], [0, 0]])),
    };
  });
  return operation(parts) as Tensor4D;
}

const NATIVE_ATTRIBUTES = [
  FLOAT_TYPE,
  CHANNELS_LAST,
  { name: "block_size", type: ATTRIBUTE_KINDS.int, value: 2 },
];

/** `[B, h, w, 4 C]` → `[B, 2h, 2w, C]`. */
function depthToSpace(x: Tensor4D): Tensor4D {
  const backend = activeNativeBackend(), [B, h, w, C] = x.shape;
  if (backend !== null) {
    return runOperation(backend, "DepthToSpace", NATIVE_ATTRIBUTES, [x], 1)[0] as Tensor4D;
  }
  const blocks = tf.transpose(tf.reshape(x, [B, h, w, 2, 2, C / 4]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(blocks, [B, 2 * h, 2 * w, C / 4]);
}

/** `[B, 2h, 2w, C]` → `[B, h, w, 4 C]`. */
function spaceToDepth(x: Tensor4D): Tensor4D {
  const backend = activeNativeBackend(), [B, H, W, C] = x.shape;
  if (backend !== null) {
    return runOperation(backend, "SpaceToDepth", NATIVE_ATTRIBUTES, [x], 1)[0] as Tensor4D;
  }
  const blocks = tf.transpose(tf.reshape(x, [B, H / 2, 2, W / 2, 2, C]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(blocks, [B, H / 2, W / 2, 4 * C]);
}
