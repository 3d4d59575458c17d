/**
 * Textures put together from sources of falling confidence, joined without seams.
 *
 * @module
 */
import { enlargeTexels, type PartialTexture, reduceTexture } from "./partial_texture.ts";
import { pushPull } from "./push_pull.ts";

/** Texels along a side of the map of differences, which is smooth. */
const DIFFERENCE_SIDE = 128;
/** Factor with which differences fade each time that the distance from where both textures are known doubles. */
const DECAY = 0.8;
/** Sweeps that smooth what push-pull leaves in blocks. */
const SWEEPS = 30;

/**
 * Continues with another texture where a texture is not known. The difference of both is spread smoothly from where both are
 * known, so that no seam is left (after Pérez et al., "Poisson Image Editing", 2003), and fades away from there.
 *
 * @param texture What is known already
 * @param next Texture of lower confidence, of the same size
 * @returns Colours of the first where it is known, of the second beside it
 */
export function joinTextures(texture: PartialTexture, next: PartialTexture): PartialTexture {
  const { resolution: R } = texture;
  const colours = texture.colours.slice(), confidence = texture.confidence.slice();
  const needed = confidence.map((own, texel) => (1 - own) * next.confidence[texel]);
  const spread = enlargeTexels(spreadDifference(texture, next), R, needed); // [R, R, 3]
  for (let texel = 0; texel < needed.length; texel++) {
    const own = confidence[texel], other = needed[texel];
    if (other <= 0) continue;
    for (let k = 3 * texel; k < 3 * texel + 3; k++) {
      const joined = next.colours[k] + spread[k];
      colours[k] = Math.min(1, Math.max(0, (own * colours[k] + other * joined) / (own + other)));
    }
    confidence[texel] = own + other;
  }
  return { resolution: R, colours, confidence };
}

/** What is to be added to the second texture, `[r, r, 3]`. */
function spreadDifference(texture: PartialTexture, next: PartialTexture): Float32Array {
  const r = Math.min(texture.resolution, DIFFERENCE_SIDE);
  const first = reduceTexture(texture, r), second = reduceTexture(next, r);
  const values = new Float32Array(3 * r * r), weight = new Float32Array(r * r);
  for (let texel = 0; texel < r * r; texel++) {
    weight[texel] = first.confidence[texel] * second.confidence[texel];
    for (let k = 3 * texel; k < 3 * texel + 3; k++) values[k] = first.colours[k] - second.colours[k];
  }
  const spread = pushPull({ height: r, width: r, values, weight, wraps: true, decay: DECAY });
  relax(spread, weight, r);
  return spread;
}

/** Fills what is left of a texture from what surrounds it; colours everywhere, `[R, R, 3]`. */
export function fillTexture({ resolution: R, colours, confidence }: PartialTexture): Float32Array {
  const filled = pushPull({ height: R, width: R, values: colours, weight: confidence, wraps: true });
  relax(filled, confidence, R);
  return filled;
}

/** Some sweeps towards the mean of the neighbours, where a value is not fixed. */
function relax(values: Float32Array, fixed: Float32Array, R: number): void {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let i = 0, texel = 0; i < R; i++) {
      const up = i > 0 ? -3 * R : 0, down = i < R - 1 ? 3 * R : 0;
      for (let j = 0; j < R; j++, texel++) {
        const free = 1 - fixed[texel];
        if (free <= 0) continue;
        const left = j > 0 ? -3 : 3 * (R - 1), right = j < R - 1 ? 3 : 3 - 3 * R;
        for (let k = 3 * texel; k < 3 * texel + 3; k++) {
          const around = (values[k + up] + values[k + down] + values[k + left] + values[k + right]) / 4;
          values[k] += free * (around - values[k]);
        }
      }
    }
  }
}
