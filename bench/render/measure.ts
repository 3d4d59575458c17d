/**
 * The two loads of the render bench on one thread: soft silhouettes and textured images.
 *
 * @module
 */
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { TextureRenderer } from "../../lib/rendering/texture_renderer.ts";
import { fastest, type Parts, timeParts } from "./timing.ts";
import { TEXTURE_SIZE, type Workload } from "./workload.ts";

/** Figures of one round. */
export interface Round extends Parts {
  /** Forward and backward, milliseconds an image. */
  readonly sum: number;
  /** Mean loss over the images. */
  readonly loss: number;
  /** Mean L1 norm of the gradient of the vertices. */
  readonly gradient: number;
}

/** Every view with its target. */
function imagesOf({ groups }: Workload, size: number) {
  return groups.flatMap(({ views, target }) => {
    const mask = target(size), squares = mask.reduce((sum, x) => sum + x * x, 0);
    return views.map((view) => ({ view, mask, squares }));
  });
}

/**
 * Soft silhouettes: forward, mean squared error against the mask, backward to x and y of the vertices.
 *
 * @param kernel Which code renders
 */
export function measureSilhouettes(
  workload: Workload,
  size: number,
  repeats: number,
  kernel: "auto" | "typescript",
): Round {
  const { faces, vertices } = workload.mesh;
  const silhouette = new SoftSilhouette(faces, vertices.length / 3, size, { kernel });
  const images = imagesOf(workload, size);
  const losses = new Float64Array(images.length), norms = new Float64Array(images.length);
  const parts = fastest(images.length, repeats, (image) => {
    const { view, mask, squares } = images[image];
    let gradient = new Float32Array(0);
    const parts = timeParts(() => {
      silhouette.forward(view);
      losses[image] = silhouette.meanSquaredError(mask, squares);
    }, () => {
      gradient = silhouette.backwardMeanSquaredError() as Float32Array<ArrayBuffer>;
    });
    norms[image] = gradient.reduce((sum, x) => sum + Math.abs(x), 0);
    return parts;
  });
  return { ...parts, loss: meanOf(losses), gradient: meanOf(norms) };
}

/** Textured images: forward, mean squared error against the mask, backward to texture and vertices. */
export function measureTextured(workload: Workload, size: number, repeats: number): Round {
  const { mesh, texture } = workload;
  const side = { height: TEXTURE_SIZE, width: TEXTURE_SIZE, channels: 3 };
  const renderer = new TextureRenderer(mesh, size, size, side, { symmetric: false });
  const gradientTexture = new Float32Array(texture.length); // [512, 512, 3]
  const gradientVertices = new Float32Array(mesh.vertices.length / 3 * 2); // [V, 2]
  const images = workload.groups.flatMap(({ views, target: maskOf }) => {
    const mask = maskOf(size),
      target = Float32Array.from({ length: 3 * mask.length }, (_, i) => mask[Math.floor(i / 3)]);
    const targetSquares = target.reduce((sum, x) => sum + x * x, 0);
    return views.map((view) => ({ view, target, targetSquares }));
  });
  const losses = new Float64Array(images.length), norms = new Float64Array(images.length);
  const parts = fastest(images.length, repeats, (image) => {
    const { view, target, targetSquares } = images[image];
    const parts = timeParts(() => {
      renderer.forward(view, texture);
      losses[image] = renderer.meanSquaredError(target, targetSquares);
    }, () => {
      gradientTexture.fill(0);
      gradientVertices.fill(0);
      renderer.backwardMeanSquaredError(gradientTexture, gradientVertices);
    });
    norms[image] = gradientVertices.reduce((sum, x) => sum + Math.abs(x), 0);
    return parts;
  });
  return { ...parts, loss: meanOf(losses), gradient: meanOf(norms) };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
