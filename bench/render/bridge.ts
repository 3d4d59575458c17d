/**
 * What the tensor operation `render` adds to the kernels' own time.
 *
 * @module
 */
import { useBackend } from "../../lib/backend/select_backend.ts";
import { type Tensor, type Tensor3D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { render, RENDER_DEFAULTS } from "../../lib/rendering/render.ts";
import { ViewRenderer } from "../../lib/rendering/_view_renderer.ts";
import { median } from "../../lib/core/median.ts";
import type { Workload } from "./workload.ts";

/** Images of a batch, and the texture: those of a training step. */
const BATCH = 8, TEXTURE = { height: 128, width: 128, channels: 3 };

/**
 * Measures the operation and the kernels in turn.
 *
 * @param size Rows and columns of the images
 * @param repeats Repeats
 * @returns Median milliseconds a batch, forward and backward, the sums around the operation taken off; null where the backend
 * `native` does not work
 */
export async function measureBridge(
  { mesh, groups }: Workload,
  size: number,
  repeats: number,
): Promise<{ operation: number; kernels: number } | null> {
  try {
    await useBackend({ backend: "native", threads: 1 }); // as many as the kernels beside it have
  } catch {
    return null;
  }
  const views = groups[0].views.slice(0, BATCH), V = mesh.vertices.length / 3;
  const vertices = Float32Array.from(views.flatMap((view) => Array.from(view))); // [B, V, 3]
  const texels = new Float32Array(BATCH * TEXTURE.height * TEXTURE.width * TEXTURE.channels).fill(0.5);
  const operations: number[] = [], bare: number[] = [];
  const kernels = makeKernels(mesh, size);
  const v = tf.tensor3d(vertices, [BATCH, V, 3]);
  const t = tf.tensor4d(texels, [BATCH, TEXTURE.height, TEXTURE.width, TEXTURE.channels]);
  const images: Tensor[] = [tf.zeros([BATCH, size, size, 3]), tf.zeros([BATCH, size, size, 1])];
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
    kernels(vertices, texels);
    const end = performance.now();
    tf.tidy(() => {
      const loss = (image: Tensor, silhouette: Tensor) => tf.add(tf.sum(image), tf.sum(silhouette)) as Tensor;
      tf.grads(loss)(images);
    });
    const last = performance.now();
    if (repeat < 0) continue;
    operations.push(middle - start - (last - end));
    bare.push(end - middle);
  }
  tf.dispose([v, t, ...images]);
  return { operation: median(operations), kernels: median(bare) };
}

/** Forward and backward of a batch without tensors: all images forward, then all backward, as in a training step. */
function makeKernels(mesh: Workload["mesh"], size: number) {
  const settings = { size, texture: TEXTURE, ...RENDER_DEFAULTS };
  const views = Array.from({ length: BATCH }, () => new ViewRenderer(mesh, settings));
  const pixels = BATCH * size * size;
  const image = new Float32Array(pixels * TEXTURE.channels), silhouette = new Float32Array(pixels);
  const gradientImage = image.slice().fill(1), gradientSilhouette = silhouette.slice().fill(1);
  return (vertices: Float32Array, texels: Float32Array) => {
    const gradientVertices = new Float32Array(vertices.length),
      gradientTexels = new Float32Array(texels.length);
    views.forEach((view, b) => {
      view.forward(part(vertices, b), part(texels, b), part(image, b), part(silhouette, b));
    });
    views.forEach((view, b) => {
      const [ofImage, ofSilhouette] = [part(gradientImage, b), part(gradientSilhouette, b)];
      view.backward(
        ofImage,
        ofSilhouette,
        part(texels, b),
        part(gradientVertices, b),
        part(gradientTexels, b),
      );
    });
  };
}

/** Entry `b` of a batch. */
function part(values: Float32Array, b: number): Float32Array {
  return values.subarray(b * values.length / BATCH, (b + 1) * values.length / BATCH);
}
