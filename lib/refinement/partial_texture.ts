/**
 * Textures of which only some texels are known.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import type { SeenTexels } from "./project_photograph.ts";
import { pushPull } from "./push_pull.ts";

/** A square texture that is known here and there. */
export interface PartialTexture {
  /** Rows and columns, R. */
  readonly resolution: number;
  /** Colours in [0, 1], `[R, R, 3]`. */
  readonly colours: Float32Array;
  /** How well each texel is known, 0 to 1, `[R, R]`. */
  readonly confidence: Float32Array;
}

/** Weights of seen texels between which their confidence rises from 0 to 1. */
export interface ConfidenceRange {
  /** Weight up to which a texel counts as unseen. */
  readonly none: number;
  /** Weight from which confidence is full. */
  readonly full: number;
}

/** Confidence in the photograph of the object itself, and in those of other objects, which must be seen better to be taken. */
export const OWN_CONFIDENCE: ConfidenceRange = { none: 0.005, full: 0.05 },
  DONOR_CONFIDENCE: ConfidenceRange = { none: 0.04, full: 0.2 };

/** Weight of a texel's mirror image beside the texel itself, both squared. */
const MIRROR_SHARE = 0.05;

/**
 * What a photograph shows of an object, and of its mirror image: a texel has its own colour unless its mirror image is seen
 * much better.
 *
 * @param seen Texels of the photograph, `[R, R]`
 * @param range Weights of no and of full confidence
 * @param symmetric Whether the object is taken as mirror-symmetric about x = 0
 */
export function seenTexture(
  { colours, weight }: SeenTexels,
  range: ConfidenceRange,
  symmetric: boolean,
): PartialTexture {
  const resolution = Math.sqrt(weight.length);
  const mixed = new Float32Array(colours.length), confidence = new Float32Array(weight.length);
  for (let texel = 0; texel < weight.length; texel++) {
    const mirror = mirrorTexel(texel, resolution);
    const own = weight[texel], other = symmetric ? weight[mirror] : 0;
    const a = own * own, b = MIRROR_SHARE * other * other;
    for (let c = 0; c < 3 && a + b > 0; c++) {
      mixed[3 * texel + c] = (a * colours[3 * texel + c] + b * colours[3 * mirror + c]) / (a + b);
    }
    const share = (Math.max(own, other) - range.none) / (range.full - range.none);
    confidence[texel] = Math.min(1, Math.max(0, share));
  }
  return { resolution, colours: mixed, confidence };
}

/** The texel at the mirror image of a texel's place: u becomes ½ − u. */
function mirrorTexel(texel: number, resolution: number): number {
  const column = texel % resolution;
  return texel - column + (resolution / 2 - 1 - column + resolution) % resolution;
}

/**
 * A texture of fewer texels: means weighted by confidence.
 *
 * @param texture Texture of R × R texels
 * @param resolution Rows and columns of the result, a divisor of R
 */
export function reduceTexture(texture: PartialTexture, resolution: number): PartialTexture {
  const { resolution: R } = texture, factor = R / resolution;
  if (factor === 1) return texture;
  const colours = new Float32Array(3 * resolution * resolution);
  const confidence = new Float32Array(resolution * resolution);
  for (let i = 0, from = 0; i < R; i++) {
    const row = Math.floor(i / factor) * resolution;
    for (let j = 0; j < R; j++, from++) {
      const to = row + Math.floor(j / factor), share = texture.confidence[from];
      confidence[to] += share;
      for (let c = 0; c < 3; c++) colours[3 * to + c] += share * texture.colours[3 * from + c];
    }
  }
  for (let to = 0; to < confidence.length; to++) {
    for (let c = 0; c < 3 && confidence[to] > 0; c++) colours[3 * to + c] /= confidence[to];
    confidence[to] /= factor * factor;
  }
  return { resolution, colours, confidence };
}

/**
 * Values of more texels, bilinear, around the sphere.
 *
 * @param values `[r, r, 3]`
 * @param resolution Rows and columns of the result, R
 * @param needed Above 0 where a value is needed, `[R, R]`; everywhere if left out
 * @returns `[R, R, 3]`, 0 where nothing is needed
 */
export function enlargeTexels(values: Float32Array, resolution: number, needed?: Float32Array): Float32Array {
  const r = Math.sqrt(values.length / 3), scale = r / resolution;
  if (scale === 1) return values;
  const out = new Float32Array(3 * resolution * resolution);
  for (let i = 0, texel = 0; i < resolution; i++) {
    const y = Math.max(0, (i + 0.5) * scale - 0.5), top = Math.min(r - 1, Math.floor(y)), fy = y - top;
    const bottom = Math.min(r - 1, top + 1);
    for (let j = 0; j < resolution; j++, texel++) {
      if (needed && needed[texel] <= 0) continue;
      const x = (j + 0.5) * scale - 0.5, low = Math.floor(x), fx = x - low;
      const left = (low + r) % r, right = (low + 1) % r;
      const a = 3 * (top * r + left), b = 3 * (top * r + right);
      const d = 3 * (bottom * r + left), e = 3 * (bottom * r + right);
      for (let c = 0; c < 3; c++) {
        const upper = values[a + c] + fx * (values[b + c] - values[a + c]);
        out[3 * texel + c] = upper + fy * (values[d + c] + fx * (values[e + c] - values[d + c]) - upper);
      }
    }
  }
  return out;
}

/** The mean of some textures, filled where none is known; colours in [0, 1], `[R, R, 3]`. */
export function meanTexture(textures: readonly PartialTexture[]): FloatImage & { data: Float32Array } {
  const { resolution } = textures[0], image = floatImage(resolution, resolution, 3);
  const weight = new Float32Array(resolution * resolution);
  for (const { colours, confidence } of textures) {
    for (let texel = 0; texel < weight.length; texel++) {
      weight[texel] += confidence[texel];
      for (let k = 3 * texel; k < 3 * texel + 3; k++) image.data[k] += confidence[texel] * colours[k];
    }
  }
  for (let k = 0; k < image.data.length; k++) image.data[k] /= Math.max(weight[Math.floor(k / 3)], 1e-6);
  const known = weight.map((sum) => Math.min(1, sum));
  const values = image.data;
  return {
    ...image,
    data: pushPull({ height: resolution, width: resolution, values, weight: known, wraps: true }),
  };
}
