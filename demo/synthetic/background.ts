/**
 * Backgrounds of synthetic images: one colour, a gradient, soft noise, or ground under a sky.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import type { Prng } from "../../lib/core/prng.ts";
import { smoothStep } from "../../lib/templates/signed_distance.ts";
import { type Colour, hsv, mixColours, pick } from "./colours.ts";
import { layeredNoise } from "./noise.ts";

/** Kinds of backgrounds. */
export const BACKGROUNDS = ["plain", "gradient", "noise", "ground"] as const;

/**
 * Draws a background.
 *
 * @param prng Random numbers
 * @param size Rows and columns, S
 * @returns Its kind and its colours in [0, 1], `[S, S, 3]`
 */
export function drawBackground(prng: Prng, size: number): { kind: string; image: FloatImage } {
  const kind = pick(prng, BACKGROUNDS);
  const first = randomColour(prng), second = randomColour(prng);
  const noise = layeredNoise(prng.nextUint32());
  const angle = prng.uniform(0, 2 * Math.PI),
    frequency = prng.uniform(2, 6),
    horizon = prng.uniform(0.3, 0.6);
  const colourAt = (x: number, y: number): Colour => { // x, y in [0, 1], y down
    switch (kind) {
      case "plain":
        return first;
      case "gradient":
        return mixColours(
          first,
          second,
          0.5 + (x - 0.5) * Math.cos(angle) * 0.7 + (y - 0.5) * Math.sin(angle) * 0.7,
        );
      case "noise":
        return mixColours(first, second, smoothStep(noise(frequency * x, frequency * y, 0), 0.2, 0.8));
      case "ground": {
        const rough = noise(frequency * 4 * x, frequency * 10 * y, 0);
        const sky = mixColours([0.62, 0.74, 0.88], [0.88, 0.91, 0.94], y / horizon);
        const ground = mixColours(first, [0.3, 0.28, 0.25], 0.5 * rough);
        return mixColours(sky, ground, smoothStep(y, horizon - 0.02, horizon + 0.02));
      }
    }
  };
  const image = floatImage(size, size, 3); // [S, S, 3]
  for (let row = 0, o = 0; row < size; row++) {
    for (let column = 0; column < size; column++, o += 3) {
      image.data.set(colourAt((column + 0.5) / size, (row + 0.5) / size), o);
    }
  }
  return { kind, image };
}

function randomColour(prng: Prng): Colour {
  return hsv(prng.next(), prng.uniform(0, 0.42), prng.uniform(0.35, 0.95));
}
