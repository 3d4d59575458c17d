/**
 * The UV square as a flat mesh: which face each texel belongs to, and where on it.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { rasterize } from "../rendering/rasterize.ts";
import { sampleTexture } from "../rendering/texture.ts";

/** Texels inside the UV layout; the same for all photographs. */
export interface UvLayout {
  /** Rows and columns, R. */
  readonly resolution: number;
  /** Places of the covered texels in the `[R, R]` map, ascending, `[N]`. */
  readonly texels: Int32Array;
  /** Vertices at the corners of each covered texel's face, `[N, 3]`. */
  readonly corners: Int32Array;
  /** Weights of the corners, `[N, 3]`. */
  readonly barycentric: FloatArray;
}

/**
 * Rasterises the UV layout. Texel (row i, column j) has u = (j + ½)/R, v = 1 − (i + ½)/R.
 *
 * @param topology Texture coordinates and faces
 * @param resolution Rows and columns, R
 */
export function uvLayout(topology: Mesh, resolution: number): UvLayout {
  const { uvs, faces, faceUvs } = topology;
  const flat = new Float32Array(uvs.length / 2 * 3); // [U, 3]
  for (let i = 0; i < uvs.length / 2; i++) {
    flat[i * 3] = 2 * uvs[i * 2] - 1;
    flat[i * 3 + 1] = 2 * uvs[i * 2 + 1] - 1;
  }
  const { faceIndex, barycentric } = rasterize(flat, faceUvs, resolution, resolution);
  const texels = Int32Array.from(faceIndex.keys()).filter((texel) => faceIndex[texel] >= 0);
  const corners = new Int32Array(texels.length * 3); // [N, 3]
  const weights = new Float32Array(texels.length * 3); // [N, 3]
  texels.forEach((texel, n) => {
    for (let corner = 0; corner < 3; corner++) {
      corners[n * 3 + corner] = faces[faceIndex[texel] * 3 + corner];
      weights[n * 3 + corner] = barycentric[texel * 3 + corner];
    }
  });
  return { resolution, texels, corners, barycentric: weights };
}

/**
 * Projects an image onto the UV square: each texel takes the colour at the place where its point of the surface is on the
 * screen, whether or not something is in front of it.
 *
 * @param layout Texels of the UV layout
 * @param screen Screen positions (x right, y up, larger z nearer), `[V, 3]`
 * @param image Image, `[S, S, C]`, sampled bilinearly with its corner pixels' centres at the corners of the screen
 * @returns Colours, 0 outside the layout or the image, `[R, R, C]`
 */
export function projectImage(layout: UvLayout, screen: FloatArray, image: FloatImage): FloatImage {
  const { resolution, texels, corners, barycentric } = layout;
  const places = new Float32Array(texels.length * 2); // [N, 2]
  for (let n = 0; n < texels.length; n++) {
    let x = 0, y = 0;
    for (let corner = n * 3; corner < n * 3 + 3; corner++) {
      x += barycentric[corner] * screen[corners[corner] * 3];
      y += barycentric[corner] * screen[corners[corner] * 3 + 1];
    }
    places[n * 2] = (x + 1) / 2;
    places[n * 2 + 1] = (y + 1) / 2;
  }
  const samples = sampleTexture(image, places);
  const { channels } = image;
  const colours = floatImage(resolution, resolution, channels);
  texels.forEach((texel, n) => {
    for (let c = 0; c < channels; c++) colours.data[texel * channels + c] = samples[n * channels + c];
  });
  return colours;
}
