import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import type { UvDataset } from "../../lib/gan/uv_dataset.ts";

/** A data set in memory: textures of one colour each with a soft hole, small even-reflected displacements. */
export function toyDataset(length: number, resolution: number, classes = 1, parts = 0): UvDataset {
  const classIndex = Int32Array.from({ length }, (_, i) => Math.floor(i * classes / length));
  return {
    name: "toy",
    mode: "singletpl",
    length,
    resolution,
    classes,
    hasSamples: true,
    poses: {
      scale: new Float32Array(length).fill(0.7),
      translation: new Float32Array(2 * length),
      rotation: Float32Array.from(
        { length: 4 * length },
        (_, i) => i % 4 === 0 ? Math.SQRT1_2 : i % 4 === 1 ? -Math.SQRT1_2 : 0,
      ),
      perspective: new Float32Array(length).fill(3),
      classIndex,
      ids: Array.from({ length }, (_, i) => `toy_${i}`),
    },
    sample: (index) => {
      const sample = toySample(index, resolution, classIndex[index]);
      return Promise.resolve({ ...sample, parts: parts > 0 ? toyParts(index, parts) : null });
    },
  };
}

/** Toys with fine stripes of a width of their own, known everywhere. */
export function stripedDataset(length: number, resolution: number): UvDataset {
  const toys = toyDataset(length, resolution);
  return {
    ...toys,
    async sample(row) {
      const maps = await toys.sample(row), texture = { ...maps.texture, data: maps.texture.data.slice() };
      for (let i = 0; i < texture.data.length; i++) {
        const line = Math.floor(i / 3 / resolution);
        texture.data[i] = Math.max(
          -0.9,
          Math.min(0.9, maps.texture.data[0] + 0.2 * Math.sin(line * (1 + row / 4))),
        );
      }
      return {
        ...maps,
        texture,
        completed: texture,
        alpha: { ...maps.alpha, data: maps.alpha.data.map(() => 1) },
      };
    },
  };
}

/** Stripes of parts, shifted by the number of the sample. */
function toyParts(index: number, parts: number): FloatImage {
  const map = floatImage(64, 64, parts);
  for (let i = 0; i < 64 * 64; i++) map.data[i * parts + (Math.floor(i / 640) + index) % parts] = 1;
  return map;
}

function toySample(index: number, resolution: number, classIndex: number) {
  const prng = new Prng(1, "toy", index);
  const colour = [prng.uniform(0.2, 0.8), prng.uniform(-0.2, 0.2), prng.uniform(-0.8, -0.2)];
  const alpha: FloatImage = floatImage(resolution, resolution, 1);
  const texture: FloatImage = floatImage(resolution, resolution, 3);
  for (let i = 0; i < resolution * resolution; i++) {
    const column = i % resolution;
    alpha.data[i] = column < resolution * 0.75 ? 1 : 0;
    for (let c = 0; c < 3; c++) texture.data[3 * i + c] = alpha.data[i] * colour[c];
  }
  const displacementMap = new Float32Array(32 * 32 * 3); // [32, 32, 3]
  const bump = prng.uniform(-0.2, 0.2);
  for (let i = 0; i < 32 * 32; i++) displacementMap[3 * i] = bump;
  return { id: `toy_${index}`, classIndex, displacementMap, parts: null, texture, alpha };
}
