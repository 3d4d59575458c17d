/**
 * Images of a mesh for people: antialiased, on a transparent background, with light if wanted.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { sumFaceNormals } from "../mesh/vertex_normals.ts";
import { interpolateForward } from "./_interpolate_kernel.ts";
import { createFragments, type Fragments, rasterize } from "./rasterize.ts";
import { gatherCorners } from "./separate_faces.ts";
import { sphereColumns } from "./texture.ts";
import { sampleForward } from "./_texture_kernel.ts";

/** Options of an image. */
export interface RenderImageOptions {
  /** Rows and columns, S; up to 2048. */
  size?: number;
  /** Samples along each side of a pixel, 1 to 8. */
  supersample?: number;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  symmetric?: boolean;
  /** How much the surface darkens away from the light, 0 (none) to 1. */
  light?: number;
}

/** Colour of meshes without a texture. */
const PLAIN = 0.75;
/** Towards the light: from the upper left, in front. */
const LIGHT_DIRECTION = [-0.4, 0.5, 0.77] as const;

/**
 * Renders an image of a mesh. Works in strips, so that the finely sampled image is never held whole.
 *
 * @param mesh Mesh with screen positions (x right, y up, larger z nearer) as vertices, `[V, 3]`
 * @param texture Colours in [0, 1], `[h, w, 3]`; null is grey
 * @param options Size, sampling and light
 * @returns Colours (not multiplied by alpha) and alpha in [0, 1], `[S, S, 4]`
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an option or a face is out of range
 */
export function renderImage(
  mesh: Mesh,
  texture: FloatImage | null,
  { size = 256, supersample = 4, symmetric = true, light = 0 }: RenderImageOptions = {},
): FloatImage {
  checkRange("size", size, 1, 2048);
  checkRange("supersample", supersample, 1, 8);
  if (!(light >= 0 && light <= 1)) {
    throw new RangeError(`Cannot render an image: light must be 0 to 1, current value is ${light}`);
  }
  if (texture) {
    const { data, height, width } = texture;
    checkShapes("render an image", { texture: [data, [height, width, 3]] });
  }
  const cornerUvs = gatherCorners(mesh.uvs, mesh.faceUvs, 2);
  const normals = light > 0
    ? gatherCorners(sumFaceNormals(Float64Array.from(mesh.vertices), mesh.faces), mesh.faces, 3)
    : null;
  const image = floatImage(size, size, 4);
  const columns = size * supersample;
  const rows = Math.max(1, Math.floor((1 << 19) / columns / supersample)); // image rows of a strip
  for (let top = 0; top < size; top += rows) {
    const count = Math.min(rows, size - top);
    const strip = createFragments(count * supersample, columns, new Float32Array(0));
    rasterize(stripVertices(mesh.vertices, top, count, size), mesh.faces, strip.height, columns, strip);
    const colors = shade(strip, cornerUvs, texture, symmetric, normals, light);
    averageInto(image, top, strip, colors, supersample);
  }
  return image;
}

/** Screen positions moved so that rows `top` to `top + count` fill the image. */
function stripVertices(vertices: FloatArray, top: number, count: number, size: number): FloatArray {
  const scale = size / count, centre = 1 - (2 * top + count) / size; // y of the strip's middle
  return vertices.map((value, i) => i % 3 === 1 ? (value - centre) * scale : value) as FloatArray;
}

/** Unlit or lit colours of covered samples, `[H, W, 3]`. */
function shade(
  strip: Fragments,
  cornerUvs: FloatArray,
  texture: FloatImage | null,
  symmetric: boolean,
  normals: FloatArray | null,
  light: number,
): Float32Array {
  const { faceIndex, barycentric } = strip;
  const samples = faceIndex.length;
  const colors = new Float32Array(3 * samples).fill(PLAIN); // [H, W, 3]
  if (texture) {
    const uvs = new Float32Array(2 * samples); // [H, W, 2]
    interpolateForward(cornerUvs, 2, faceIndex, barycentric, uvs);
    const { data, height, width, channels } = texture;
    sampleForward(data, height, width, channels, sphereColumns(width, symmetric), uvs, faceIndex, colors);
  }
  if (!normals) return colors;
  const interpolated = new Float32Array(3 * samples); // [H, W, 3]
  interpolateForward(normals, 3, faceIndex, barycentric, interpolated);
  for (let o = 0; o < samples; o++) {
    if (faceIndex[o] < 0) continue;
    const x = interpolated[3 * o], y = interpolated[3 * o + 1], z = interpolated[3 * o + 2];
    const dot = x * LIGHT_DIRECTION[0] + y * LIGHT_DIRECTION[1] + z * LIGHT_DIRECTION[2];
    const cosine = dot / (Math.hypot(x, y, z) || 1) / Math.hypot(...LIGHT_DIRECTION);
    const factor = 1 - light * (0.5 - 0.5 * cosine);
    for (let c = 3 * o; c < 3 * o + 3; c++) colors[c] *= factor;
  }
  return colors;
}

/** Averages the samples of each pixel; colours over the covered samples only. */
function averageInto(
  image: FloatImage,
  top: number,
  strip: Fragments,
  colors: Float32Array,
  supersample: number,
): void {
  const total = supersample * supersample;
  for (let i = 0; i < strip.height / supersample; i++) {
    for (let j = 0; j < image.width; j++) {
      let covered = 0, red = 0, green = 0, blue = 0;
      for (let s = 0; s < total; s++) {
        const row = i * supersample + Math.floor(s / supersample);
        const o = row * strip.width + j * supersample + s % supersample;
        if (strip.faceIndex[o] < 0) continue;
        covered++;
        red += colors[3 * o], green += colors[3 * o + 1], blue += colors[3 * o + 2];
      }
      if (covered === 0) continue;
      const values = [red / covered, green / covered, blue / covered, covered / total];
      values.forEach((value, c) => image.data[4 * ((top + i) * image.width + j) + c] = value);
    }
  }
}

function checkRange(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high)) {
    throw new RangeError(
      `Cannot render an image: ${name} must be an integer from ${low} to ${high}, current value is ${value}`,
    );
  }
}
