/**
 * Writing a textured mesh in the formats that other programs open.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import { type GlbOptions, writeGlb } from "./glb.ts";
import { type ObjOptions, writeObj } from "./obj.ts";
import type { MeshArrays } from "./mesh_arrays.ts";

/** File formats of meshes. */
export type MeshFormat = "glb" | "obj";

/** All file formats of meshes. */
export const MESH_FORMATS = ["glb", "obj"] as const satisfies readonly MeshFormat[];

/** Options of {@linkcode exportMesh}. */
export interface ExportMeshOptions extends Omit<GlbOptions, "convention">, Pick<ObjOptions, "legacy"> {
  /** Formats to write; `obj` writes `.obj`, `.mtl` and `.png`. */
  formats?: readonly MeshFormat[];
}

/**
 * Writes a mesh as `<path>.glb` and `<path>.obj` with material and image.
 *
 * @param mesh Mesh in the object frame (z up); all meshes of the sphere topology share its faces and uvs
 * @param texture Colours in [−1, 1] as the networks make them, `[R, R, 3]`
 * @param path Path without an extension
 * @param options See {@linkcode ExportMeshOptions}
 * @returns The paths of the files that hold a mesh
 */
export async function exportMesh(
  mesh: MeshArrays,
  texture: FloatImage,
  path: string,
  { formats = MESH_FORMATS, legacy, ...look }: ExportMeshOptions = {},
): Promise<string[]> {
  const image = toUnitColours(texture);
  const paths: string[] = [];
  for (const format of formats) {
    paths.push(`${path}.${format}`);
    if (format === "glb") await writeGlb(`${path}.glb`, mesh, image, look);
    else await writeObj(`${path}.obj`, mesh, image, { legacy });
  }
  return paths;
}
