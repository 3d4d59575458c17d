/**
 * What the tensor operation `render` adds to the kernels' own time.
 *
 * @module
 */
import { useBackend } from "../../lib/backend/select_backend.ts";
import { type Tensor, type Tensor3D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { render } from "../../lib/rendering/render.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { TextureRenderer } from "../../lib/rendering/texture_renderer.ts";
import type { Workload } from "./workload.ts";

/** Pictures of a batch, and the texture: those of a training step. */
const BATCH = 8, TEXTURE = { height: 128, width: 128, channels: 3 };

/**
 * Measures the operation and the kernels in turn.
 *
 * @param size Rows and columns of the pictures
 * @param repeats Repeats; the fastest count
 * @returns Milliseconds a batch, forward and backward, the sums around the operation taken off; null where the backend
 * `native` does not work
 */
export async function measureBridge(
  { mesh, groups }: Workload,
  size: number,
  repeats: number,
): Promise<{ operation: number; kernels: number } | null> {
  try {
    await useBackend({ backend: "native" });
  } catch {
    return null;
  }
  const views = groups[0].views.slice(0, BATCH), V = mesh.vertices.length / 3;
  const vertices = Float32Array.from(views.flatMap((view) => Array.from(view))); // [B, V, 3]
  const texels = new Float32Array(BATCH * TEXTURE.height * TEXTURE.width * TEXTURE.channels).fill(0.5);
  const gradient = new Float32Array(BATCH * size * size * 4).fill(1e-3); // [B, S, S, C + 1]
  const best = { operation: Infinity, kernels: Infinity, sums: Infinity };
  const kernels = makeKernels(mesh, size);
  const v = tf.tensor3d(vertices, [BATCH, V, 3]);
  const t = tf.tensor4d(texels, [BATCH, TEXTURE.height, TEXTURE.width, TEXTURE.channels]);
  const pictures: Tensor[] = [tf.zeros([BATCH, size, size, 3]), tf.zeros([BATCH, size, size, 1])];
  for (let repeat = -2; repeat < repeats; repeat++) {
    const start = performance.now();
    tf.tidy(() => {
      const loss = (v: Tensor, t: Tensor) => {
        const { image, silhouette } = render(v as Tensor3D, t as Tensor4D, mesh, { size });
        return tf.add(tf.sum(image), tf.sum(silhouette)) as Tensor;
      };
      tf.grads(loss)([v, t]); // operations are run at once, and training leaves gradients where they are
    });
    const middle = performance.now();
    for (let b = 0; b < BATCH; b++) {
      const texture = texels.subarray(b * texels.length / BATCH, (b + 1) * texels.length / BATCH);
      kernels(views[b], texture, gradient);
    }
    const end = performance.now();
    tf.tidy(() => {
      const loss = (image: Tensor, silhouette: Tensor) => tf.add(tf.sum(image), tf.sum(silhouette)) as Tensor;
      tf.grads(loss)(pictures);
    });
    const last = performance.now();
    if (repeat < 0) continue;
    best.sums = Math.min(best.sums, last - end);
    best.operation = Math.min(best.operation, middle - start);
    best.kernels = Math.min(best.kernels, end - middle);
  }
  tf.dispose([v, t, ...pictures]);
  return { operation: best.operation - best.sums, kernels: best.kernels };
}

/** Forward and backward of one picture without tensors. */
function makeKernels(mesh: Workload["mesh"], size: number) {
  const textured = new TextureRenderer(mesh, size, size, TEXTURE);
  const silhouette = new SoftSilhouette(mesh.faces, mesh.vertices.length / 3, size);
  const gradientTexture = new Float32Array(TEXTURE.height * TEXTURE.width * TEXTURE.channels); // [h, w, C]
  return (view: Float32Array, texture: Float32Array, gradient: Float32Array) => {
    textured.forward(view, texture);
    silhouette.forward(view);
    silhouette.image();
    const flat = silhouette.backward(gradient.subarray(0, size * size));
    gradientTexture.fill(0);
    textured.backward(gradient.subarray(0, 3 * size * size), gradientTexture, flat);
  };
}
