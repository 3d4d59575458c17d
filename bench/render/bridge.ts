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

/** Pictures of a batch, their side, and the texture: those of a training step. */
const BATCH = 8, SIZE = 256, TEXTURE = { height: 128, width: 128, channels: 3 };

/**
 * Measures the operation and the kernels in turn.
 *
 * @param repeats Repeats; the fastest count
 * @returns Milliseconds a batch, forward and backward; null where the backend `native` does not work
 */
export async function measureBridge(
  { mesh, groups }: Workload,
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
  const gradient = new Float32Array(BATCH * SIZE * SIZE * 4).fill(1e-3); // [B, S, S, C + 1]
  const best = { operation: Infinity, kernels: Infinity };
  const kernels = makeKernels(mesh);
  const v = tf.tensor3d(vertices, [BATCH, V, 3]);
  const t = tf.tensor4d(texels, [BATCH, TEXTURE.height, TEXTURE.width, TEXTURE.channels]);
  const g = tf.tensor4d(gradient, [BATCH, SIZE, SIZE, 4]);
  const pictures = (v: Tensor, t: Tensor) => {
    const { image, silhouette } = render(v as Tensor3D, t as Tensor4D, mesh, { size: SIZE });
    return tf.concat([image, silhouette], 3);
  };
  for (let repeat = -2; repeat < repeats; repeat++) {
    const start = performance.now();
    tf.tidy(() => tf.grads(pictures)([v, t], g).forEach((gradient) => gradient.dataSync()));
    const middle = performance.now();
    for (let b = 0; b < BATCH; b++) {
      const texture = texels.subarray(b * texels.length / BATCH, (b + 1) * texels.length / BATCH);
      kernels(views[b], texture, gradient);
    }
    const end = performance.now();
    if (repeat < 0) continue;
    best.operation = Math.min(best.operation, middle - start);
    best.kernels = Math.min(best.kernels, end - middle);
  }
  tf.dispose([v, t, g]);
  return best;
}

/** Forward and backward of one picture without tensors. */
function makeKernels(mesh: Workload["mesh"]) {
  const textured = new TextureRenderer(mesh, SIZE, SIZE, TEXTURE);
  const silhouette = new SoftSilhouette(mesh.faces, mesh.vertices.length / 3, SIZE);
  const gradientTexture = new Float32Array(TEXTURE.height * TEXTURE.width * TEXTURE.channels); // [h, w, C]
  return (view: Float32Array, texture: Float32Array, gradient: Float32Array) => {
    textured.forward(view, texture);
    silhouette.forward(view);
    silhouette.image();
    const flat = silhouette.backward(gradient.subarray(0, SIZE * SIZE));
    gradientTexture.fill(0);
    textured.backward(gradient.subarray(0, 3 * SIZE * SIZE), gradientTexture, flat);
  };
}
