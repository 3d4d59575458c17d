/**
 * Reading meshes of one's own and saying what is wrong with them.
 *
 * @module
 */
import type { StageCallbacks } from "../core/progress.ts";
import { readMesh } from "../io/read_mesh.ts";
import { describeMesh } from "../remeshing/inspect_mesh.ts";
import { orientMesh, type UpAxis, type UserMesh } from "../remeshing/user_mesh.ts";

/** Most part names that are told. */
const TOLD_PARTS = 8;

/**
 * Reads meshes and turns them to the object frame.
 *
 * @param paths Files that end in .obj, .glb, .ply or .stl
 * @param options `up`: which axis of the files points up; null is y, for PLY and STL z; `symmetric`: whether
 *   templates shall be their own mirror images, true by default
 * @param callbacks Sentences about each mesh: what it is, what is wrong with it, what is done about it
 * @returns The meshes: z up, front at −y
 * @throws {UserError} If a file is missing or damaged
 */
export async function checkMeshes(
  paths: readonly string[],
  { up = null, symmetric = true }: { readonly up?: UpAxis | null; readonly symmetric?: boolean } = {},
  { onMessage }: StageCallbacks = {},
): Promise<UserMesh[]> {
  const meshes: UserMesh[] = [];
  for (const path of paths) {
    const axis = up ?? (/\.(ply|stl)$/i.test(path) ? "z" : "y");
    const mesh = orientMesh(await readMesh(path), axis);
    const { vertices, faces, partNames, inspection } = mesh;
    const parts = partNames.slice(0, TOLD_PARTS).join(", ") +
      (partNames.length > TOLD_PARTS ? ` and ${partNames.length - TOLD_PARTS} more` : "");
    onMessage?.(
      `${path}: ${vertices.length / 3} vertices, ${faces.length / 3} faces, parts ${parts}; ` +
        `${axis} is taken as up ('up' changes that), ${axis === "y" ? "+z" : "-y"} as the front.`,
    );
    const sentences = describeMesh(inspection, symmetric);
    if (sentences.length === 0) onMessage?.("It is one closed piece without holes, about x = 0.");
    sentences.forEach((sentence) => onMessage?.(sentence));
    meshes.push(mesh);
  }
  return meshes;
}
