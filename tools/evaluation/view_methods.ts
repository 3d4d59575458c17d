/**
 * Ways from a posed photograph to a textured mesh, behind one interface, so that all are measured alike.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { Dataset, Sample } from "../../lib/datasets/dataset.ts";
import type { TexturedObject } from "../../lib/metrics/object_figures.ts";
import type { TrainedReconstruction } from "../../lib/reconstruction/files.ts";
import { reconstructImage } from "../../lib/reconstruction/reconstruct_image.ts";
import type { Pose } from "../../lib/rendering/cameras.ts";
import type { Template } from "../../lib/templates/template_file.ts";

/** A photograph with a pose. */
export interface PosedPhotograph {
  /** Its number in the data set. */
  readonly index: number;
  /** Object that it shows; photographs of one object share it. */
  readonly group: string;
  /** Pose that it is reconstructed with. */
  readonly pose: Pose;
  /** 1 for its template, else 0, `[T]`; missing takes the first template. */
  readonly weights?: ArrayLike<number>;
}

/** An object in its photograph. */
export interface PosedObject extends TexturedObject {
  /** Its pose, which the method may have refined. */
  readonly pose: Pose;
}

/** A way from a posed photograph to a textured mesh. */
export interface ViewMethod {
  /** Name, as lines and tables show it. */
  readonly name: string;
  /** Whether its objects have the size and place of the photograph's pose, not those of a template. */
  readonly isPlaced: boolean;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  readonly symmetric: boolean;
  /**
   * Takes in the photographs of the data set that the method may learn from, such as mean shapes and textures to complete
   * others with; missing where it looks at single photographs.
   *
   * @param photographs Posed photographs, those that are reconstructed among them
   * @param inputs Those that are reconstructed
   * @param callbacks Progress in photographs
   */
  prepare?(
    photographs: readonly PosedPhotograph[],
    inputs: readonly PosedPhotograph[],
    callbacks: StageCallbacks,
  ): Promise<void>;
  /**
   * Reconstructs the object of a photograph. No pixel of other photographs of the same group may be used.
   *
   * @param photograph Photograph and its pose
   * @param sample The photograph, `[256, 256]`
   */
  reconstruct(photograph: PosedPhotograph, sample: Sample): Promise<PosedObject>;
}

/**
 * The bare template in the mean colour of the photograph.
 *
 * @param templates Templates that the poses were found with
 */
export function templateMethod(templates: readonly Template[]): ViewMethod {
  return {
    name: "template",
    isPlaced: false,
    symmetric: true,
    reconstruct({ pose, weights }, sample) {
      const best = weights ? Array.from(weights).indexOf(Math.max(...Array.from(weights))) : 0;
      const vertices = Float32Array.from(templates[best].vertices);
      return Promise.resolve({ vertices, pose, texture: meanColour(sample) });
    },
  };
}

/**
 * The network of a run.
 *
 * @param trained Network; its owner frees it
 * @param dataset Photographs, which are read at the network's resolution
 */
export function networkMethod(trained: TrainedReconstruction, dataset: Dataset): ViewMethod {
  const { imageResolution, symmetric } = trained.network.config;
  return {
    name: "network",
    isPlaced: false,
    symmetric,
    async reconstruct({ index, pose }) {
      const sample = await dataset.sample(index, imageResolution);
      const { vertices, texture } = await reconstructImage(trained, sample, pose);
      return { vertices, pose, texture };
    },
  };
}

/** A texture of the mean colour inside the mask, in [−1, 1], `[2, 2, 3]`. */
function meanColour({ image, mask }: Sample): FloatImage {
  const texture = floatImage(2, 2, 3);
  let area = 0;
  for (const share of mask.data) area += share;
  const sums = [0, 0, 0]; // colours of samples are multiplied by the mask
  image.data.forEach((value, i) => sums[i % 3] += value);
  texture.data.forEach((_, i, data) => data[i] = sums[i % 3] / Math.max(area, 1e-6));
  return texture;
}
