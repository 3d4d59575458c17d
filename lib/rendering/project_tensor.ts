/**
 * The camera of `cameras.ts` for batches of tensors, differentiable in every argument.
 *
 * @module
 */
import { checkShapes } from "../core/shapes.ts";
import { type Tensor, type Tensor2D, type Tensor3D, tf } from "../core/tensor.ts";

/**
 * Projects a batch of vertices to the screen (x right, y up, larger z nearer). Reads no value, so a training step that
 * holds it can be recorded.
 *
 * @param vertices Object frame, `[B, V, 3]`
 * @param rotation Unit quaternions (w, x, y, z), `[B, 4]`
 * @param scale Object units to crop NDC, `[B, 1]`
 * @param translation Crop NDC, y down, `[B, 2]`
 * @param perspective Logits ζ, `[B, 1]`; null is orthographic
 * @returns Screen positions, `[B, V, 3]`
 * @throws {TypeError} If a shape does not match
 */
export function projectTensor(
  vertices: Tensor3D,
  rotation: Tensor2D,
  scale: Tensor2D,
  translation: Tensor2D,
  perspective: Tensor2D | null,
): Tensor3D {
  const { B } = checkShapes("project a batch of vertices", {
    vertices: [vertices, ["B", "V", 3]],
    rotation: [rotation, ["B", 4]],
    scale: [scale, ["B", 1]],
    translation: [translation, ["B", 2]],
    ...(perspective && { perspective: [perspective, ["B", 1]] as const }),
  });
  return tf.tidy(() => {
    const turned = tf.matMul(vertices, transposedMatrices(rotation)); // [B, V, 3]
    const camera = tf.mul(turned, tf.reshape(scale, [B, 1, 1])); // [B, V, 3]
    const [x, y, z] = tf.split(camera, 3, 2); // [B, V, 1] each
    const [tx, ty] = tf.split(tf.reshape(translation, [B, 1, 2]), 2, 2); // [B, 1, 1] each
    let right: Tensor = tf.add(x, tx);
    let down: Tensor = tf.add(y, ty);
    if (perspective) {
      const depth = tf.add(tf.exp(tf.reshape(perspective, [B, 1, 1])), 1);
      const tilt = tf.div(tf.mul(z, 0.5), depth);
      const factor = tf.div(tf.sub(1, tilt), tf.add(1, tilt));
      right = tf.mul(right, factor);
      down = tf.mul(down, factor);
    }
    return tf.concat([right, tf.neg(down), tf.neg(z)], 2) as Tensor3D;
  });
}

/** Transposed rotation matrices of quaternions `[B, 4]`, `[B, 3, 3]`: rows of points are multiplied from the left. */
function transposedMatrices(rotation: Tensor2D): Tensor3D {
  const [w, x, y, z] = tf.split(rotation, 4, 1); // [B, 1] each
  const twice = (a: Tensor) => tf.mul(a, 2);
  const diagonal = (a: Tensor, b: Tensor) => tf.sub(1, twice(tf.add(tf.square(a), tf.square(b))));
  const [xy, xz, yz] = [tf.mul(x, y), tf.mul(x, z), tf.mul(y, z)];
  const [wx, wy, wz] = [tf.mul(w, x), tf.mul(w, y), tf.mul(w, z)];
  const entries = [
    [diagonal(y, z), twice(tf.add(xy, wz)), twice(tf.sub(xz, wy))],
    [twice(tf.sub(xy, wz)), diagonal(x, z), twice(tf.add(yz, wx))],
    [twice(tf.add(xz, wy)), twice(tf.sub(yz, wx)), diagonal(x, y)],
  ];
  return tf.reshape(tf.concat(entries.flat(), 1), [rotation.shape[0], 3, 3]) as Tensor3D;
}
