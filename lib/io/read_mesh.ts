/**
 * Reading a user's mesh of any supported kind.
 *
 * @module
 */
import { extname, resolve } from "@std/path";
import { messageOf, UserError } from "../core/errors.ts";
import { sizeText } from "../core/number_text.ts";
import { besideReader, MAX_FILE_BYTES } from "./beside_reader.ts";
import { foreignContent } from "./foreign_content.ts";
import { readGltf } from "./gltf_reader.ts";
import { decodeText } from "./json_file.ts";
import { type LabelledMesh, labelledMesh, MAX_MESH_ELEMENTS, UNNAMED_PART } from "./labelled_mesh.ts";
import { readObj } from "./obj.ts";
import { readPly } from "./ply.ts";
import { readStl } from "./stl.ts";

type Reader = (bytes: Uint8Array, path: string) => LabelledMesh | Promise<LabelledMesh>;

const READERS: Readonly<Record<string, Reader>> = {
  ".obj": readLabelledObj,
  ".glb": readGltfAt,
  ".gltf": readGltfAt,
  ".ply": readPly,
  ".stl": readStl,
};

/**
 * Reads a mesh.
 *
 * @param path File that ends in .obj, .glb, .gltf, .ply or .stl
 * @returns Triangles with parts, coordinates as the file holds them
 * @throws {UserError} If the file is missing, too large, of another kind or damaged
 */
export async function readMesh(path: string): Promise<LabelledMesh> {
  return await readMeshWith(path, READERS);
}

/**
 * Reads a file of a mesh by the reader of its kind.
 *
 * @param path The file
 * @param readers Readers by the end of the name
 * @throws {UserError} If the file is missing, too large, of another kind or damaged
 */
export async function readMeshWith<T>(
  path: string,
  readers: Readonly<Record<string, (bytes: Uint8Array, path: string) => T | Promise<T>>>,
): Promise<T> {
  const reader = readers[extname(path).toLowerCase()];
  if (reader === undefined) {
    const ends = Object.keys(readers).join(", ");
    throw new UserError(`Cannot read ${path} as a mesh: its name must end in ${ends}.`);
  }
  const { size } = await Deno.stat(path).catch((error) => {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : messageOf(error);
    throw new UserError(`Cannot read the mesh ${resolve(path)}: ${reason}`, { cause: error });
  });
  if (size > MAX_FILE_BYTES) {
    throw new UserError(
      `Cannot read the mesh ${path}: it has ${sizeText(size)}, more than ${sizeText(MAX_FILE_BYTES)}.`,
    );
  }
  try {
    const bytes = await Deno.readFile(path), foreign = foreignContent(bytes);
    if (foreign !== null) throw new SyntaxError(foreign);
    return await reader(bytes, path);
  } catch (error) {
    throw new UserError(`Cannot read the mesh ${path}: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * Reads an OBJ file with parts: its groups if it has two or more, else its materials, else its objects.
 *
 * @param bytes Content of the file
 * @throws {SyntaxError} If a line cannot be read
 */
export function readLabelledObj(bytes: Uint8Array): LabelledMesh {
  const { vertices, faces, names } = readObj(decodeText(bytes));
  if (faces.length / 3 > MAX_MESH_ELEMENTS) {
    throw new SyntaxError(`it has ${faces.length / 3} faces, more than ${MAX_MESH_ELEMENTS}`);
  }
  const kind = (["g", "usemtl", "o"] as const).find((naming) => new Set(names[naming]).size > 1);
  return labelledMesh(
    vertices,
    faces,
    kind === undefined ? [] : names[kind].map((name) => name || UNNAMED_PART),
  );
}

/** Reads a glTF file, whose data may lie in files of its folder. */
async function readGltfAt(bytes: Uint8Array, path: string): Promise<LabelledMesh> {
  return await readGltf(bytes, besideReader(path));
}
