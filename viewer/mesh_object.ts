/**
 * Meshes as three.js shows them.
 *
 * @module
 */
// @ts-types="@types/three"
import {
  BufferAttribute,
  BufferGeometry,
  ClampToEdgeWrapping,
  DataTexture,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  MeshStandardMaterial,
  RepeatWrapping,
  SRGBColorSpace,
} from "three";
import type { FloatImage } from "../lib/core/arrays.ts";
import { weldMesh } from "../lib/io/glb_encoder.ts";
import type { MeshArrays } from "../lib/io/mesh_arrays.ts";

/**
 * Makes what a GLB of the same mesh would show.
 *
 * @param mesh Mesh in the object frame (z up)
 * @param texture Image of the uv square in [0, 1], `[R, R, 3]`
 * @param symmetric How texture columns lie, see `GlbOptions`
 */
export function meshObject(mesh: MeshArrays, texture: FloatImage, symmetric: boolean): Mesh {
  const { height, width } = texture;
  const { positions, normals, uvs, indices } = weldMesh(mesh, height, width, symmetric);
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setAttribute("normal", new BufferAttribute(normals, 3));
  geometry.setAttribute("uv", new BufferAttribute(uvs, 2));
  geometry.setIndex(new BufferAttribute(indices, 1));
  return new Mesh(
    geometry,
    new MeshStandardMaterial({ map: imageTexture(texture), roughness: 1, metalness: 0 }),
  );
}

/** An image as a texture that repeats along u, as GLB files ask for. */
function imageTexture({ data, height, width }: FloatImage): DataTexture {
  const bytes = new Uint8Array(height * width * 4); // [H, W, 4]
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) {
      bytes[4 * i + c] = Math.min(255, Math.max(0, Math.round(255 * data[3 * i + c])));
    }
    bytes[4 * i + 3] = 255;
  }
  const texture = new DataTexture(bytes, width, height);
  texture.colorSpace = SRGBColorSpace;
  texture.wrapS = RepeatWrapping;
  texture.wrapT = ClampToEdgeWrapping;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.needsUpdate = true;
  return texture;
}
