/**
 * Options of texture sampling, and their check.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { ColumnMap } from "./_texture_kernel.ts";

/** Options of texture sampling. */
export interface SampleOptions {
  /** Nearest texel, the four nearest, or the same in the two nearest levels of a pyramid. */
  filter?: "nearest" | "bilinear" | "mip";
  /** What is outside of [0, 1]: the image again, or its border. */
  wrap?: "repeat" | "clamp";
  /** Level of each sample for `mip` (0 the texture, 1 half of it, …), held fixed, `[N]`; see `mipLevels`. */
  levels?: FloatArray | null;
  /** Samples without a face (−1) are 0 and pass no gradient, `[N]`; `Fragments` hold one. All count by default. */
  faceIndex?: Int32Array | null;
}

/** Defaults of `SampleOptions`. */
export const SAMPLE_DEFAULTS = {
  filter: "bilinear",
  wrap: "repeat",
  levels: null,
  faceIndex: null,
} as const satisfies Required<SampleOptions>;

const ACTION = "sample a texture", FILTERS = ["nearest", "bilinear", "mip"];

/**
 * Where texels lie along one side of a texture: their centres are at (index + ½) / count.
 *
 * @param count Texels along the side
 * @param wrap What is outside of [0, 1]
 * @returns From coordinates to columns or rows
 * @throws {RangeError} If `wrap` is none of its values
 */
export function texelAxis(count: number, wrap: Required<SampleOptions>["wrap"]): ColumnMap {
  if (wrap !== "repeat" && wrap !== "clamp") {
    throw new RangeError(
      `Cannot ${ACTION}: wrap must be repeat or clamp, current value is ${JSON.stringify(wrap)}`,
    );
  }
  return { scale: count, shift: -0.5, wrap: wrap === "repeat", clamp: wrap === "clamp" };
}

/**
 * Checks the arguments of sampling.
 *
 * @param texture Texels, `[h, w, C]`
 * @param uvs Texture coordinates, `[N, 2]`
 * @param options Filter, what is outside, levels, faces
 * @returns The options with their defaults, and N
 * @throws {TypeError} If a shape does not match, or levels and filter do not go together
 * @throws {RangeError} If an option is out of range
 */
export function checkSampling(
  texture: FloatImage,
  uvs: FloatArray,
  options: SampleOptions,
): Required<SampleOptions> & { readonly N: number } {
  const {
    filter = SAMPLE_DEFAULTS.filter,
    wrap = SAMPLE_DEFAULTS.wrap,
    levels = SAMPLE_DEFAULTS.levels,
    faceIndex = SAMPLE_DEFAULTS.faceIndex,
  } = options;
  const chosen = { filter, wrap, levels, faceIndex };
  const { data, height, width, channels } = texture;
  const { N } = checkShapes(ACTION, {
    texture: [data, [height, width, channels]],
    uvs: [uvs, ["N", 2]],
    ...(chosen.levels && { levels: [chosen.levels, ["N"]] as const }),
    ...(chosen.faceIndex && { faceIndex: [chosen.faceIndex, ["N"]] as const }),
  });
  if (!FILTERS.includes(chosen.filter)) {
    throw new RangeError(
      `Cannot ${ACTION}: filter must be ${FILTERS.join(" or ")}, current value is ${
        JSON.stringify(chosen.filter)
      }`,
    );
  }
  texelAxis(width, chosen.wrap); // checks it
  if ((chosen.filter === "mip") !== (chosen.levels !== null)) {
    throw new TypeError(
      `Cannot ${ACTION}: levels belong to the filter mip, current value is ${
        chosen.levels ? "levels" : "no levels"
      } with ${chosen.filter}`,
    );
  }
  return { ...chosen, N };
}
