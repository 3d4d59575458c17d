/**
 * Texture sampling for tensors.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor3D, Tensor4D } from "../../core/tensor.ts";
import { SAMPLE_DEFAULTS, type SampleOptions } from "../sampling.ts";
import { sampleUvTexture, sampleUvTextureBackward } from "../sample_uv_texture.ts";
import { batchEntry, hostGradientOp } from "./_host_gradient_op.ts";
import { faceIndexOf } from "./rasterize.ts";

/** Options of `texture`. */
export interface TextureOptions extends Pick<SampleOptions, "filter" | "wrap"> {
  /** Levels for `mip` (`levelsOf`), `[B, H, W]`. */
  levels?: Tensor3D | null;
  /** Result of `rasterize`: pixels without a face are then 0 and pass no gradient, `[B, H, W, 4]`; none by default. */
  fragments?: Tensor4D | null;
}

/**
 * Samples textures at every pixel. Differentiable in the texels and in the coordinates.
 *
 * @param texels Texture, `[h, w, C]` for all views or `[B, h, w, C]`
 * @param uvs Texture coordinates of the pixels, such as `interpolate` gives, `[B, H, W, 2]`
 * @param options Filter, what is outside, levels, fragments
 * @returns Images, `[B, H, W, C]`; without fragments, pixels beside the mesh have the colour of (0, 0)
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an option is out of range
 */
export function texture(texels: Tensor3D | Tensor4D, uvs: Tensor4D, options: TextureOptions = {}): Tensor4D {
  const {
    filter = SAMPLE_DEFAULTS.filter,
    wrap = SAMPLE_DEFAULTS.wrap,
    levels = null,
    fragments = null,
  } = options;
  const { B, H, W, h, w, C } = checkShapes("texture images", {
    uvs: [uvs, ["B", "H", "W", 2]],
    texels: texels.rank === 3 ? [texels, ["h", "w", "C"]] : [texels, ["B", "h", "w", "C"]],
    ...(levels && { levels: [levels, ["B", "H", "W"]] as const }),
    ...(fragments && { fragments: [fragments, ["B", "H", "W", 4]] as const }),
  });
  // A texture that all views share is sampled in one go.
  const parts = texels.rank === 3 ? 1 : B, N = B * H * W / parts;
  const view = (arrays: readonly Float32Array[], b: number) => ({
    image: { data: batchEntry(arrays[0], b, h * w * C), height: h, width: w, channels: C },
    at: batchEntry(arrays[1], b, 2 * N),
    sampling: {
      filter,
      wrap,
      levels: levels ? batchEntry(arrays[2], b, N) : null,
      faceIndex: fragments ? faceIndexOf(batchEntry(arrays[levels ? 3 : 2], b, 4 * N)) : null,
    },
  });
  return hostGradientOp({
    name: "texture",
    inputs: [texels, uvs],
    constants: [levels, fragments].filter((tensor) => tensor !== null),
    shape: [B, H, W, C],
    forward(arrays, images) {
      for (let b = 0; b < parts; b++) {
        const { image, at, sampling } = view(arrays, b);
        images.set(sampleUvTexture(image, at, sampling), N * C * b);
      }
    },
    backward(arrays, gradient, [ofTexels, ofUvs]) {
      for (let b = 0; b < parts; b++) {
        const { image, at, sampling } = view(arrays, b);
        const of = { texture: batchEntry(ofTexels, b, h * w * C), uvs: batchEntry(ofUvs, b, 2 * N) };
        sampleUvTextureBackward(image, at, batchEntry(gradient, b, N * C), of, sampling);
      }
    },
  }) as Tensor4D;
}
