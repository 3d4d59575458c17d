/**
 * Inference: what a trained network sees in one photograph.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { type Tensor, type Tensor2D, type Tensor4D, tf } from "../core/tensor.ts";
import { displaceVertices } from "../mesh/displace_vertices.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { ReconstructionModel } from "./reconstruction_network.ts";

/** A photograph as the network takes it. */
export interface ReconstructionPhoto {
  /** Name, for messages. */
  readonly id: string;
  /** Class. */
  readonly classIndex: number;
  /** Colours in [−1, 1] times the mask, `[r, r, 3]`. */
  readonly image: FloatImage;
  /** Share of the object in each pixel, `[r, r, 1]`. */
  readonly mask: FloatImage;
}

/** What the network predicts for one photograph. */
export interface Reconstruction {
  /** Displacement along (normal, tangent, bitangent), `[32, 32, 3]`. */
  displacementMap: FloatImage;
  /** Positions in the object frame, `[V, 3]`. */
  vertices: Float32Array;
  /** Colours in [−1, 1], `[R, R, 3]`; null if the network predicts none. */
  texture: FloatImage | null;
  /** Distribution over part channels, `[R, R, P + 1]`; null if the network predicts none. */
  parts: FloatImage | null;
}

/**
 * Reconstructs objects from photographs, with running statistics.
 *
 * @param network Trained network
 * @param samples Photographs at the network's resolution
 * @param presence 1 for the part channels that a class has, `[classes, P + 1]`; by default all have all
 * @returns One reconstruction per photograph; the result for a photograph does not depend on the others
 * @throws {TypeError} If a photograph has another resolution
 */
export async function reconstructImages(
  network: ReconstructionModel,
  samples: readonly ReconstructionPhoto[],
  presence: Float32Array | null = null,
): Promise<Reconstruction[]> {
  const { imageResolution: r, classCount } = network.config;
  const input = new Float32Array(samples.length * r * r * 4); // [B, r, r, 4]
  samples.forEach((sample, b) => {
    if (sample.image.width !== r || sample.image.height !== r) {
      throw new TypeError(
        `Cannot reconstruct ${sample.id}: its image must be ${r} pixels wide, current value is ${sample.image.width}`,
      );
    }
    writeInput(sample, false, input, b * r * r * 4);
  });
  const output = tf.tidy(() => {
    const classes = classCount > 1
      ? tf.oneHot(tf.tensor1d(samples.map((sample) => sample.classIndex), "int32"), classCount)
        .toFloat() as Tensor2D
      : null;
    const partPresence = classes && presence
      ? tf.matMul(classes, tf.tensor2d(presence, [classCount, presence.length / classCount])) as Tensor2D
      : null;
    const image = tf.tensor4d(input, [samples.length, r, r, 4]);
    const { displacementMap, texture, parts } = network.predict({ image, classes, partPresence }, false);
    return [displacementMap, texture, parts].map((map) => map ?? tf.zeros([0])) as Tensor[];
  });
  const [maps, textures, parts] = await Promise.all(output.map((map) => splitBatch(map as Tensor4D)));
  tf.dispose(output);
  return samples.map((_, b) => ({
    displacementMap: maps![b],
    vertices: verticesOf(maps![b], network.config.symmetric),
    texture: textures?.[b] ?? null,
    parts: parts?.[b] ?? null,
  }));
}

/** Displaced vertices of one map, `[V, 3]`. */
function verticesOf({ data, height, width }: FloatImage, symmetric: boolean): Float32Array {
  return Float32Array.from(displaceVertices(sphereTopology(), data, height, width, { symmetric }));
}

async function splitBatch(maps: Tensor4D): Promise<FloatImage[] | null> {
  if (maps.size === 0) return null;
  const [B, height, width, channels] = maps.shape;
  const values = await maps.data<"float32">();
  return Array.from({ length: B }, (_, b) => {
    const image = floatImage(height, width, channels);
    image.data.set(values.subarray(b * image.data.length, (b + 1) * image.data.length));
    return image;
  });
}

/**
 * Writes the network's input: colours times mask, then the mask, perhaps mirrored.
 *
 * @param sample Photograph
 * @param flip Whether columns are reversed
 * @param out Where to write, `[r, r, 4]` from `offset`
 * @param offset First place
 */
export function writeInput(sample: ReconstructionPhoto, flip: boolean, out: Float32Array, offset = 0): void {
  const { image, mask } = sample;
  const { height, width } = image;
  for (let y = 0, at = offset; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const from = y * width + (flip ? width - 1 - x : x);
      for (let c = 0; c < 3; c++) out[at + c] = image.data[from * 3 + c];
      out[at + 3] = mask.data[from];
    }
  }
}
