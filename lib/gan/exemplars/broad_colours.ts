/**
 * Broad colours and shape that all objects have in common.
 *
 * @module
 */
import { enlargeImage } from "../../core/shrink_image.ts";
import { middleHalf } from "../../mesh/mirror_texture.ts";

/** Middle halves of what generated textures are made of, before detail is added. */
export interface BroadColours {
  /** Rows, S; half a texture has S / 2 columns. */
  readonly side: number;
  /** Mean before tanh, `[S, S / 2, 3]`. */
  readonly mean: Float32Array;
  /** Principal components, P of them, each `[S, S / 2, 3]`. */
  readonly components: readonly Float32Array[];
  /** Mean displacement map, `[32, 32, 3]`. */
  readonly map: Float32Array;
}

/**
 * Middle halves of a mean and of components, with the rows of the mean.
 *
 * @param mean Mean before tanh, `[S, S, 3]`, and mean displacement map, `[32, 32, 3]`
 * @param components Principal components of few rows, `[P, s · s · 3]`
 * @param count P
 */
export function broadColours(
  mean: { readonly texture: Float32Array; readonly map: Float32Array },
  components: Float32Array,
  count: number,
): BroadColours {
  const side = Math.sqrt(mean.texture.length / 3),
    length = components.length / count,
    rows = Math.sqrt(length / 3);
  const half = (data: Float32Array, height: number) => {
    const image = middleHalf({ data, height, width: height, channels: 3 });
    return enlargeImage(image, side / height).data as Float32Array;
  };
  return {
    side,
    mean: half(mean.texture, side),
    components: Array.from(
      { length: count },
      (_, p) => half(components.subarray(p * length, (p + 1) * length), rows),
    ),
    map: mean.map,
  };
}
