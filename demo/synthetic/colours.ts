/**
 * Colours as RGB triples in [0, 1].
 *
 * @module
 */
import type { Prng } from "../../lib/core/prng.ts";
import { mix } from "./noise.ts";

/** Red, green, blue in [0, 1]. */
export type Colour = readonly [number, number, number];

/** A colour by hue (0 to 1, red = 0), saturation and value. */
export function hsv(hue: number, saturation: number, value: number): Colour {
  const channel = (n: number) => {
    const k = (n + 6 * hue) % 6;
    return value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

/** A colour between `a` and `b`. */
export function mixColours(a: Colour, b: Colour, t: number): Colour {
  return [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];
}

/** A colour made darker (factor below 1) or lighter. */
export function scaleColour(colour: Colour, factor: number): Colour {
  return [Math.min(1, colour[0] * factor), Math.min(1, colour[1] * factor), Math.min(1, colour[2] * factor)];
}

/** One of several things, at random. */
export function pick<T>(prng: Prng, things: readonly T[]): T {
  return things[prng.integer(things.length)];
}
