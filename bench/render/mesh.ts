/**
 * Any mesh beside the sphere's renderer: the same views and texture, in turn.
 *
 * @module
 */
import {
  antialias,
  antialiasBackward,
  interpolateMesh,
  interpolateMeshBackward,
  rasterizeMesh,
  sampleUvTexture,
  sampleUvTextureBackward,
  texturedMesh,
} from "../../lib/rendering/mod.ts";
import { TextureRenderer } from "../../lib/rendering/texture_renderer.ts";
import { fastestOfKinds } from "./timing.ts";
import { TEXTURE_SIZE, type Workload } from "./workload.ts";

/** Distance of the pinhole, in which the views get their 1 / w. */
export const MESH_DISTANCE = 5;

/** Milliseconds an image, forward and backward. */
export interface MeshRound {
  /** The sphere's renderer: no perspective in texture coordinates, one map from coordinates to texels. */
  readonly sphere: number;
  /** `texturedMesh`. */
  readonly mesh: number;
  /** `rasterizeMesh`, `interpolateMesh`, `sampleUvTexture`. */
  readonly operations: number;
  /** `antialias` of the image. */
  readonly antialias: number;
}

/** A view with 1 / w, `[V, 4]`. */
export function inPerspective(view: Float32Array): Float32Array {
  return Float32Array.from({ length: view.length / 3 * 4 }, (_, i) => {
    const v = 3 * Math.floor(i / 4), distance = MESH_DISTANCE - view[v + 2];
    return i % 4 < 2 ? view[v + i % 4] : i % 4 === 2 ? -distance : 1 / distance;
  });
}

/**
 * Measures one round over all views.
 *
 * @param size Rows and columns of the images
 * @param repeats Repeats, of which the fastest counts
 */
export function measureMesh(
  { mesh, groups, texture: data }: Workload,
  size: number,
  repeats: number,
): MeshRound {
  const side = { height: TEXTURE_SIZE, width: TEXTURE_SIZE, channels: 3 }, texture = { data, ...side };
  const options = { height: size, width: size }, V = mesh.vertices.length / 3, { faces } = mesh;
  const flat = groups.flatMap(({ views }) => views), screens = flat.map(inPerspective);
  const gradient = new Float32Array(size * size * 3).fill(1e-3), image = gradient.slice();
  const ofTexture = new Float32Array(data.length),
    ofFlat = new Float32Array(2 * V),
    ofScreen = new Float32Array(4 * V);
  const sphere = new TextureRenderer(mesh, size, size, side, { symmetric: false });
  const textured = texturedMesh(mesh, options);
  const attribute = { values: mesh.uvs as Float32Array, indices: mesh.faceUvs, channels: 2 };
  const [ofSphere, ofMesh, ofOperations, ofAntialias] = fastestOfKinds(flat.length, repeats, [
    (i) => {
      sphere.forward(flat[i], data, 0, image);
      sphere.backward(gradient, ofTexture, ofFlat);
    },
    (i) => {
      textured.forward(screens[i], texture, image);
      textured.backward(gradient, { texture: ofTexture, screen: ofScreen });
    },
    (i) => {
      const view = { screen: screens[i], faces }, fragments = rasterizeMesh(screens[i], faces, options);
      const sampling = { faceIndex: fragments.faceIndex };
      const at = interpolateMesh(attribute, view, fragments), ofAt = new Float32Array(at.length);
      sampleUvTexture(texture, at, sampling);
      sampleUvTextureBackward(texture, at, gradient, { texture: ofTexture, uvs: ofAt }, sampling);
      interpolateMeshBackward(attribute, view, fragments, ofAt, { screen: ofScreen });
    },
    (i) => {
      // Image and fragments are those of the view that the second kind drew.
      const view = { screen: screens[i], faces }, drawn = { data: image, ...options, channels: 3 };
      antialias(drawn, view, textured.fragments);
      antialiasBackward(drawn, view, textured.fragments, gradient, {
        image: gradient.slice(),
        screen: ofScreen,
      });
    },
  ]);
  return { sphere: ofSphere, mesh: ofMesh, operations: ofOperations, antialias: ofAntialias };
}
