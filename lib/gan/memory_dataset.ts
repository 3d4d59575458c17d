/**
 * UV maps of a user's own, in memory, as a data set for the GAN.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import type { UvDataset } from "./uv_dataset.ts";

/** One object. */
export interface OwnObject {
  /** Colours in [−1, 1], `[R, R, 3]`. */
  readonly texture: FloatImage;
  /** Displacement along (normal, tangent, bitangent), `[32, 32, 3]`; the sphere if left out. */
  readonly displacementMap?: FloatArray;
  /** Where the colours are known, 0 to 1, `[R, R, 1]`; everywhere if left out. */
  readonly alpha?: FloatImage;
}

/** Values of a displacement map. */
const MAP_VALUES = 32 * 32 * 3;

/**
 * A data set of objects of one class, each seen from the same side.
 *
 * @param name Name of the data set
 * @param objects The objects, N of them, with textures of one size
 * @throws {RangeError} If there is no object
 * @throws {TypeError} If textures differ in size, or a displacement map has another one
 */
export function memoryUvDataset(name: string, objects: readonly OwnObject[]): UvDataset {
  const N = objects.length;
  if (N === 0) throw new RangeError("Cannot make a data set: current value is 0 objects");
  const R = objects[0].texture.height;
  for (const [i, { texture: { height, width }, displacementMap }] of objects.entries()) {
    if (height !== R || width !== R || (displacementMap?.length ?? MAP_VALUES) !== MAP_VALUES) {
      throw new TypeError(
        `Cannot make a data set as object ${i} must have a texture of ${R} × ${R} and a displacement map of ` +
          `${MAP_VALUES} values: current values are ${height} × ${width} and ${
            displacementMap?.length ?? "none"
          }`,
      );
    }
  }
  const all = floatImage(R, R, 1);
  all.data.fill(1);
  const ids = objects.map((_, i) => `${name}_${i}`);
  return {
    ...{ name, mode: "singletpl", length: N, resolution: R, classes: 1, hasSamples: true },
    poses: {
      scale: new Float32Array(N).fill(0.8),
      translation: new Float32Array(2 * N),
      rotation: Float32Array.from({ length: 4 * N }, (_, i) => [0.5, 0.5, 0.5, -0.5][i % 4]), // from the side
      perspective: new Float32Array(N).fill(3),
      classIndex: new Int32Array(N),
      ids,
    },
    sample: (i) => {
      const { texture, alpha = all, displacementMap = new Float32Array(MAP_VALUES) } = objects[i];
      const data = texture.data.map((value, t) => value * alpha.data[Math.floor(t / 3)]);
      const map = Float32Array.from(displacementMap);
      const known = { ...texture, data: Float32Array.from(data) };
      return Promise.resolve({
        ...{ id: ids[i], classIndex: 0, displacementMap: map, parts: null, texture: known, alpha },
      });
    },
  };
}
