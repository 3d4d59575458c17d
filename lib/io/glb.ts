/**
 * Binary glTF files.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { writeFileAtomic } from "./atomic_file.ts";
import { encodeGlbWith, type GlbOptions } from "./glb_encoder.ts";
import { encodePng } from "./image_file.ts";
import type { MeshArrays } from "./mesh_arrays.ts";

export { type GlbExtra, type GlbOptions, type WeldedMesh, weldMesh } from "./glb_encoder.ts";

/**
 * Writes a mesh as binary glTF: Y up, base colour texture embedded as PNG (sRGB), metallic 0, rough 1.
 *
 * @param path Path of the file
 * @param mesh Mesh in the object frame (z up)
 * @param texture Image of the uv square in [0, 1], `[H, W, 3]`, row 0 at v = 1
 * @param options See {@linkcode GlbOptions}
 */
export async function writeGlb(
  path: string,
  mesh: MeshArrays,
  texture: FloatImage,
  options: GlbOptions = {},
): Promise<void> {
  await writeFileAtomic(path, await encodeGlb(mesh, texture, options));
}

/**
 * The bytes that {@linkcode writeGlb} writes; equal inputs give equal bytes.
 *
 * @param mesh Mesh in the object frame (z up)
 * @param texture Image of the uv square in [0, 1], `[H, W, 3]`, row 0 at v = 1
 * @param options See {@linkcode GlbOptions}
 */
export function encodeGlb(
  mesh: MeshArrays,
  texture: FloatImage,
  options: GlbOptions = {},
): Promise<Uint8Array> {
  return encodeGlbWith(encodePng, mesh, texture, options);
}
