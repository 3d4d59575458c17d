/**
 * Colours by how different they look.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";

/** White of daylight (D65) in XYZ. */
const WHITE = [0.9505, 1, 1.089] as const;
/** sRGB's bytes as linear light. */
const LINEAR = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/**
 * Colours in CIE L*a*b*, in which equal distances look equally large.
 *
 * @param image sRGB, `[H, W, 3]`
 * @returns L (0 to 100), a and b (about −100 to 100), `[H, W, 3]`
 */
export function labColours({ data, height, width }: ByteImage): Float32Array {
  const lab = new Float32Array(height * width * 3); // [H, W, 3]
  for (let k = 0; k < lab.length; k += 3) {
    const r = LINEAR[data[k]], g = LINEAR[data[k + 1]], b = LINEAR[data[k + 2]];
    const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / WHITE[0]);
    const y = root((0.2126 * r + 0.7152 * g + 0.0722 * b) / WHITE[1]);
    const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / WHITE[2]);
    lab[k] = 116 * y - 16;
    lab[k + 1] = 500 * (x - y);
    lab[k + 2] = 200 * (y - z);
  }
  return lab;
}

/** The cube root, and near 0 the line that goes on from it. */
function root(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
}
