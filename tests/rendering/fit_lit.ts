/**
 * A texture fitted to images that were each taken under another light: a light and a gloss of every image, second-order
 * harmonics of the normal, are fitted with it.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";
import type { Mesh } from "../../lib/mesh/mesh.ts";
import {
  type Camera,
  interpolateMesh,
  mipLevels,
  projectToScreen,
  rasterizeMesh,
  sampleUvTexture,
  sampleUvTextureBackward,
} from "../../lib/rendering/mod.ts";
import { pyramidAdam } from "./fit_mesh.ts";

/** Harmonics of the normal; numbers of a channel's light, and as many of its gloss. */
const HARMONICS = 9, LIGHT = 2 * HARMONICS;

/** An image of the set, and what our camera sees there. */
export interface LitView {
  readonly image: Float32Array;
  readonly at: Float32Array;
  readonly sampling: {
    readonly filter: "mip";
    readonly levels: Float32Array;
    readonly faceIndex: Int32Array;
  };
  /** Harmonics at each pixel, `[S, S, HARMONICS]`. */
  readonly harmonics: Float32Array;
}

/** Unit normals of the faces, `[F, 3]`. */
function faceNormals(vertices: Float32Array, faces: Int32Array): Float32Array {
  const normals = new Float32Array(faces.length); // [F, 3]
  for (let k = 0; k < faces.length; k += 3) {
    const [a, b, c] = [k, k + 1, k + 2].map((i) => vertices.subarray(3 * faces[i], 3 * faces[i] + 3));
    const [u, v] = [b, c].map((p) => p.map((value, i) => value - a[i]));
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    normals.set(n.map((value) => value / (Math.hypot(...n) || 1)), k);
  }
  return normals;
}

/**
 * Prepares a view; pixels that are not wholly in the mask are left out.
 *
 * @param image The set's image, `[S, S, 3]`
 * @param mask Its coverages, `[S, S]`
 */
export function litView(
  mesh: Mesh,
  texture: { readonly height: number; readonly width: number },
  camera: Camera,
  image: Float32Array,
  mask: ArrayLike<number>,
  S: number,
): LitView {
  const row = { ...camera, parameters: Float32Array.from(camera.parameters) }, { faces } = mesh;
  const vertices = Float32Array.from(mesh.vertices), seen = { screen: projectToScreen(vertices, row), faces };
  const fragments = rasterizeMesh(seen.screen, faces, { height: S, width: S, cull: "none" });
  const uvs = { values: Float32Array.from(mesh.uvs), indices: mesh.faceUvs, channels: 2 };
  const at = interpolateMesh(uvs, seen, fragments) as Float32Array;
  const levels = mipLevels(uvs, seen, fragments, texture) as Float32Array;
  const normals = faceNormals(vertices, faces), faceIndex = fragments.faceIndex.slice();
  const harmonics = new Float32Array(S * S * HARMONICS);
  faceIndex.forEach((face, o) => {
    if (face >= 0 && mask[o] < 0.999) faceIndex[o] = -1;
    if (faceIndex[o] < 0) return;
    const [x, y, z] = normals.subarray(3 * face, 3 * face + 3);
    harmonics.set([1, x, y, z, x * y, x * z, y * z, x * x - y * y, 3 * z * z - 1], o * HARMONICS);
  });
  return { image, at, sampling: { filter: "mip", levels, faceIndex }, harmonics };
}

/** The light and gloss of an image that suit its samples best, `[3, LIGHT]`, by least squares. */
function solveLight(
  { image, harmonics, sampling: { faceIndex } }: LitView,
  samples: ArrayLike<number>,
): Float64Array {
  const lights = new Float64Array(3 * LIGHT);
  for (let c = 0; c < 3; c++) {
    const rows = Array.from({ length: LIGHT }, (_, i) => {
      const row = new Float64Array(LIGHT + 1);
      row[i] = 1e-3;
      return row;
    });
    const values = new Float64Array(LIGHT);
    faceIndex.forEach((face, o) => {
      if (face < 0) return;
      for (let k = 0; k < HARMONICS; k++) {
        values[k] = samples[3 * o + c] * harmonics[o * HARMONICS + k];
        values[HARMONICS + k] = harmonics[o * HARMONICS + k];
      }
      for (let i = 0; i < LIGHT; i++) {
        for (let j = 0; j < LIGHT; j++) rows[i][j] += values[i] * values[j];
        rows[i][LIGHT] += values[i] * image[3 * o + c];
      }
    });
    for (let i = 0; i < LIGHT; i++) {
      for (let r = 0; r < LIGHT; r++) { // the matrix is positive: no exchange of rows
        if (r === i) continue;
        const factor = rows[r][i] / rows[i][i];
        for (let j = i; j <= LIGHT; j++) rows[r][j] -= factor * rows[i][j];
      }
    }
    rows.forEach((row, i) => lights[c * LIGHT + i] = row[LIGHT] / row[i]);
  }
  return lights;
}

/** The share of the samples in pixel o's colour, and what is added to it. */
function lightAt({ harmonics }: LitView, light: Float64Array, o: number, c: number): [number, number] {
  let factor = 0, gloss = 0;
  for (let k = 0; k < HARMONICS; k++) {
    factor += light[c * LIGHT + k] * harmonics[o * HARMONICS + k];
    gloss += light[c * LIGHT + HARMONICS + k] * harmonics[o * HARMONICS + k];
  }
  return [factor, gloss];
}

/** Fits a texture, changed in place, and the lights by turns. */
export function fitLitTexture(
  texture: FloatImage & { readonly data: Float32Array },
  views: readonly LitView[],
  steps: number,
): void {
  const step = pyramidAdam(texture), lights: Float64Array[] = [];
  for (let count = 0; count < steps; count++) {
    const gradient = new Float32Array(texture.data.length);
    views.forEach((view, b) => {
      const samples = sampleUvTexture(texture, view.at, view.sampling),
        ofSamples = new Float32Array(samples.length);
      // From grey there is no light to be told from gloss: first the colours under an even light.
      if (count === 0) lights[b] = new Float64Array(3 * LIGHT).map((_, i) => Number(i % LIGHT === 0));
      else if (count % 10 === 0) lights[b] = solveLight(view, samples);
      view.sampling.faceIndex.forEach((face, o) => {
        if (face < 0) return;
        for (let c = 0; c < 3; c++) {
          const [factor, gloss] = lightAt(view, lights[b], o, c);
          ofSamples[3 * o + c] = factor * (factor * samples[3 * o + c] + gloss - view.image[3 * o + c]);
        }
      });
      sampleUvTextureBackward(texture, view.at, ofSamples, { texture: gradient }, view.sampling);
    });
    step(gradient, 0.02 * (1 - 0.9 * count / steps));
  }
}

/** Peak signal-to-noise ratio of images over the pixels that count, under the light that suits each best, dB. */
export function litPsnr(texture: FloatImage, views: readonly LitView[]): number {
  let sum = 0, count = 0;
  for (const view of views) {
    const samples = sampleUvTexture(texture, view.at, view.sampling), light = solveLight(view, samples);
    view.sampling.faceIndex.forEach((face, o) => {
      if (face < 0) return;
      for (let c = 0; c < 3; c++) {
        const [factor, gloss] = lightAt(view, light, o, c);
        sum += (Math.min(1, Math.max(0, factor * samples[3 * o + c] + gloss)) - view.image[3 * o + c]) ** 2;
        count++;
      }
    });
  }
  return -10 * Math.log10(sum / count);
}
