/**
 * What a parity case reads: its arrays, its entry in the folder's list, and arrays of its folder.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatImage, NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { readNpz } from "../../lib/io/npz.ts";
import { deriveTopology, type SphereTopology } from "../../lib/mesh/sphere_topology.ts";

/** Arrays of one case. */
export class CaseData {
  /**
   * @param root The folder of all kinds
   * @param folder The kind's folder
   * @param name The case
   * @param arrays Its arrays
   * @param entry What the folder's `cases.json` says of it
   */
  constructor(
    readonly root: string,
    readonly folder: string,
    readonly name: string,
    readonly arrays: Readonly<Record<string, NdArray>>,
    readonly entry: Readonly<Record<string, unknown>> = {},
  ) {}

  /** Whether there is such an array. */
  has(name: string): boolean {
    return name in this.arrays;
  }

  /** An array that the case must have. */
  array(name: string): NdArray {
    const array = this.arrays[name];
    if (!array) {
      throw new UserError(
        `${this.folder}/${this.name} has no array ${name}: it has ${Object.keys(this.arrays).join(", ")}.`,
      );
    }
    return array;
  }

  /** Lengths of an array's axes. */
  shape(name: string): readonly number[] {
    return this.array(name).shape;
  }

  /** Values as float64. */
  floats(name: string): Float64Array {
    return Float64Array.from(this.array(name).data, Number);
  }

  /** Values as int32. */
  ints(name: string): Int32Array {
    return Int32Array.from(this.array(name).data, Number);
  }

  /** The one value of a scalar or of an array of one entry. */
  number(name: string): number {
    return Number(this.array(name).data[0]);
  }

  /** Entries of the first axis, as float64. */
  rows(name: string): Float64Array[] {
    const values = this.floats(name);
    const count = this.shape(name)[0];
    const size = values.length / count;
    return Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
  }

  /** Gradient weights that are stored as eighths. */
  eighths(name: string): Float64Array {
    return this.floats(name).map((value) => value / 8);
  }

  /** Images of an array `[B, C, H, W]`, channels last. */
  images(name: string, scale = 1): FloatImage[] {
    const [batch, channels, height, width] = this.shape(name);
    const values = this.floats(name);
    return Array.from({ length: batch }, (_, b) => {
      const data = new Float64Array(channels * height * width); // [H, W, C]
      for (let c = 0; c < channels; c++) {
        for (let pixel = 0; pixel < height * width; pixel++) {
          data[pixel * channels + c] = values[(b * channels + c) * height * width + pixel] * scale;
        }
      }
      return { data, height, width, channels };
    });
  }

  /** Arrays of another case, by folder and name. */
  async other(folder: string, name: string): Promise<CaseData> {
    return new CaseData(this.root, folder, name, await readNpz(join(this.root, folder, `${name}.npz`)));
  }

  /** The sphere with the coordinates that the recorded values were computed with. */
  async topology(): Promise<SphereTopology> {
    const template = await this.other("mesh", "template");
    const [rings, segments] = template.ints("rings_segments");
    return deriveTopology(
      {
        vertices: template.floats("vertices"),
        faces: template.ints("faces"),
        uvs: template.floats("uvs"),
        faceUvs: template.ints("face_uvs"),
      },
      rings,
      segments,
    );
  }
}

/** All values of images, `[B, H, W, C]`. */
export function joined(parts: readonly (FloatImage | ArrayLike<number>)[]): Float64Array {
  const arrays = parts.map((part) => "data" in part ? part.data : part);
  const values = new Float64Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    values.set(array, at);
    at += array.length;
  }
  return values;
}

/** Gradients `[V, 2]` of x and y with a zero for z, `[V, 3]`. */
export function withZeroZ(gradient: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    { length: gradient.length / 2 * 3 },
    (_, i) => i % 3 === 2 ? 0 : gradient[Math.floor(i / 3) * 2 + i % 3],
  );
}
