/**
 * Displacement maps, vertices and textures from a generator; free of files, so that it runs in browsers too.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { type Tensor2D, tf } from "../core/tensor.ts";
import { displaceVertices } from "../mesh/displace_vertices.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { DISPLACEMENT_RESOLUTION, type Generator } from "./generator.ts";

/** A generated object. */
export interface GeneratedSample {
  /** Displacement map, `[32, 32, 3]`. */
  readonly map: Float32Array;
  /** Colours in (−1, 1), `[R, R, 3]`. */
  readonly texture: FloatImage;
}

/**
 * Generates objects in evaluation mode.
 *
 * @param generator The generator
 * @param latents Latent codes, each `[Z]`
 * @param classIndices Class of each; used with class conditioning only
 */
export async function generateSamples(
  generator: Generator,
  latents: readonly Float32Array[],
  classIndices: readonly number[],
): Promise<GeneratedSample[]> {
  const { classes, textureResolution: R } = generator.options;
  const B = latents.length, M = DISPLACEMENT_RESOLUTION;
  const { texture, map } = tf.tidy(() => {
    const latent = tf.stack(latents.map((code) => tf.tensor1d(code))) as Tensor2D;
    const oneHot = classes > 0
      ? tf.cast(tf.oneHot(tf.tensor1d(classIndices.slice(), "int32"), classes), "float32") as Tensor2D
      : null;
    return { ...generator.generate(latent, oneHot, false) };
  });
  const [textures, maps] = [await texture.data<"float32">(), await map.data<"float32">()];
  tf.dispose([texture, map]);
  return Array.from({ length: B }, (_, i) => ({
    map: maps.slice(i * M * M * 3, (i + 1) * M * M * 3),
    texture: {
      data: textures.slice(i * R * R * 3, (i + 1) * R * R * 3),
      height: R,
      width: R,
      channels: 3,
    },
  }));
}

/** Vertices of a displacement map, `[V, 3]`. */
export function sampleVertices(map: FloatArray, symmetric: boolean): FloatArray {
  return displaceVertices(sphereTopology(), map, DISPLACEMENT_RESOLUTION, DISPLACEMENT_RESOLUTION, {
    symmetric,
  });
}
