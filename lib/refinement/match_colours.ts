/**
 * Colours of one texture brought to those of another, where both are known.
 *
 * @module
 */
import type { PartialTexture } from "./partial_texture.ts";

/** How the colours of a texture become those of another. */
export interface ColourMatch {
  /** Factor of each channel, `[3]`. */
  readonly gain: readonly number[];
  /** Root mean square difference of the colours after the factors. */
  readonly error: number;
  /** The same before. */
  readonly rawError: number;
  /** Share of the surface where both are known. */
  readonly overlap: number;
}

/** Mean square that counts for factors of 1, against factors from colours that are nearly black. */
const IDENTITY_WEIGHT = 0.002;
/** Least and largest factor. */
const LEAST_GAIN = 0.2, MOST_GAIN = 3;

/**
 * Finds the factors of the channels by least squares over the texels that both textures know.
 *
 * A factor changes paint and light and leaves what is dark (tyres, windows) dark.
 *
 * @param texture What is to be continued
 * @param other Texture of the same size whose colours are changed
 */
export function matchColours(texture: PartialTexture, other: PartialTexture): ColourMatch {
  const { resolution: R } = texture;
  const products = [0, 0, 0], squares = [0, 0, 0], own = [0, 0, 0]; // Σ w a b, Σ w b², Σ w a²
  let weight = 0, total = 0;
  for (let i = 0, texel = 0; i < R; i++) {
    const area = Math.sin(Math.PI * (i + 0.5) / R); // of a texel on the sphere
    total += R * area;
    for (let j = 0; j < R; j++, texel++) {
      const w = area * texture.confidence[texel] * other.confidence[texel];
      if (w === 0) continue;
      weight += w;
      for (let c = 0; c < 3; c++) {
        const a = texture.colours[3 * texel + c], b = other.colours[3 * texel + c];
        products[c] += w * a * b;
        squares[c] += w * b * b;
        own[c] += w * a * a;
      }
    }
  }
  if (weight === 0) return { gain: [1, 1, 1], error: Infinity, rawError: Infinity, overlap: 0 };
  const prior = IDENTITY_WEIGHT * weight;
  const gain = products.map((product, c) =>
    Math.min(MOST_GAIN, Math.max(LEAST_GAIN, (product + prior) / (squares[c] + prior)))
  );
  const errorOf = (factors: readonly number[]) => {
    const sum = factors.reduce((s, g, c) => s + own[c] - 2 * g * products[c] + g * g * squares[c], 0);
    return Math.sqrt(Math.max(0, sum) / (3 * weight));
  };
  return { gain, error: errorOf(gain), rawError: errorOf([1, 1, 1]), overlap: weight / total };
}

/** Colours times the factors of the channels, `[R, R, 3]`. */
export function applyGain(colours: Float32Array, gain: readonly number[]): Float32Array {
  return colours.map((value, k) => value * gain[k % 3]);
}
