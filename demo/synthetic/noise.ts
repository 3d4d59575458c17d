/**
 * Smooth random functions of space, for patterns and backgrounds.
 *
 * @module
 */

/** A smooth function of three coordinates with values in [0, 1]; features have a size of about 1. */
export type Noise = (x: number, y: number, z: number) => number;

/**
 * Value noise: random values on the whole-number grid, smoothly interpolated.
 *
 * @param seed Integer; another one gives another function
 */
export function valueNoise(seed: number): Noise {
  const lattice = (i: number, j: number, k: number) => {
    let h = Math.imul(i, 0x8da6b343) ^ Math.imul(j, 0xd8163841) ^ Math.imul(k, 0xcb1ab31f) ^ seed;
    h = Math.imul(h ^ (h >>> 13), 0x5bd1e995);
    h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f);
    return ((h ^ (h >>> 14)) >>> 0) / 4294967296;
  };
  return (x, y, z) => {
    const i = Math.floor(x), j = Math.floor(y), k = Math.floor(z);
    const u = fade(x - i), v = fade(y - j), w = fade(z - k);
    const plane = (l: number) =>
      mix(
        mix(lattice(i, j, l), lattice(i + 1, j, l), u),
        mix(lattice(i, j + 1, l), lattice(i + 1, j + 1, l), u),
        v,
      );
    return mix(plane(k), plane(k + 1), w);
  };
}

/** Sum of noise at three sizes, each half as large and half as strong as the one before, in [0, 1]. */
export function layeredNoise(seed: number): Noise {
  const noise = valueNoise(seed);
  return (x, y, z) =>
    (4 * noise(x, y, z) + 2 * noise(2 * x + 17, 2 * y, 2 * z) + noise(4 * x + 31, 4 * y, 4 * z)) / 7;
}

const fade = (t: number) => t * t * (3 - 2 * t);

/** Linear interpolation from `a` (t = 0) to `b` (t = 1). */
export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}
