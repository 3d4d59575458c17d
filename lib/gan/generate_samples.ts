/**
 * Displacement maps, vertices and textures from a generator; free of files, so that it runs in browsers too.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { displaceVertices } from "../mesh/displace_vertices.ts";
import { unfoldVertices } from "../mesh/folded_faces.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { UvSample } from "../pseudogt/files.ts";
import { DISPLACEMENT_RESOLUTION, type GeneratorOptions } from "./generator_options.ts";
import type { GeneratorModel } from "./own_parts.ts";
import { PART_MAP_SIDE, sharpenParts } from "./part_maps.ts";

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
 * @param reals UV maps of a photograph for each; used where {@linkcode needsReals} says so
 * @throws {TypeError} If UV maps are needed and not given
 * @throws {UserError} If their parts are needed and not known
 */
export async function generateSamples(
  generator: GeneratorModel,
  latents: readonly Float32Array[],
  classIndices: readonly number[],
  reals: readonly UvSample[] | null = null,
): Promise<GeneratedSample[]> {
  const { classes, textureResolution: R, textureOnly = false } = generator.options;
  if (needsReals(generator.options) && reals?.length !== latents.length) {
    throw new TypeError(
      `Cannot generate: as many UV maps as latent codes are needed (${latents.length}), ` +
        `current value is ${reals?.length ?? null}`,
    );
  }
  const B = latents.length, M = DISPLACEMENT_RESOLUTION;
  const { texture, map } = tf.tidy(() => {
    const latent = tf.stack(latents.map((code) => tf.tensor1d(code))) as Tensor2D;
    const oneHot = classes > 0
      ? tf.cast(tf.oneHot(tf.tensor1d(classIndices.slice(), "int32"), classes), "float32") as Tensor2D
      : null;
    return { ...generator.generate(latent, oneHot, false, partTensor(generator, reals)) };
  });
  const [textures, maps] = [await texture.data<"float32">(), await map.data<"float32">()];
  tf.dispose([texture, map]);
  return Array.from({ length: B }, (_, i) => ({
    map: textureOnly
      ? Float32Array.from(reals![i].displacementMap)
      : maps.slice(i * M * M * 3, (i + 1) * M * M * 3),
    texture: {
      data: textures.slice(i * R * R * 3, (i + 1) * R * R * 3),
      height: R,
      width: R,
      channels: 3,
    },
  }));
}

/** Whether a generator of this build needs UV maps of photographs: their parts, or their meshes for its textures. */
export function needsReals(
  { parts = 0, textureOnly = false }: Pick<GeneratorOptions, "parts" | "textureOnly">,
) {
  return parts > 0 || textureOnly;
}

/** Part maps, `[B, 128, 128, P]`, or null without part conditioning. */
function partTensor(generator: GeneratorModel, reals: readonly UvSample[] | null): Tensor4D | null {
  const { parts: P = 0 } = generator.options;
  if (P === 0) return null;
  const S = PART_MAP_SIDE;
  return tf.stack(
    reals!.map(({ parts, id }) => tf.tensor3d(sharpenParts(parts, id).data as Float32Array, [S, S, P])),
  ) as Tensor4D;
}

/** Vertices of a displacement map, smoothed where faces are folded over, `[V, 3]`. */
export function sampleVertices(map: FloatArray, symmetric: boolean): FloatArray {
  const side = DISPLACEMENT_RESOLUTION;
  return unfoldVertices(displaceVertices(sphereTopology(), map, side, side, { symmetric }));
}
